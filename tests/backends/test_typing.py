"""Type checkers know what `witkit.backends.open` gives, and where it may go."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import get_args, get_overloads, get_type_hints

from tests.bindgen.worlds import tool
from tests.judged import judged
from witkit.backends import connection
from witkit.backends.table import CAPABILITIES

PROGRAM = """
import witkit.backends
from orders import OrdersComponent

component = OrdersComponent.load("orders.wasm")
with witkit.backends.open("key-value", "sqlite", path="orders.db") as stores:
    value: bytes = stores.Keyvalue.open("orders").get("stock/tea")
    print(stores.location)
    component.instantiate(keyvalue=stores)
with witkit.backends.open("sql") as databases:
    component.instantiate(keyvalue=databases)  # another interface
    databases.nothing  # no such attribute
"""


def test_a_connection_has_the_attributes_of_its_interface_and_goes_where_that_is_imported(
    tmp_path: Path, repository: Path
) -> None:
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    shutil.copytree(repository / "examples" / "orders" / "orders", tmp_path / "orders")
    checked = judged(tool("mypy"), "--strict", "--config-file=", "program.py", cwd=tmp_path, findings=True)
    found = [line.partition(": error: ") for line in checked.stdout.splitlines() if ": error: " in line]
    assert [place for place, _, _ in found] == ["program.py:11", "program.py:12"], checked.stdout
    assert 'incompatible type "Databases"' in found[0][2]
    assert 'has no attribute "nothing"' in found[1][2]


def test_every_capability_is_known_to_type_checkers() -> None:
    from witkit.backends import typed

    hints = [get_type_hints(each, {**vars(connection), "typed": typed}) for each in get_overloads(connection.open)]
    known = {get_args(hint["capability"])[0]: hint["return"] for hint in hints if hint["capability"] is not str}
    assert known.keys() == CAPABILITIES.keys()
    assert len(set(known.values())) == len(known)
