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
    "from impl.shops import *": False,
    "from impl import shops\nShop = shops.Shop": False,
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
    found = [each for each, _ in findings(project)]
    assert found == ([code] if code and TAKEN[line] else [])


def test_the_class_of_a_resource_may_come_from_another_module(project: Path) -> None:
    write(project / "shop.py", "from impl.items import Item")
    write(project / "impl" / "items.py", RESOURCES.replace("def price", "def prize"))
    assert findings(project) == [("WIT0758", "class `Item` lacks `price`")]
