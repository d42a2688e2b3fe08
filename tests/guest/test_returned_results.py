"""A returned `Err` is reported: a component would drop it, and the host would see a success."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guest.shops import findings
from witkit.cli.group import run

WIT = """package test:shop;
interface shop {
  type outcome = result<u8, string>;
  resource item { constructor(n: string); sell: func() -> result; find: static func() -> result<item, string>; }
  open: func() -> result<_, string>;
  wait: async func() -> result<u8, string>;
  each: func() -> result<result<u8, string>, u8>;
  other: func() -> outcome;
}
interface user { use shop.{outcome}; last: func() -> outcome; close: func(); size: func() -> u32; }
world w { export shop; export user; export go: func() -> result; }
"""
APP = """
import componentize_py_types as types
import wit_world
from componentize_py_types import Err, Ok as Good
from wit_world import exports

class Shop(exports.Shop):
    def open(self): pass
    async def wait(self): return 1
    def each(self): return Good(1)
    def other(self): return 1

class User(exports.User):
    def last(self): return Err("x")
    def close(self): pass
    def size(self): return 1

class WitWorld(wit_world.WitWorld):
    def go(self): pass
"""
ITEM = """
from componentize_py_types import Err
class Item:
    def __init__(self, n): pass
    def sell(self): pass
    @classmethod
    def find(cls): return cls("")
"""
RAISE = "but must raise it"
WRONG = {
    ("def go(self): pass", 'def go(self): return Err("x")'): f"`WitWorld.go` returns an `Err`, {RAISE}",
    ("def go(self): pass", "def go(self): return types.Err(None)"): f"`WitWorld.go` returns an `Err`, {RAISE}",
    ("def go(self): pass", "def go(self):\n        if self: return (1 if self else Err(1))"): f"an `Err`, {RAISE}",
    ("def open(self): pass", 'def open(self): return Err("x")'): f"`Shop.open` returns an `Err`, {RAISE}",
    ("def wait(self): return 1", 'def wait(self): return Err("x")'): f"`Shop.wait` returns an `Err`, {RAISE}",
    ("def wait(self): return 1", "def wait(self): return Good(1)"): "`Shop.wait` returns an `Ok`, but must return",
    ("def other(self): return 1", "def other(self): return Err(1)"): f"`Shop.other` returns an `Err`, {RAISE}",
    ("def close(self): pass", "def close(self): return Err(1)"): "`User.close` returns an `Err`, but has no error in",
    ("def size(self): return 1", "def size(self): return Good(1)"): "`User.size` returns an `Ok`, but must return",
    (
        "def go(self): pass",
        "def go(self):\n        e = Err(1)\n        return e",
    ): f"`WitWorld.go` returns an `Err`, {RAISE}",
    (
        "def go(self): pass",
        "def go(self):\n        e: object = Err(1)\n        return e",
    ): f"`WitWorld.go` returns an `Err`, {RAISE}",
    (
        "def go(self): pass",
        "def go(self):\n        if (e := types.Err(1)): return e",
    ): f"`WitWorld.go` returns an `Err`, {RAISE}",
    (
        "def go(self): pass",
        "def go(self):\n        e = None\n        if self: e = Err(1)\n        return e",
    ): f"an `Err`, {RAISE}",
    (
        "def go(self): pass",
        "def go(self):\n        e = Err(1) if self else None\n        return e",
    ): f"an `Err`, {RAISE}",
    ("def go(self): pass", "def go(self):\n        try: f()\n        except Err as e: return e"): f"an `Err`, {RAISE}",
    ("def go(self): pass", "def go(self): return self.bad()\n    def bad(self): return Err(1)"): f"an `Err`, {RAISE}",
    ("def go(self): pass", "def go(self): return bad()\ndef bad(): return Err(1)"): f"an `Err`, {RAISE}",
    (
        "def other(self): return 1",
        "def other(self):\n        v = Good(1)\n        return v",
    ): "returns an `Ok`, but must return",
    ("def go(self): pass", "def go(self):\n        e = Err(1)\n        if self: raise e\n        return e"): "",
    ("def go(self): pass", "def go(self):\n        e = f() or Err(1)\n        return e"): "",
    ("def go(self): pass", "def go(self):\n        e = Err(1)\n        e = 3\n        return e"): "",
    ("def go(self): pass", "def go(self, e=Err(1)):\n        return e"): "",
    ("def go(self): pass", "def go(self):\n        e = Err(1)\n        for e in f(): pass\n        return e"): "",
    (
        "def go(self): pass",
        "def go(self):\n        e = Err(1)\n        if isinstance(e, Err): return None\n        return e",
    ): "",
    ("def go(self): pass", "def go(self): return bad()\ndef bad(x): return Err(1) if x else None"): "",
    ("def go(self): pass", 'def go(self): raise Err("x")'): "",
    ("def go(self): pass", "def go(self): return Good(None)"): "",
    ("def go(self): pass", "def go(self):\n        def f(): return Err(1)"): "",
    ("def go(self): pass", "def go(self): return Other(1)"): "",
    ("def each(self): return Good(1)", 'def each(self): return Err("x")'): "",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "wit").mkdir()
    (tmp_path / "wit" / "shop.wit").write_text(WIT)
    (tmp_path / "shop.py").write_text(ITEM)
    return tmp_path


def _refused(project: Path, text: str) -> list[tuple[str, str]]:
    (project / "app.py").write_text(text)
    return findings(project)


@pytest.mark.parametrize("change", WRONG)
def test_a_result_that_is_returned_and_not_raised_is_reported(change: tuple[str, str], project: Path) -> None:
    assert change[0] in APP
    found = _refused(project, APP.replace(*change))
    if wanted := WRONG[change]:
        ((code, message),) = found
        assert code == "WIT0776"
        assert wanted in message
    else:
        assert found == []


def test_functions_of_a_resource_raise_too(project: Path) -> None:
    text = ITEM.replace("sell(self): pass", "sell(self): return Err(None)").replace('cls("")', 'Err("x")')
    (project / "shop.py").write_text(text)
    assert _refused(project, APP) == [
        ("WIT0776", "`Item.sell` returns an `Err`, but must raise it"),
        ("WIT0776", "`Item.find` returns an `Err`, but must raise it"),
    ]


def test_the_line_is_shown_with_what_to_write(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "app.py").write_text(APP.replace("def go(self): pass", "def go(self):\n        return Err(1)"))
    assert run(["run", "--invoke", "go", str(project / "app.py")]) == 1
    said = capsys.readouterr().err
    assert "return Err(1)" in said
    assert "write `raise` in place of `return`" in said
