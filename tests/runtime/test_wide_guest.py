"""A guest in Python, built by componentize-py, with a generated host package.

Each value makes the whole way: the host calls the guest's export, the guest calls the host's import with it,
which sees and returns the same value, and the export returns it: lowered and lifted once in each direction.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.canonical.sorts import values as value_of
from tests.runtime import python_guests
from tests.sampled import examples
from witkit import abi
from witkit.runtime import Engine, Trap

SOURCES = python_guests.GUESTS / "wide"
FUNCTIONS = (
    *("unsigned8", "unsigned16", "unsigned32", "unsigned64", "signed8", "signed16", "signed32", "signed64"),
    *("single", "double", "truth", "letter", "text", "raw", "numbers", "texts", "deep", "place", "nest", "form"),
    *("forms", "allow", "bits", "paint", "perhaps", "twice", "both", "wrapped", "outcome", "bare", "several"),
)


@pytest.fixture(scope="module")
def built() -> Path:
    """The guest's component."""
    return python_guests.built("wide")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The generated host package, imported."""
    folder = tmp_path_factory.mktemp("generated")
    with python_guests.generated(SOURCES / "wide.wit", "wide", "wide_host", folder) as module:
        yield module


class Same:
    """Gives back what it gets, and remembers it."""

    def __init__(self) -> None:
        self.last: tuple[Any, ...] = ()

    def __getattr__(self, name: str) -> Any:
        if name not in FUNCTIONS:
            raise AttributeError(name)

        def call(*values: Any) -> Any:
            self.last = values
            if len(values) > 1:
                return values
            value = values[0]
            if name in ("outcome", "bare"):
                if isinstance(value, abi.Err):
                    raise value
                return value.value
            return value

        return call


class Boxes:
    """The host's boxes; `alive` counts them."""

    alive: ClassVar[int] = 0

    class Box:
        def __init__(self, content: str) -> None:
            self.text = content
            Boxes.alive += 1

        def __del__(self) -> None:
            Boxes.alive -= 1

        def content(self) -> str:
            return self.text

        def replace(self, content: str) -> None:
            self.text = content

        @classmethod
        def try_make(cls, content: str) -> Boxes.Box:
            if not content:
                raise abi.Err("empty")
            return cls(content)

    def joined(self, a: Box, b: Box) -> str:
        return f"{a.text}+{b.text}"

    def collect(self, all: list[Box]) -> int:
        return sum(len(box.text) for box in all)


@pytest.fixture(scope="module")
def same() -> Same:
    return Same()


@pytest.fixture(scope="module")
def wide(built: Path, package: ModuleType, same: Same) -> Iterator[Any]:
    component = package.WideComponent.load(built, engine=Engine(cache=built.parent))
    with component.instantiate(values=same, boxes=Boxes()) as instance:
        yield instance


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_brings_its_values_back(wide: Any, package: ModuleType, same: Same, name: str) -> None:
    exported = next(i for i in package.WORLD.exports if i.name.startswith("test:wide/values"))
    func = next(f for f in exported.functions if f.attr == name)
    call = getattr(wide.values, name)

    @settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.tuples(*(value_of(p.type) for p in func.params)))
    def there_and_back(values: tuple[Any, ...]) -> None:
        expected: Any = values if len(values) > 1 else values[0]
        if name in ("outcome", "bare"):
            if isinstance(expected, abi.Err):
                with pytest.raises(abi.Err) as caught:
                    call(expected)
                assert caught.value == expected
            else:
                assert call(expected) == expected.value
        else:
            assert call(*values) == expected
        assert same.last == values

    there_and_back()


def test_guest_resources_hold_host_resources(wide: Any) -> None:
    gc.collect()
    before = Boxes.alive
    with wide.cells.Cell("one") as one, wide.cells.Cell.try_make("two") as two:
        assert (one.content(), two.content()) == ("one", "two")
        assert Boxes.alive == before + 2
        assert wide.cells.joined(one, two) == "one+two"
        assert wide.cells.joined(one, one) == "one+one"
        with pytest.raises(abi.Err, match="empty"):
            wide.cells.Cell.try_make("")
    cells = wide.cells.some(["a", "b", "c"])
    assert [cell.content() for cell in cells] == ["a", "b", "c"]
    for cell in cells:
        cell.close()


def test_owned_handles_come_over_in_a_list(wide: Any) -> None:
    assert wide.give_boxes(["ab", "c", "def"]) == 6


def test_a_host_exception_passes_through_a_python_guest(built: Path, package: ModuleType) -> None:
    problem = LookupError("on the host")

    class Failing(Same):
        def text(self, v: str) -> str:
            raise problem

    component = package.WideComponent.load(built, engine=Engine(cache=built.parent))
    with component.instantiate(values=Failing(), boxes=Boxes()) as instance:
        with pytest.raises(LookupError) as caught:
            instance.values.text("x")
        assert caught.value is problem
        assert instance.closed
    with component.instantiate(values=Same(), boxes=Boxes()) as instance:
        assert instance.values.text("x") == "x"


def test_a_python_guest_that_gives_up_is_a_trap(wide: Any, built: Path, package: ModuleType) -> None:
    class Wrong(Boxes):
        def joined(self, a: Boxes.Box, b: Boxes.Box) -> str:
            raise abi.Err("not declared")

    component = package.WideComponent.load(built, engine=Engine(cache=built.parent))
    with component.instantiate(values=Same(), boxes=Wrong()) as instance:
        with instance.cells.Cell("x") as cell, pytest.raises((abi.Err, Trap)):
            instance.cells.joined(cell, cell)
        assert instance.closed
