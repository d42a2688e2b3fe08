"""The pages of capabilities have everything that can be chosen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from witkit.backends.backend import Backend
from witkit.backends.settings import declared
from witkit.backends.table import CAPABILITIES

PAGES = Path(__file__).resolve().parents[2] / "docs" / "capabilities"


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_the_page_of_a_capability_names_its_backends_and_their_settings(capability: str) -> None:
    page = (PAGES / f"{capability}.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([\w-]+\.md)", page)
    page += "".join((PAGES / name).read_text(encoding="utf-8") for name in linked)
    for name in CAPABILITIES[capability].backends:
        backend = CAPABILITIES[capability].backend(name)
        assert isinstance(backend, Backend)
        wanted = [name, *(setting.name for setting in declared(backend.settings))]
        assert [each for each in wanted if f"`{each}`" not in page] == []
