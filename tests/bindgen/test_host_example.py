"""A program as its author writes it, against a generated package: `load`, `instantiate`, typed calls, typed errors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bindgen.worlds import run, tool
from tests.judged import judged
from tests.runtime import guests, python_guests

WIT = """
package example:orders@0.1.0;

interface keyvalue {
  variant keyvalue-error { key-not-found(string), io-error(string) }
  resource store {
    open: static func(name: string) -> result<store, keyvalue-error>;
    get: func(key: string) -> result<list<u8>, keyvalue-error>;
  }
}

interface catalog {
  resource item {
    constructor(name: string);
    price: func() -> u32;
  }
}

world orders {
  import keyvalue;
  use keyvalue.{keyvalue-error};
  record receipt { item: string, quantity: u32 }
  export catalog;
  export place: func(item: string, quantity: u32) -> result<receipt, keyvalue-error>;
}
"""

# `place` looks the item up in the store; the price of an item is 100 for each letter of its name.
WAT = f"""
(module
  (import "example:orders/keyvalue@0.1.0" "[static]store.open" (func $open (param i32 i32 i32)))
  (import "example:orders/keyvalue@0.1.0" "[method]store.get" (func $get (param i32 i32 i32 i32)))
  (import "example:orders/keyvalue@0.1.0" "[resource-drop]store" (func $drop (param i32)))
  (import "[export]example:orders/catalog@0.1.0" "[resource-new]item" (func $new (param i32) (result i32)))
  {guests.REALLOC}
  (func (export "place") (param $item i32) (param $length i32) (param $quantity i32) (result i32)
    (local $store i32)
    (call $open (local.get $item) (local.get $length) (i32.const 128))
    (if (i32.load8_u (i32.const 128)) (then unreachable))
    (local.set $store (i32.load (i32.const 132)))
    (call $get (local.get $store) (local.get $item) (local.get $length) (i32.const 160))
    (call $drop (local.get $store))
    (i32.store8 (i32.const 64) (i32.load8_u (i32.const 160)))
    (if (i32.load8_u (i32.const 160))
      (then
        (i32.store8 (i32.const 68) (i32.load8_u (i32.const 164)))
        (i32.store (i32.const 72) (i32.load (i32.const 168)))
        (i32.store (i32.const 76) (i32.load (i32.const 172))))
      (else
        (i32.store (i32.const 68) (local.get $item))
        (i32.store (i32.const 72) (local.get $length))
        (i32.store (i32.const 76) (local.get $quantity))))
    (i32.const 64))
  (func (export "example:orders/catalog@0.1.0#[constructor]item") (param i32 i32) (result i32)
    (call $new (i32.add (i32.mul (local.get 1) (i32.const 100)) (i32.const 0x10000))))
  (func (export "example:orders/catalog@0.1.0#[method]item.price") (param i32) (result i32)
    (i32.sub (local.get 0) (i32.const 0x10000))))
"""

PROGRAM = """
from __future__ import annotations

from orders import Err, OrdersComponent, Receipt, keyvalue


class Memory:
    class Store:
        def __init__(self) -> None:
            self.data: dict[str, bytes] = {"book": b"1"}

        @classmethod
        def open(cls, name: str) -> Memory.Store:
            return cls()

        def get(self, key: str) -> bytes:
            if key in self.data:
                return self.data[key]
            raise Err(keyvalue.KeyvalueError_KeyNotFound(key))


stores: keyvalue.Keyvalue = Memory()
store_class: type[keyvalue.Store] = Memory.Store

component = OrdersComponent.load("orders.wasm")
with component.instantiate(keyvalue=Memory()) as orders:
    receipt = orders.place("book", 2)
    price = orders.catalog.Item("x").price()

assert receipt == Receipt("book", 2), receipt
assert price == 100, price
with component.instantiate(keyvalue=stores) as orders:
    try:
        orders.place("pen", 1)
    except Err as refused:
        assert refused.value == keyvalue.KeyvalueError_KeyNotFound("pen"), refused
    else:
        raise AssertionError("no error")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The program, its component and the generated package `orders`, side by side."""
    folder = tmp_path_factory.mktemp("program")
    (folder / "orders.wit").write_text(WIT, encoding="utf-8")
    (folder / "orders.wasm").write_bytes(guests.component(WIT, WAT, "orders"))
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    with python_guests.generated(folder / "orders.wit", "orders", "orders", folder):
        yield folder


@pytest.fixture
def package(folder: Path) -> Iterator[Any]:
    with python_guests.generated(folder / "orders.wit", "orders", "orders", folder) as module:
        yield module


def test_the_program_runs(folder: Path, repository: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    done = run(tool("python"), "program.py", cwd=folder, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


def test_the_program_is_typed(folder: Path, repository: Path) -> None:
    environment = {**os.environ, "MYPYPATH": str(repository)}
    done = judged(tool("mypy"), "--strict", "--config-file=", "program.py", cwd=folder, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_imported_interface_may_be_a_module(package: Any, folder: Path) -> None:
    source = "class Store:\n    open = classmethod(lambda cls, name: cls())\n    get = lambda self, key: b'x'\n"
    (folder / "implementation.py").write_text(source, encoding="utf-8")
    import implementation  # type: ignore[import-not-found]

    with package.OrdersComponent.load(folder / "orders.wasm").instantiate(keyvalue=implementation) as orders:
        assert orders.place("pen", 3) == package.Receipt("pen", 3)


def test_everything_wrong_with_an_implementation_is_reported_before_anything_runs(package: Any, folder: Path) -> None:
    class Memory:
        class Store:
            def get(self) -> bytes:
                return b""

    component = package.OrdersComponent.load(folder / "orders.wasm")
    assert {d.code for d in component.check({"keyvalue": Memory()})} == {"WIT0711", "WIT0712"}
    assert [d.code for d in component.check({})] == ["WIT0710"]


def test_the_module_s_resource_class_says_that_it_needs_an_instance(package: Any) -> None:
    with pytest.raises(TypeError, match="use the class of an instance's interface"):
        package.catalog.Item("x")
