"""A user's program against a generated package: what is right passes the type checkers, what is wrong does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bindgen.worlds import tool
from tests.generated import write
from tests.judged import judged
from witkit.bindgen import generate
from witkit.ir import load

PROGRAM = """
from __future__ import annotations

from orders import Err, OrdersComponent, keyvalue


class Memory:
    class Keyvalue:
        def __init__(self) -> None:
            self.data: dict[str, bytes] = {}

        @classmethod
        def open(cls, name: str) -> Memory.Keyvalue:
            return cls()

        def get(self, key: str) -> bytes:
            if key not in self.data:
                raise Err(keyvalue.KeyvalueError_KeyNotFound(key))
            return self.data[key]

        def set(self, key: str, value: bytes) -> None:
            self.data[key] = value

        def keys(self) -> list[str]:
            return sorted(self.data)

        def delete(self, key: str) -> None:
            self.data.pop(key, None)


def total(path: str) -> int:
    component = OrdersComponent.load(path)
    with component.instantiate(keyvalue=Memory()) as orders:
        cents = [product.price_cents for product in orders.catalog.products()]
        return orders.place("tea", 2).total_cents + sum(cents)
"""

MISTAKES = {
    "a-method-is-missing": ("        def keys(self) -> list[str]:\n            return sorted(self.data)\n", ""),
    "a-value-is-of-the-wrong-type": ("value: bytes", "value: str"),
    "an-import-is-not-given": ("keyvalue=Memory()", ""),
    "an-argument-is-of-the-wrong-type": ('"tea", 2', '"tea", "2"'),
    "a-field-does-not-exist": ("total_cents", "total"),
}


@pytest.fixture(scope="module")
def folder(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the orders example, and a folder to put programs in."""
    folder = tmp_path_factory.mktemp("typing")
    write(generate(load(repository / "examples" / "orders" / "wit").world("orders"), "host"), folder)
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    for name, (right, wrong) in MISTAKES.items():
        assert right in PROGRAM
        (folder / f"{name.replace('-', '_')}.py").write_text(PROGRAM.replace(right, wrong), encoding="utf-8")
    settings = {"typeCheckingMode": "strict", "extraPaths": [str(repository)], "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    (folder / "mypy.ini").write_text(f"[mypy]\nstrict = True\nmypy_path = {repository}\n", encoding="utf-8")
    return folder


def test_mypy_and_pyright_accept_an_implementation_and_a_call(folder: Path) -> None:
    for command in ((tool("mypy"), "program.py"), (tool("pyright"), "program.py")):
        done = judged(*command, cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_finds_every_mistake(folder: Path) -> None:
    files = [f"{name.replace('-', '_')}.py" for name in MISTAKES]
    done = judged(tool("mypy"), *files, cwd=folder, findings=True)
    assert {line.partition(":")[0] for line in done.stdout.splitlines() if ": error: " in line} == set(files), (
        done.stdout
    )
