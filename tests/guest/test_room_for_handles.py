"""The class of a resource whose objects cannot have a handle is reported before the build."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guest.shops import RESOURCES, findings, write

ROOM = {
    "__slots__ = ('n',)": False,
    "__slots__ = 'n'": False,
    "__slots__ = ()": False,
    "__slots__ = ['n', '__dict__', '__weakref__']": True,
    "__slots__ = SLOTS": True,
}


@pytest.mark.parametrize("slots", ROOM)
def test_an_object_of_a_resource_has_room_for_its_handle(slots: str, project: Path) -> None:
    write(
        project / "shop.py",
        f"SLOTS = '__dict__', '__weakref__'\n{RESOURCES.replace('Item:', f'Item:{chr(10)}    {slots}')}",
    )
    assert [code for code, _ in findings(project)] == ([] if ROOM[slots] else ["WIT0768"])


FROZEN = {
    "@dataclass(frozen=True)\nclass Item:\n    n: str": True,
    "@dataclass(frozen=True, slots=True)\nclass Item:\n    n: str": True,
    "@dataclass(frozen=True)\nclass Item(shop.Item):\n    n: str": True,
    "@dataclass(frozen=False)\nclass Item:\n    n: str": False,
    "@dataclass(frozen=FROZEN)\nclass Item:\n    n: str": False,
    "@dataclass(frozen=True)\nclass Base:\n    n: str\nclass Item(Base):\n    ...": False,
}


@pytest.mark.parametrize("start", FROZEN)
def test_a_frozen_dataclass_cannot_have_a_handle(start: str, project: Path) -> None:
    imports = "from dataclasses import dataclass\nfrom wit_world.exports import shop\nFROZEN = False\n"
    made = RESOURCES.replace("class Item:\n    def __init__(self, n): pass", start)
    write(project / "shop.py", imports + made)
    assert [code for code, _ in findings(project)] == (["WIT0768"] if FROZEN[start] else [])


def test_a_base_without_slots_has_room_and_a_dataclass_may_have_none(project: Path) -> None:
    slotted = RESOURCES.replace("class Item:", "class Item(Base):\n    __slots__ = ()")
    write(project / "shop.py", f"class Base: ...\n{slotted}")
    assert findings(project) == []
    write(project / "shop.py", f"class Base:\n    __slots__ = ()\n{slotted}")
    assert [code for code, _ in findings(project)] == ["WIT0768"]
    made = RESOURCES.replace(
        "class Item:\n    def __init__(self, n): pass", "@dataclass(slots=True)\nclass Item:\n    n: str"
    )
    write(project / "shop.py", f"from dataclasses import dataclass\n{made}")
    assert [code for code, _ in findings(project)] == ["WIT0768"]
