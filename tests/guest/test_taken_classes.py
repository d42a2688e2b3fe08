"""A class that a guest imports from another of its modules is held to its export as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guest.shops import APP, RESOURCES, findings, write

TAKEN = {
    "from impl.shops import Shop": True,
    "from impl.shops import exports, Shop as Shop": True,
    "from impl.shops import Shop\nShop = decorated(Shop)": False,
    "try:\n    from impl.shops import Shop\nexcept ImportError:\n    from other import Shop": False,
    "from impl.shops import *": True,
    "from impl.shops import *\nfrom impl.other import *": False,
    "from impl import shops\nShop = shops.Shop": True,
    "import impl.shops\nShop = impl.shops.Shop": True,
    "from impl.shops import Shop as Store\nShop = Store": True,
    "from impl.again import Shop": True,
    "from impl.round import Shop": False,
    "Shop = Shop": False,
    "import impl.shops\nShop = impl.shops.made()": False,
}


@pytest.mark.parametrize("line", TAKEN)
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (("def list_all(self): return []", ""), "WIT0758"),
        (("def list_all(self)", "def list_all()"), "WIT0763"),
        (("def list_all(self): return []", "def list_all(self): yield 1"), "WIT0763"),
        (("def open(self): pass", "def open(self): pass\n    def __init__(self, x): pass"), "WIT0759"),
        (("", ""), None),
    ],
)
def test_a_class_from_another_module_of_the_guest_is_judged_there(
    line: str, wrong: tuple[str, str], code: str | None, project: Path
) -> None:
    shop, world = APP.split("class WitWorld")
    write(project / "app.py", f"import wit_world\n{line}\nclass WitWorld{world}")
    write(project / "impl" / "shops.py", shop.replace(*wrong))
    write(project / "impl" / "again.py", "from .shops import Shop as Store\nShop: type = Store")
    write(project / "impl" / "other.py", "globals()")
    write(project / "impl" / "round.py", "from .round import Shop")
    found = [each for each, _ in findings(project)]
    assert found == ([code] if code and TAKEN[line] else [])


def test_the_class_of_a_resource_may_come_from_another_module(project: Path) -> None:
    write(project / "shop.py", "from impl.items import Item")
    write(project / "impl" / "items.py", RESOURCES.replace("def price", "def prize"))
    assert findings(project) == [("WIT0758", "class `Item` lacks `price`")]


OTHERS = {
    "from impl.items import Thing as Item": "class `Thing` lacks `price`",
    "from impl.items import *\nItem = Thing": "class `Thing` lacks `price`",
    "from wit_world.exports.shop import Item": "class `Item` lacks `__init__`, `price`, `find`",
    "from wit_world.exports import shop\nItem = shop.Item": "class `Item` lacks `__init__`, `price`, `find`",
    "import wit_world\nItem = wit_world.exports.shop.Item": "class `Item` lacks `__init__`, `price`, `find`",
    "from impl.items import Thing\nItem = Thing\nif Thing: Item = object": None,
    "from impl.items import Thing as Item\ndef change():\n    global Item": None,
}


@pytest.mark.parametrize("statement", OTHERS)
def test_a_class_with_another_name_and_a_protocol_itself_are_judged(statement: str, project: Path) -> None:
    write(project / "shop.py", statement)
    write(project / "impl" / "items.py", RESOURCES.replace("Item", "Thing").replace("def price", "def prize"))
    assert findings(project) == ([("WIT0758", OTHERS[statement])] if OTHERS[statement] else [])


NO_ROOM = "objects of `Item` cannot become resources: a named tuple does not have an attribute for their handle"
METHODS = RESOURCES.split("def __init__(self, n): pass\n")[1]
BASES = {
    "from typing import NamedTuple\nclass Item(NamedTuple):\n    n: str": ("WIT0768", NO_ROOM),
    "import typing as t\nclass Item(t.NamedTuple):\n    n: str": ("WIT0768", NO_ROOM),
    "from typing import NamedTuple\nclass N(NamedTuple):\n    n: str\nclass Item(N):": None,
    "from abc import ABC, abstractmethod\nclass Item(ABC):\n    def __init__(self, n): pass\n    @abstractmethod": (
        "WIT0758",
        "class `Item` lacks `price`",
    ),
    "import abc\nclass Item(metaclass=abc.ABCMeta):\n    def __init__(self): pass": (
        "WIT0763",
        "`Item.__init__` takes 0 arguments, but gets 1",
    ),
    "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass Item(Generic[T]):\n    def __init__(self): pass": (
        "WIT0763",
        "`Item.__init__` takes 0 arguments, but gets 1",
    ),
    "class Item(metaclass=Made):\n    def __init__(self): pass": None,
}


@pytest.mark.parametrize("start", BASES)
def test_a_class_is_judged_with_bases_that_python_has(start: str, project: Path) -> None:
    write(project / "shop.py", f"{start}\n{METHODS}")
    expected = BASES[start]
    assert findings(project) == ([expected] if expected else [])
