"""The dataclasses of `witkit.text.values` are like those of `dataclasses`, but for the check of changes."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass, field, fields, replace
from typing import Any

import pytest

from witkit.text.values import entity, value


@value(frozen=True, slots=True)
class Point:
    x: int
    y: int = 0
    note: str = field(default="", compare=False, repr=False)


@value(frozen=True)
class Single:
    content: tuple[int, ...] = ()


@value(frozen=True, slots=True)
class Nothing:
    pass


@value(frozen=True, slots=True)
class Folded:
    name: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Folded) and self.name.lower() == other.name.lower()

    def __repr__(self) -> str:
        return "folded"


@entity(slots=True, eq=False, kw_only=True)
class Node:
    name: str
    below: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Reference:
    x: int
    y: int = 0
    note: str = field(default="", compare=False, repr=False)


@pytest.mark.parametrize("one", [Point(1, 2, "a"), Point(1, 3), Point(0)])
@pytest.mark.parametrize("other", [Point(1, 2, "b"), Point(2), Point(0)])
def test_values_are_compared_as_dataclasses_are(one: Point, other: Point) -> None:
    first, second = (Reference(each.x, each.y, each.note) for each in (one, other))
    assert (one == other) is (first == second)
    assert (hash(one) == hash(other)) is (hash(first) == hash(second))


def test_values_of_other_classes_are_not_equal() -> None:
    others: list[Any] = [Reference(1), ()]
    assert Point(1) not in others
    assert Single() not in others
    assert Nothing() == Nothing()
    assert len({Single((1,)), Single((1,)), Nothing(), Nothing()}) == 2


def test_a_value_with_its_own_methods_keeps_them() -> None:
    assert Folded("A") == Folded("a")
    assert repr(Folded("A")) == "folded"


def test_the_text_of_a_value_is_that_of_a_dataclass() -> None:
    assert repr(Point(1, 2, "a")) == repr(Reference(1, 2, "a")).replace("Reference", "Point")


def test_values_can_be_copied_replaced_and_pickled() -> None:
    point: Any = Point(1, 2)
    assert replace(point, x=5) == Point(5, 2)
    assert copy.copy(point) == point
    assert pickle.loads(pickle.dumps(point)) == point
    assert [each.name for each in fields(point)] == ["x", "y", "note"]


def test_entities_are_compared_by_identity_and_can_be_changed() -> None:
    node = Node(name="a")
    assert node != Node(name="a")
    node.name = "b"
    assert node.name == "b"


def test_the_text_of_an_entity_that_holds_itself_ends() -> None:
    node = Node(name="a")
    node.below.append(node)
    assert repr(node) == "Node(name='a', below=[...])"
