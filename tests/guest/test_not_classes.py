"""What cannot be called in place of an export's class is reported before the build."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guest import shops
from tests.guest.shops import RESOURCES, findings, problems

APP = (
    shops.APP.replace("class WitWorld(wit_world.WitWorld)", "class World")
    + """
class Maker:
    def __call__(self, *_): return World()
"""
)


NOT_CLASSES = {
    "WitWorld = 3": "`WitWorld` is `3`, but must be a class: it implements the functions that the world exports",
    "WitWorld: object = {}": "`WitWorld` is `{}`, but must be",
    "WitWorld = World()": "`WitWorld` is an object of `World`, but",
    "import sys as WitWorld": "`WitWorld` is a module, but",
    "def WitWorld(): pass": "`WitWorld` is a function, but",
    "def WitWorld(what): return World()": "`WitWorld` is a function, but",
    "async def WitWorld(): return World()": "`WitWorld` is an `async` function, but",
    "WitWorld = lambda what: what": "`WitWorld` is a function, but",
    "def WitWorld(): return World()": "",
    "WitWorld = lambda: World()": "",
    "WitWorld = World": "",
    "WitWorld = 3\nWitWorld = World": "",
    "WitWorld = None\nif World: WitWorld = World": "",
    "WitWorld = Maker()": "",
    "@Maker()\ndef WitWorld(): pass": "",
}


@pytest.mark.parametrize("statement", NOT_CLASSES)
def test_what_is_not_a_class_is_reported_in_its_place(statement: str, project: Path) -> None:
    (project / "app.py").write_text(f"{APP}\n{statement}\n")
    found = findings(project)
    assert [code for code, _ in found] == ["WIT0778"] * bool(NOT_CLASSES[statement])
    assert all(NOT_CLASSES[statement] in message for _, message in found)


@pytest.mark.parametrize("statement", ["Item = None", "import json as Item"])
def test_the_class_of_a_resource_may_be_no_value(statement: str, project: Path) -> None:
    (project / "shop.py").write_text(statement)
    ((code, message),) = findings(project)
    assert code == "WIT0778"
    assert "must be a class: it implements the exported resource" in message


def test_a_function_may_make_the_objects_of_a_resource(project: Path) -> None:
    (project / "shop.py").write_text(RESOURCES.replace("class Item", "class Made") + "\ndef Item(n): return Made(n)\n")
    assert findings(project) == []


RENAMED = {
    "def Go(self, what): return what": "rename `Go` to `go`",
    "def goo(self, what): return what": "rename `goo` to `go`",
    "def _go(self, what): return what": "a class must have all functions of its export",
    "def start(self, what): return what": "a class must have all functions of its export",
}


@pytest.mark.parametrize("function", RENAMED)
def test_a_function_with_a_similar_name_may_be_the_one_that_is_lacking(function: str, project: Path) -> None:
    (project / "app.py").write_text(f"{APP}\nclass WitWorld:\n    {function}\n")
    assert [(problem.code, problem.help) for problem in problems(project)] == [("WIT0758", RENAMED[function])]
