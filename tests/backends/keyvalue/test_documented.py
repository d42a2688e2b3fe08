"""`docs/capabilities/key-value.md` has the settings and limits that the backends declare."""

from __future__ import annotations

from dataclasses import MISSING
from pathlib import Path

import pytest

from witkit.backends.backend import Backend
from witkit.backends.settings import DeclaredSetting, declared
from witkit.backends.table import CAPABILITIES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "capabilities" / "key-value.md"
OWN = ("sqlite", "filesystem", "memory", "redis", "nats", "postgresql")
"""The backends whose settings the page has in full."""


def row(backend: str, setting: DeclaredSetting) -> str:
    default = f"`{setting.default}` " if setting.default not in ("", MISSING) else ""
    return f"| `{setting.name}` | `{backend}` | {default}| {setting.doc} |"


def test_the_page_has_every_setting_and_no_other() -> None:
    text = PAGE.read_text(encoding="utf-8")
    expected = [
        row(name, setting) for name in OWN for setting in declared(CAPABILITIES["key-value"].backend(name).settings)
    ]
    settings = text.partition("\n## Settings\n")[2].partition("\n## ")[0]
    assert sorted(line for line in settings.splitlines() if line.startswith("| `")) == sorted(expected)


def test_the_page_has_every_backend() -> None:
    beginning = PAGE.read_text(encoding="utf-8").partition("\n## ")[0]
    for name in CAPABILITIES["key-value"].backends:
        assert f"\n| `{name}`" in beginning


@pytest.mark.parametrize("name", ["redis", "nats", "postgresql", "s3", "azure"])
def test_the_page_has_the_limits(name: str) -> None:
    backend = CAPABILITIES["key-value"].backend(name)
    assert isinstance(backend, Backend)
    limits = backend.limits
    table = PAGE.read_text(encoding="utf-8").partition("\n## Limits\n")[2].partition("\n## ")[0]
    (line,) = (line for line in table.splitlines() if line.startswith("| ") and f"`{name}`" in line)
    for limit, cell in zip((limits.name, limits.key, limits.value), line.split("|")[2:5], strict=True):
        assert (f"{limit:,}" in cell) if limit else not cell.strip()
