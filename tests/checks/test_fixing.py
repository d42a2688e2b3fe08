"""Fixes are applied until nothing is left to fix, and none of them breaks a package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from witkit.checks import Settings
from witkit.checks import run as running
from witkit.checks.checked import Checked
from witkit.checks.context import Context
from witkit.checks.fixing import fix
from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.checks.settings import RuleChoice
from witkit.ir import Loaded, load
from witkit.syntax import nodes
from witkit.text import Edit, Fix, Span

USES = """package test:shop;

interface types {
  type cents = u32;
  type article = string;
  type place = string;
}

interface prices {
  use types.{cents, article, place};
  /// The price of all.
  price: func() -> cents;
}
"""


def load_with(folder: Path, texts: Mapping[str, str]) -> Loaded:
    return load(folder, texts=texts)


def fixed(folder: Path, text: str, settings: Settings, *, unsafe: bool = False) -> Checked:
    (folder / "shop.wit").write_bytes(text.encode())
    return fix(partial(load_with, folder), settings, unsafe=unsafe)


def text_of(done: Checked) -> str:
    (text,) = done.texts.values()
    return text


def test_fixes_that_touch_are_made_one_after_the_other(tmp_path: Path) -> None:
    done = fixed(tmp_path, USES, Settings())
    assert (done.count, done.found) == (2, ())
    assert "  use types.{cents};\n" in text_of(done)


def test_a_use_of_nothing_goes_with_its_comment(tmp_path: Path) -> None:
    text = USES.replace("-> cents", "-> u32").replace("  use", "  // Of money.\n  use")
    done = fixed(tmp_path, text, Settings())
    assert (done.count, done.found) == (1, ())
    assert "interface prices {\n  /// The price of all.\n" in text_of(done)


def test_nothing_on_disk_changes(tmp_path: Path) -> None:
    fixed(tmp_path, USES, Settings())
    assert (tmp_path / "shop.wit").read_text(encoding="utf-8") == USES


def test_an_unsafe_fix_is_made_only_if_it_is_wanted(tmp_path: Path) -> None:
    text = "package test:shop@1.0.0;\n\ninterface prices {\n}\n"
    wasi = Settings(preset="wasi")
    assert fixed(tmp_path, text, wasi).texts == {}
    assert "@since(version = 1.0.0)\ninterface prices {" in text_of(fixed(tmp_path, text, wasi, unsafe=True))


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    text = "package test:shop@1.0.0;\r\n\r\ninterface prices {\r\n}\r\n"
    done = fixed(tmp_path, text, Settings(preset="wasi"), unsafe=True)
    assert text_of(done).count("\n") == text_of(done).count("\r\n") == 5


def test_a_syntax_error_is_repaired_only_with_unsafe_fixes(tmp_path: Path) -> None:
    text = "package test:shop;\n\ninterface prices {\n  record price { cents u32 }\n}\n"
    assert fixed(tmp_path, text, Settings()).texts == {}
    assert "cents: u32" in text_of(fixed(tmp_path, text, Settings(), unsafe=True))


def _breaks(interface: nodes.Interface, context: Context) -> Iterator[Finding]:
    end = Span(interface.span.source, interface.span.end - 1, interface.span.end)
    yield Finding(interface.name.span, f"`{interface.name.name}` ends", fix=Fix("open it", (Edit(end, ""),)))


def test_a_fix_that_breaks_the_package_is_left_out_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = Rule(
        code="WIT1999",
        name="broken",
        category="names",
        presets=MINIMAL,
        on=(nodes.Interface,),
        check=_breaks,
        doc="",
        fix="safe",
    )
    monkeypatch.setattr(running, "LISTED", (rule,))
    done = fixed(tmp_path, USES, Settings(choices=(RuleChoice(select=("broken",)),)))
    assert (done.texts, done.count) == ({}, 0)
    assert [d.code for d in done.found] == ["WIT1999", "WIT1999", "WIT1091", "WIT1091"]
