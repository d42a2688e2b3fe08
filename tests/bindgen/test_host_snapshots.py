"""What the host target writes, to be read and reviewed."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from witkit.bindgen import generate
from witkit.ir import load, select_world
from witkit.ir.model import Element, Enum, Flags, Record, Resolve, Variant

HERE = Path(__file__).parent


def package(path: Path, world: str, *, documented: bool = True) -> dict[str, str]:
    """The generated modules by file name, without the line that holds version and hash."""
    resolve = load(path).resolve
    assert resolve is not None
    if not documented:
        _forget_docs(resolve)
    files = generate(select_world(resolve, world), "host", package="p")
    return {file.path.stem: file.text.partition("\n")[2] for file in files if file.path.suffix == ".py"}


def _forget_docs(resolve: Resolve) -> None:
    """The words of other projects do not belong into this repository; their signatures may be shown."""
    elements: list[Element] = [*resolve.worlds, *resolve.interfaces, *resolve.types]
    for world in resolve.worlds:
        elements += [*world.imports.values(), *world.exports.values()]
    for interface in resolve.interfaces:
        elements += interface.functions.values()
    for type_ in resolve.types:
        match type_.kind:
            case Record(parts) | Variant(parts) | Enum(parts) | Flags(parts):
                elements += parts
    for element in elements:
        element.docs = None


@pytest.mark.parametrize("module", ["__init__", "catalog", "keyvalue", "run"])
def test_the_orders_example(repository: Path, module: str, python_snapshot: SnapshotAssertion) -> None:
    modules = package(repository / "examples" / "orders" / "wit", "orders")
    assert sorted(modules) == ["__init__", "catalog", "keyvalue", "run"]
    assert modules[module] == python_snapshot


@pytest.mark.parametrize("module", ["__init__", "list_import", "list_export", "runtime_export", "str_import", "later"])
def test_names_that_are_hard(module: str, python_snapshot: SnapshotAssertion) -> None:
    assert package(HERE / "names", "list-world")[module] == python_snapshot


@pytest.mark.parametrize("module", ["__init__", "types", "outgoing_handler", "incoming_handler", "streams"])
def test_wasi_http_proxy(corpus: Path, module: str, python_snapshot: SnapshotAssertion) -> None:
    modules = package(corpus / "real" / "wasi-http" / "wit", "proxy", documented=False)
    assert modules[module] == python_snapshot
