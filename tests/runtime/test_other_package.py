"""Implementations that were written against another generated package of the same interface."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import witkit
from tests.relay import Relay, relay
from tests.runtime import guests
from witkit import Engine, Err, abi
from witkit.abi.alike import alike

WIT = """
package t:shapes@1.2.0;
interface shapes {
  record point { x: s32, y: s32 }
  enum color { red, green, blue }
  flags side { left, right, top }
  variant shape { nothing, dot(point), painted(color), sided(side), many(list<point>) }
  record item { shape: shape, color: color, sides: side, more: option<shape> }
  resource pen {
    make: static func(color: color) -> result<pen, shape>;
    color: func() -> color;
    draw: func(shape: shape) -> result<item, shape>;
    swap: func(other: borrow<pen>, sides: side) -> side;
  }
  move: func(item: item) -> result<item, color>;
  all: func(colors: list<color>, sides: list<side>) -> list<shape>;
  pens: func(pen: pen) -> list<pen>;
  fail: func(how: u8) -> result<u8, shape>;
}
world other { import shapes; }
"""


class Shapes:
    """An implementation against the package it is given; `seen` are the arguments as they came."""

    def __init__(self, package: Any) -> None:
        api = self.api = package.shapes
        self.seen: list[Any] = []
        outer = self

        class Pen:
            def __init__(self, color: Any) -> None:
                self._color = color

            @classmethod
            def make(cls, color: Any) -> Pen:
                if color is api.Color.RED:
                    raise Err(api.Shape_Painted(color))
                return cls(color)

            def color(self) -> Any:
                return self._color

            def draw(self, shape: Any) -> Any:
                outer.seen.append(shape)
                if isinstance(shape, api.Shape_Nothing):
                    raise Err(api.Shape_Sided(api.Side.LEFT | api.Side.TOP))
                return api.Item(shape, self._color, api.Side.RIGHT, api.Shape_Many([api.Point(1, 2)]))

            def swap(self, other: Pen, sides: Any) -> Any:
                assert isinstance(other, Pen)
                self._color, other._color = other._color, self._color
                return ~sides

        self.Pen = Pen

    def move(self, item: Any) -> Any:
        self.seen.append(item)
        if item.color is self.api.Color.BLUE:
            raise Err(item.color)
        return item

    def all(self, colors: list[Any], sides: list[Any]) -> list[Any]:
        return [*map(self.api.Shape_Painted, colors), *map(self.api.Shape_Sided, sides), self.api.Shape_Nothing()]

    def pens(self, pen: Any) -> list[Any]:
        return [pen, self.Pen(self.api.Color.GREEN)]

    def fail(self, how: int) -> int:
        raise Err([self.api.Shape_Nothing(), self.api.Shape_Dot(self.api.Point(how, 0))][how % 2])


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Relay, Any]]:
    """The relay with its own package, and the other package."""
    folder = tmp_path_factory.mktemp("shapes")
    source = folder / "source"
    source.mkdir()
    (source / "shapes.wit").write_text(WIT)
    for made in witkit.generate(witkit.load(source).world("other"), "host", package="theirs"):
        (folder / made.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / made.path).write_text(made.text)
    sys.path.insert(0, str(folder))
    theirs = __import__("theirs")
    yield relay(theirs.shapes.INTERFACE, source, folder, "mine"), theirs
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def component(packages: tuple[Relay, Any]) -> Any:
    return packages[0].load(Engine(cache=False))


@pytest.fixture(scope="module")
def mine(packages: tuple[Relay, Any]) -> Any:
    return packages[0].package.shapes


@pytest.fixture(scope="module")
def theirs(packages: tuple[Relay, Any]) -> Any:
    return packages[1]


@pytest.fixture
def other(theirs: Any) -> Shapes:
    return Shapes(theirs)


@pytest.fixture
def run(component: Any, other: Shapes, theirs: Any) -> Iterator[Any]:
    with component.instantiate(shapes=abi.Provided(theirs.shapes.INTERFACE, other)) as instance:
        yield instance


def test_each_side_has_values_of_its_own_classes(run: Any, other: Shapes, mine: Any, theirs: Any) -> None:
    given = mine.Item(mine.Shape_Sided(mine.Side.TOP), mine.Color.GREEN, mine.Side.LEFT, mine.Shape_Nothing())
    assert run.call_move(given) == given
    api = theirs.shapes
    assert other.seen == [
        api.Item(api.Shape_Sided(api.Side.TOP), api.Color.GREEN, api.Side.LEFT, api.Shape_Nothing())
    ]  # fmt: skip


def test_lists_of_enums_and_flags_cross(run: Any, mine: Any) -> None:
    assert run.call_all([mine.Color.BLUE], [mine.Side.LEFT | mine.Side.TOP]) == [
        mine.Shape_Painted(mine.Color.BLUE),
        mine.Shape_Sided(mine.Side.LEFT | mine.Side.TOP),
        mine.Shape_Nothing(),
    ]


def test_errors_arrive_in_the_classes_of_the_program(run: Any, mine: Any) -> None:
    for how, value in enumerate([mine.Shape_Nothing(), mine.Shape_Dot(mine.Point(1, 0))]):
        with pytest.raises(Err) as caught:
            run.call_fail(how)
        assert caught.value.value == value
    with pytest.raises(Err) as caught:
        run.call_move(mine.Item(mine.Shape_Nothing(), mine.Color.BLUE, mine.Side(0), None))
    assert caught.value.value is mine.Color.BLUE


def test_resources_are_lent_given_and_taken(run: Any, other: Shapes, mine: Any, theirs: Any) -> None:
    green, blue = run.call_pen_make(mine.Color.GREEN), run.call_pen_make(mine.Color.BLUE)
    assert type(green) is other.Pen
    assert run.call_pen_swap(green, blue, mine.Side.TOP) == mine.Side.LEFT | mine.Side.RIGHT
    assert (run.call_pen_color(green), blue.color()) == (mine.Color.BLUE, theirs.shapes.Color.GREEN)
    pens = run.call_pens(green)
    assert pens[0] is green
    assert type(pens[1]) is other.Pen
    assert run.call_pen_draw(blue, mine.Shape_Dot(mine.Point(3, 4))).more == mine.Shape_Many([mine.Point(1, 2)])
    with pytest.raises(Err) as caught:
        run.call_pen_draw(blue, mine.Shape_Nothing())
    assert caught.value.value == mine.Shape_Sided(mine.Side.LEFT | mine.Side.TOP)


def test_what_an_implementation_mentions_says_which_classes_it_speaks(
    component: Any, other: Shapes, mine: Any, theirs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("an_implementation")
    module.__dict__.update(shapes=theirs.shapes)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(Shapes, "__module__", module.__name__)
    with component.instantiate(shapes=other) as run:
        run.call_move(mine.Item(mine.Shape_Nothing(), mine.Color.GREEN, mine.Side(0), None))
    assert type(other.seen.pop()) is theirs.shapes.Item
    module.__dict__.update(ours=mine)
    with component.instantiate(shapes=other) as run:
        run.call_move(mine.Item(mine.Shape_Nothing(), mine.Color.GREEN, mine.Side(0), None))
    assert type(other.seen.pop()) is mine.Item


def test_one_that_mentions_neither_may_answer_in_either(component: Any, other: Shapes, mine: Any) -> None:
    with component.instantiate(shapes=other) as run:
        assert run.call_all([mine.Color.RED], [])[1] == mine.Shape_Nothing()
        for _ in range(2):
            with pytest.raises(Err) as caught:
                run.call_fail(1)
            assert caught.value.value == mine.Shape_Dot(mine.Point(1, 0))


def test_a_program_may_call_with_values_of_the_other_package(run: Any, mine: Any, theirs: Any) -> None:
    api = theirs.shapes
    item = api.Item(api.Shape_Painted(api.Color.RED), api.Color.GREEN, api.Side.LEFT, None)
    assert run.call_move(item) == mine.Item(mine.Shape_Painted(mine.Color.RED), mine.Color.GREEN, mine.Side.LEFT, None)


def test_a_wrong_part_of_a_value_of_the_other_package_is_found(run: Any, theirs: Any) -> None:
    api = theirs.shapes
    item = api.Item(api.Shape_Dot(api.Point(1, "2")), api.Color.GREEN, api.Side.LEFT, None)
    with pytest.raises(TypeError, match=r"call-move\(item\)\.shape\.value\.y: expected s32, got '2'"):
        run.call_move(item)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (("enum color { red, green, blue }", "enum color { red, blue, green }"), ["color", "shape"]),
        (("flags side { left, right, top }", "flags side { left, right, bottom }"), ["side", "shape"]),
        (("nothing, dot(point)", "nothing, dot(option<point>)"), ["shape"]),
        (("t:shapes@1.2.0", "t:shapes@2.0.0"), ["color", "side", "shape"]),
        (("t:shapes@1.2.0", "u:shapes@1.2.0"), ["color", "side", "shape"]),
    ],
)
def test_types_that_are_not_the_same_are_refused(
    change: tuple[str, str], refused: list[str], run: Any, mine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.wit").write_text(WIT.replace(*change))
    package = "changed_" + "".join(filter(str.isalnum, change[1]))
    for made in witkit.generate(witkit.load(tmp_path).world("other"), "host", package=package):
        (tmp_path / made.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / made.path).write_text(made.text)
    monkeypatch.syspath_prepend(tmp_path)
    api = __import__(package).shapes
    calls: dict[str, Callable[[], Any]] = {
        "color": lambda: run.call_all([api.Color.RED], []),
        "side": lambda: run.call_all([], [api.Side.LEFT]),
        "shape": lambda: run.call_move(mine.Item(api.Shape_Nothing(), mine.Color.RED, mine.Side.LEFT, None)),
    }
    for name, call in calls.items():
        if name in refused:
            with pytest.raises(TypeError, match=f": expected {name}.* of the module `{package}.shapes`, not of `mine"):
                call()
        else:
            call()


def test_a_class_of_the_same_name_is_not_enough(run: Any, mine: Any) -> None:
    class Shape_Nothing:
        pass

    with pytest.raises(TypeError, match=r"of the module `tests.*`, not of `mine.shapes`"):
        run.call_move(mine.Item(Shape_Nothing(), mine.Color.GREEN, mine.Side.LEFT, None))


def test_a_description_in_another_version_is_said(component: Any, other: Shapes, theirs: Any) -> None:
    old = abi.Interface("t:shapes@0.9.0", theirs.shapes.INTERFACE.functions, theirs.shapes.INTERFACE.resources)
    (said,) = component.check({"shapes": abi.Provided(old, other)})
    assert said.code == "WIT0710"


LENDING = """
package t:lending;
interface stores { resource store { constructor(n: u32); size: func() -> u32; } }
interface audit { use stores.{store}; count: func(s: borrow<store>) -> u32; fresh: func(n: u32) -> store; }
world lending { import stores; import audit; export sum: func() -> u32; }
world audited { import audit; }
"""

LENDER = """(module
  (import "t:lending/stores" "[constructor]store" (func $new (param i32) (result i32)))
  (import "t:lending/stores" "[method]store.size" (func $size (param i32) (result i32)))
  (import "t:lending/stores" "[resource-drop]store" (func $drop (param i32)))
  (import "t:lending/audit" "count" (func $count (param i32) (result i32)))
  (import "t:lending/audit" "fresh" (func $fresh (param i32) (result i32)))
  (func (export "sum") (result i32) (local $a i32) (local $b i32) (local $sum i32)
    (local.set $a (call $new (i32.const 10)))
    (local.set $b (call $fresh (i32.const 200)))
    (local.set $sum (i32.add (call $count (local.get $a)) (call $size (local.get $b))))
    (call $drop (local.get $a)) (call $drop (local.get $b))
    (local.get $sum)))"""


@pytest.mark.parametrize("foreign", ["audit", "stores", "both", "neither"])
def test_interfaces_of_two_packages_share_a_resource(
    foreign: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Store:
        def __init__(self, n: int) -> None:
            self.n = n

        def size(self) -> int:
            return self.n

    class Stores:
        pass

    class Audit:
        def count(self, s: Any) -> int:
            assert isinstance(s, Store)
            return s.n

        def fresh(self, n: int) -> Any:
            return Store(n)

    Stores.Store = Store  # type: ignore[attr-defined]
    (tmp_path / "wit").mkdir()
    (tmp_path / "wit" / "lending.wit").write_text(LENDING)
    for world, package in (("lending", f"lending_{foreign}"), ("audited", f"audited_{foreign}")):
        for made in witkit.generate(witkit.load(tmp_path / "wit").world(world), "host", package=package):
            (tmp_path / made.path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / made.path).write_text(made.text)
    monkeypatch.syspath_prepend(tmp_path)
    other, own = (importlib.import_module(f"{name}_{foreign}") for name in ("audited", "lending"))
    component = own.LendingComponent.load(guests.component(LENDING, LENDER, "lending"), engine=Engine(cache=False))
    given: dict[str, Any] = {"stores": Stores(), "audit": Audit()}
    for name in given:
        if foreign in (name, "both"):
            given[name] = abi.Provided(getattr(other, name).INTERFACE, given[name])
    with component.instantiate(**given) as run:
        assert run.sum() == 210


def test_a_module_may_be_written_against_another_package(
    component: Any, other: Shapes, mine: Any, theirs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("a_module_of_shapes")
    module.__dict__.update(api=theirs.shapes, Pen=other.Pen, move=other.move, all=other.all, pens=other.pens)
    module.__dict__.update(fail=other.fail)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    with component.instantiate(shapes=module) as run:
        run.call_move(mine.Item(mine.Shape_Nothing(), mine.Color.GREEN, mine.Side(0), None))
    assert type(other.seen.pop()) is theirs.shapes.Item


def test_an_object_that_has_every_attribute_is_taken_as_it_is(component: Any, mine: Any) -> None:
    class Anything:
        def __getattr__(self, name: str) -> Any:
            return Anything()

        def __call__(self, *arguments: Any) -> Any:
            return []

    with component.instantiate(shapes=Anything()) as run:
        assert run.call_all([], []) == []


def test_resources_are_alike_by_how_they_are_passed() -> None:
    one, other = (abi.Resource("pen", "Pen") for _ in range(2))
    assert alike(abi.Own(one), abi.Own(other))
    assert not alike(abi.Own(one), abi.Borrow(other))
    assert not alike(abi.Tuple((abi.U8,)), abi.Tuple((abi.U8, abi.U8)))
