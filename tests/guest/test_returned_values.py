"""A guest that gives a value of another kind gets a message with the place and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.cli.group import run

WIT = """package test:returned;
interface shop { resource item { constructor(); get: func() -> result<u32, string>; } make: func() -> item; }
world w {
  export shop;
  record point { x: u32, y: u32 }
  enum color { red, green }
  flags perm { r, w, x }
  export paint: func(how: string) -> color;
  export allow: func(how: string) -> perm;
  export pair: func(how: string) -> tuple<u8, u8>;
  export find: func(how: string) -> result<point, string>;
  export count: func(how: string) -> u32;
  export save: func(how: string) -> result<_, string>;
  export finish: func(how: string);
}
"""
APP = """
from componentize_py_types import Err, Ok, Some
import wit_world

class Shop:
    def make(self): ...

class WitWorld(wit_world.WitWorld):
    def find(self, how):
        return {"ok": Ok(wit_world.Point(1, 2)), "err": Err("no"), "dict": {"x": 1, "y": 2}, "tuple": (1, 2),
                "some": Some(wit_world.Point(1, 2)), "class": wit_world.Point}[how]

    def count(self, how):
        if how == "raise":
            raise Err("no")
        return [Ok(3)][0]

    def paint(self, how):
        return {"text": "red", "class": wit_world.Color}[how]

    def allow(self, how):
        return {wit_world.Perm.R}

    def pair(self, how):
        return [1, 2]

    def save(self, how):
        return [Err("no")][0]

    def finish(self, how):
        return [Err("no")][0]
"""
MISTAKES = {
    ("find", "ok"): (9, "the result of `find` must be Point (it has no `x`), not Ok: use the value without `Ok`"),
    ("find", "err"): (9, "must be Point (it has no `x`), not Err: raise the `Err`, do not return it"),
    ("find", "dict"): (9, "must be Point, made as `Point(x=…, y=…)`, not dict"),
    ("find", "tuple"): (9, "must be Point, made as `Point(x=…, y=…)`, not tuple"),
    ("find", "some"): (9, "must be Point (it has no `x`), not Some: use the value without `Some`"),
    ("find", "class"): (9, "must be Point (it has no `x`), not type: `Point` is a class, use an object of it"),
    ("paint", "text"): (18, "must be Color, such as `Color.RED`, not str"),
    ("paint", "class"): (18, "not EnumType: `Color` is a class, use an object of it"),
    ("allow", "set"): (21, "must be Perm, such as `Perm.R | Perm.W`, not set"),
    ("pair", "list"): (24, "must be a tuple of 2, not list"),
    ("save", ""): (
        27,
        "the result of `save` must be None, not Err: raise the `Err`, do not return it; a component would",
    ),
    ("finish", ""): (
        30,
        "the result of `finish` must be None, not Err: the function has no error in WIT; a component would",
    ),
    ("count", "return"): (13, "the result of `count` must be int, not Ok: use the value without `Ok`"),
    ("count", "raise"): (15, "`count` raised Err: no, and has no error in WIT"),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "wit").mkdir()
    (tmp_path / "wit" / "w.wit").write_text(WIT)
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "shop.py").write_text("class Item:\n    def __init__(self): ...\n    def get(self): return 1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("name", "how"), MISTAKES)
def test_a_value_of_another_kind_is_reported_with_its_function(
    name: str, how: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", "--invoke", name, "app.py", how]) == 1
    said = capsys.readouterr().err
    number, message = MISTAKES[name, how]
    assert message in said
    assert f"app.py:{number}:" in said
    assert said.count("error[") == 1
