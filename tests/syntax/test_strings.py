"""Strings: escapes are those of WebAssembly's text format, where `\\hh` is a byte of UTF-8 (wasm-tools 1.262)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ir.conftest import reference
from witkit.ir import load
from witkit.ir.show.wit import to_wit
from witkit.syntax.strings import quote, unquote

VALUES = {
    r"\c3\a9": "é",
    r"\C3\A9": "é",
    r"\e2\82\ac": "€",
    r"\f0\9f\98\80": "😀",
    r"é\c3\a9\u{e9}": "ééé",
    r"\41\u{42}C": "ABC",
    r"\u{1F600}": "😀",
    r"\u{1_f6_00}": "😀",
    r"\u{1__2}": "\x12",
    r"\u{" + "0" * 5000 + "41}": "A",
    r"\u{10ffff}": "\U0010ffff",
    r"\00\7f\u{202e}": "\0\x7f\u202e",
    r"\t\n\r\"\'\\": "\t\n\r\"'\\",
    r"\\c3": r"\c3",
    "/* x */ // y": "/* x */ // y",
    "": "",
}
REFUSED = {
    r"\c3": (1, r"`\c3` is not UTF-8"),
    r"ok \ff": (4, r"`\ff` is not UTF-8"),
    r"\41\c3\28": (4, r"`\c3` is not UTF-8"),
    r"\ed\a0\80": (1, "is not UTF-8"),  # a surrogate
    r"\c0\80": (1, "is not UTF-8"),  # longer than need be
    r"\f4\90\80\80": (1, "is not UTF-8"),  # beyond the last character
    r"\c3x\a9": (1, r"`\c3` is not UTF-8"),
    r"\c3\u{a9}": (1, r"`\c3` is not UTF-8"),
    r"\u{d800}": (1, "U+D800 is not a character"),
    r"\u{110000}": (1, "U+110000 is not a character"),
    r"\u{" + "1" * 5000 + "}": (1, "U+111111111111… is not a character"),
    r"\u{}": (1, r"`\u` needs a code point in braces"),
    r"\u{_1}": (1, r"`\u` needs a code point in braces"),
    r"\u{1_}": (1, r"`\u` needs a code point in braces"),
    r"\u41": (1, r"`\u` needs a code point in braces"),
    r"\u{41": (1, r"`\u` needs a code point in braces"),
    r"\0": (1, r"`\0` is not an escape"),
    r"C:\Users\x": (3, r"`\U` is not an escape"),
    "a\tb": (2, "a tab is not allowed in a string"),
    "a\rb": (2, "a carriage return is not allowed in a string"),
    "a\u202eb": (2, "U+202E changes the direction"),
}


def package(string: str) -> str:
    return f'package a:b;\ninterface i {{\n@external-id("{string}") f: func(); }}\n'


@pytest.mark.parametrize("string", VALUES, ids=ascii)
def test_a_string_has_the_value_that_wasm_tools_gives_it(string: str, tmp_path: Path) -> None:
    path = tmp_path / "p.wit"
    path.write_text(package(string), encoding="utf-8")
    loaded = load(path)
    assert loaded.resolve is not None, loaded.diagnostics
    assert loaded.resolve.interfaces[0].functions["f"].external_id == VALUES[string]
    answer = json.loads(reference("component", "wit", path, "--json").stdout)
    assert answer["interfaces"][0]["functions"]["f"]["external_id"] == VALUES[string]


@pytest.mark.parametrize("string", REFUSED, ids=ascii)
def test_a_string_that_means_nothing_is_one_finding(string: str, findings: Callable[[str], list[str]]) -> None:
    column, message = REFUSED[string]
    (found,) = findings(package(string))
    assert found.startswith(f"3:{len('@external-id(') + 1 + column} ")
    assert message in found


@pytest.mark.parametrize("string", REFUSED, ids=ascii)
def test_wasm_tools_refuses_it_at_the_same_line(string: str, tmp_path: Path) -> None:
    path = tmp_path / "p.wit"
    path.write_text(package(string), encoding="utf-8", newline="")
    refused = reference("component", "wit", path, "--json")
    assert refused.returncode == 1
    assert "p.wit:3:" in refused.stderr


@pytest.mark.parametrize("string", VALUES, ids=ascii)
def test_canonical_text_quotes_the_value(string: str, tmp_path: Path) -> None:
    assert unquote(quote(VALUES[string])) == VALUES[string]
    path = tmp_path / "p.wit"
    path.write_text(package(string), encoding="utf-8")
    loaded = load(path)
    assert loaded.resolve is not None
    path.write_text(to_wit(loaded.resolve, loaded.written), encoding="utf-8")
    again = load(path)
    assert again.resolve is not None, again.diagnostics
    assert again.resolve.interfaces[0].functions["f"].external_id == VALUES[string]
