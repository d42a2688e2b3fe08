"""A package where one of its interfaces or worlds is needed: one finding, which offers them."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.ir import Loaded, load

MESSAGING = """package acme:messaging@0.3.0;
interface consumer { type t = u8; }
interface producer { f: func(); }
world both { import producer; }
"""
INTERFACES = "name one of its interfaces: `acme:messaging/consumer@0.3.0`, `acme:messaging/producer@0.3.0`"
WORLDS = "name one of its worlds: `acme:messaging/both@0.3.0`"
MENTIONS = {
    "world w { import acme:messaging@0.3.0; }": ("a world imports and exports interfaces", INTERFACES),
    "world w { export acme:messaging@0.3.0; }": ("a world imports and exports interfaces", INTERFACES),
    "world w { import m: acme:messaging@0.3.0; }": ("a world imports and exports interfaces", INTERFACES),
    "world w { import acme:messaging; }": ("a world imports interfaces", INTERFACES),
    "world w { export acme:messaging; }": ("a world exports interfaces", INTERFACES),
    "world w { include acme:messaging@0.3.0; }": ("`include` takes a world", WORLDS),
    "world w { include acme:messaging; }": ("`include` takes a world", WORLDS),
    "world w { include acme:messaging@0.3.0 with { a as b } }": ("`include` takes a world", WORLDS),
    "interface i { use acme:messaging@0.3.0.{t}; f: func(a: t) -> t; }": ("`use` takes an interface", INTERFACES),
    "interface i { use acme:messaging.{t as s}; type u = s; }": ("`use` takes an interface", INTERFACES),
    "use acme:messaging@0.3.0;": ("`use` takes an interface", INTERFACES),
    "use acme:messaging as m; interface i { use m.{t}; }": ("`use` takes an interface", INTERFACES),
}


def read(folder: Path, text: str) -> Loaded:
    (folder / "deps").mkdir()
    (folder / "deps" / "messaging.wit").write_text(MESSAGING)
    (folder / "a.wit").write_text(f"package a:b;\n{text}\n")
    return load(folder)


@pytest.mark.parametrize("text", MENTIONS)
def test_what_the_package_has_is_offered(text: str, tmp_path: Path) -> None:
    (found,) = read(tmp_path, text).diagnostics
    takes, help = MENTIONS[text]
    assert (found.message, found.help) == (f"`acme:messaging` is a package, and {takes}", help)
    assert found.primary is not None
    assert found.primary.text == "messaging"


def test_a_package_that_is_not_there_is_one_finding_too(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "world w { import acme:storage@0.3.0; }").diagnostics
    assert found.help == "name what is meant of it: `acme:storage/name@0.3.0`"


def test_an_interface_under_a_label_is_not_a_package(tmp_path: Path) -> None:
    assert read(tmp_path, "interface messaging {} world w { import acme: messaging; }").is_clean
