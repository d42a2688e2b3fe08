"""One guest, run by CPython and as a component: the same calls give the same results, and fail at the same places."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from operator import methodcaller
from pathlib import Path
from typing import Any, ClassVar

import pytest

import witkit.guest
from tests.generated import write
from tests.guest.building import built
from witkit.abi import Err, Observer, Ok, Provided
from witkit.bindgen import generate
from witkit.ir import load
from witkit.native import WouldTrap
from witkit.program.trace import Trace
from witkit.runtime import Trap

PROJECT = Path(__file__).parent / "conformance"
Run = Callable[[], AbstractContextManager[Any]]


class Sides:
    """The guest's two ways to run, over one host implementation and one host package."""

    def __init__(self, folder: Path) -> None:
        world = load(PROJECT / "wit").world()
        files = generate(world, "host", package="conformance_host")
        files += generate(world, "guest", package="conformance_world")
        write(files, folder)
        sys.path[:0] = [str(folder), str(PROJECT)]
        self.package: Any = import_module("conformance_host")
        self.component = self.package.ConformanceComponent.load(built(PROJECT, "conformance", folder))

    @contextmanager
    def wasm(self, observe: Observer | None = None) -> Iterator[Any]:
        given = Provided(self.package.things.INTERFACE, implementation(self.package), observe=observe)
        with self.component.instantiate(things=given) as instance:
            yield instance

    @contextmanager
    def native(self, observe: Observer | None = None) -> Iterator[Any]:
        with witkit.guest.bind("conformance_world", things=implementation(self.package)) as host:
            host.binding.observe = observe
            yield host.load("guest_app", self.package.WORLD)


def implementation(package: Any) -> Any:
    """The imported interface with the classes of the generated host package."""
    things: Any = import_module(f"{package.__name__}.things")

    class Things:
        class Bucket:
            made: ClassVar[int] = 0

            def __init__(self, name: str) -> None:
                self._name, self.entries = name, dict[str, bytes]()

            def name(self) -> str:
                return self._name

            def get(self, key: str) -> bytes:
                if key not in self.entries:
                    raise Err(things.Shape_Named(key))
                return self.entries[key]

            def put(self, key: str, value: bytes) -> None:
                self.entries[key] = value

            @staticmethod
            def merge(into: Any, other: Any) -> int:
                into.entries |= other.entries
                return len(into.entries)

        def paint(self, c: Any, p: Any) -> Any:
            assert type(c) is things.Color
            return things.Color.GREEN_ISH, p | things.Perms.RUN

        def move(self, s: Any, by: Any) -> Any:
            assert type(by) is things.Point
            match s:
                case things.Shape_At(point):
                    return things.Shape_At(things.Point(point.x + by.x, point.y + by.y))
                case _:
                    return s

        def nest(self, o: Any, r: Any) -> Any:
            return {Ok: o, Err: None}[type(r)]

        def check(self, n: int, s: int, f: float, c: str, b: bool) -> str:
            return repr((n, s, f, c, b))

        def take(self, all: list[tuple[str, int]]) -> list[str]:
            return [name * count for name, count in all]

        def fail(self, s: Any) -> None:
            raise Err(s)

    return Things()


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Sides:
    return Sides(tmp_path_factory.mktemp("conformance"))


RETURNED = [
    ("unsigned", "255"),
    ("unsigned", "256"),
    ("unsigned", "-1"),
    ("unsigned", "True"),
    ("unsigned", "'1'"),
    ("unsigned", "1.0"),
    ("unsigned", "None"),
    ("signed", "-2**63"),
    ("signed", "2**63"),
    ("truth", "[]"),
    ("truth", "'yes'"),
    ("number", "3"),
    ("number", "'3'"),
    ("letter", "'ß'"),
    ("letter", "'ab'"),
    ("letter", "''"),
    ("text", "'ok'"),
    ("text", "b'ok'"),
    ("text", "'\\ud800'"),
    ("octets", "b'\\x00\\xff'"),
    ("octets", "bytearray(b'x')"),
    ("octets", "[1, 2]"),
    ("numbers", "[1, 2]"),
    ("numbers", "(1, 2)"),
    ("numbers", "range(2)"),
    ("numbers", "[1, -1]"),
    ("smalls", "[1, 2]"),
    ("smalls", "b'ab'"),
    ("pair", "(1, 'a')"),
    ("pair", "[1, 'a']"),
    ("pair", "(1,)"),
    ("maybe", "None"),
    ("maybe", "'x'"),
    ("maybe", "Some('x')"),
    ("nested", "None"),
    ("nested", "Some(None)"),
    ("nested", "Some(3)"),
    ("nested", "3"),
    ("outcome", "3"),
    ("outcome", "throw(Err('no'))"),
    ("outcome", "throw(Err(3))"),
    ("outcome", "throw(Worse('no'))"),
    ("outcome", "throw(ValueError('no'))"),
    ("outcome", "Ok(3)"),
    ("outcome", "Err('no')"),
    ("outcome", "throw_in_context()"),
    ("outcomes", "[Ok(3), Err('no')]"),
    ("outcomes", "[3]"),
    ("outcomes", "[Worse('no')]"),
    ("record_of", "things.Point(1, -2)"),
    ("record_of", "Duck(x=1, y=2)"),
    ("record_of", "Duck(x=1)"),
    ("record_of", "(1, 2)"),
    ("variant_of", "things.Shape_Dot()"),
    ("variant_of", "things.Shape_At(things.Point(1, 2))"),
    ("variant_of", "things.Shape_Circle('wide')"),
    ("variant_of", "Duck(value=1)"),
    ("variant_of", "'dot'"),
    ("enum_of", "things.Color.GREEN_ISH"),
    ("enum_of", "Duck(value=1)"),
    ("enum_of", "1"),
    ("flags_of", "things.Perms.READ | things.Perms.RUN"),
    ("flags_of", "things.Perms(0)"),
    ("flags_of", "Duck(value=2)"),
    ("flags_of", "2"),
    ("nothing", "17"),
    ("nothing", "throw(Err('no'))"),
    ("text", "throw(Err('no'))"),
]
CALLED = [
    "things.paint(things.Color.RED, things.Perms.READ)",
    "things.paint(Duck(value=0), Duck(value=1))",
    "things.paint(0, things.Perms.READ)",
    "things.move(things.Shape_At(things.Point(1, 2)), things.Point(3, 4))",
    "things.move(things.Shape_Dot(), Duck(x=1, y=2))",
    "things.move('dot', things.Point(3, 4))",
    "things.nest(Some(None), Ok(1))",
    "things.nest(Some(7), Ok(1))",
    "things.nest(Some(7), Err('x'))",
    "things.nest(None, Ok(1))",
    "things.nest(7, Ok(1))",
    "things.nest(Some(7), 1)",
    "things.check(255, -32768, 0.1, 'x', 1)",
    "things.check(256, 0, 0.1, 'x', True)",
    "things.check(0, 32768, 0.1, 'x', True)",
    "things.check(0, 0, 0.1, 'xy', True)",
    "things.take([('ab', 2), ('c', 1)])",
    "things.take([['ab', 2]])",
    "things.take((('ab', 2),))",
    "things.fail(things.Shape_Circle(1.5))",
    "things.fail(things.Shape_Named(3))",
    "things.Bucket('a').name()",
    "things.Bucket(3)",
    "things.Bucket('a').get('missing')",
    "[b := things.Bucket('a'), b.put('k', b'v'), b.get('k')][2]",
    "[b := things.Bucket('a'), b.put('k', bytearray(b'v'))][1]",
    "[a := things.Bucket('a'), b := things.Bucket('b'), b.put('k', b'v'), things.Bucket.merge(a, b), a.get('k')][3:]",
    "[a := things.Bucket('a'), b := things.Bucket('b'), things.Bucket.merge(a, b), b.name()][3]",
    "[a := things.Bucket('a'), a.__exit__(None, None, None), a.name()][2]",
    "[a := things.Bucket('a'), things.Bucket.merge(a, a)][1]",
    "things.Bucket.merge(3, things.Bucket('a'))",
    "things.nothing_like_it",
    "copy(Err(1), 'value')",
    "copy(Err(1), '__traceback__')",
    "copy(Err(1), '__notes__')",
    "copy(Worse(1), 'more').more",
    "copy(Worse(1), 'value')",
    "[copy(Ok(1), 'value'), copy(Some(1), 'value')]",
    "hash(Ok(1))",
    "hash(Some(1))",
    "[repr(Err('x')), str(Err('x')), Err('x').args, Err.__match_args__]",
    "Err[int](1) == Err(1), Ok[int](1) == Ok(1), Some[int](1) == Some(1), Err(1) == Worse(1)",
    "Err()",
]


def _outcome(run: Run, call: Callable[[Any], Any]) -> tuple[str, Any]:
    """What a call gives: a value, an error of the interface, or the end of the instance."""
    with run() as instance:
        try:
            return "value", call(instance)
        except Err as error:
            return "error", error.value
        except (Trap, WouldTrap):
            return "trap", None


def _same(sides: Sides, call: Callable[[Any], Any]) -> tuple[str, Any]:
    native, wasm = _outcome(sides.native, call), _outcome(sides.wasm, call)
    assert native == wasm
    return native


@pytest.mark.parametrize(("function", "expression"), RETURNED)
def test_what_a_guest_returns(sides: Sides, function: str, expression: str) -> None:
    _same(sides, lambda guest: getattr(guest.answers, function)(expression))


@pytest.mark.parametrize("expression", CALLED)
def test_what_a_guest_passes_to_its_imports(sides: Sides, expression: str) -> None:
    _same(sides, lambda guest: guest.evaluate(expression))


@pytest.mark.parametrize("expression", CALLED)
def test_an_observed_call_is_the_same_and_shown_the_same(sides: Sides, expression: str) -> None:
    call = methodcaller("evaluate", expression)
    native, wasm = Trace((lines := list[str]()).append), Trace((other := list[str]()).append)
    outcome = _same(sides, call)
    assert _outcome(lambda: sides.native(native.observe), call) == outcome
    assert _outcome(lambda: sides.wasm(wasm.observe), call) == outcome
    assert _without_times(lines) == _without_times(other)


def _without_times(lines: list[str]) -> list[str]:
    return [line.rpartition(" (")[0] for line in lines]


def test_every_kind_of_value_is_shown(sides: Sides) -> None:
    calls = [
        "things.paint(things.Color.GREEN_ISH, things.Perms.READ | things.Perms.WRITE)",
        "things.move(things.Shape_At(things.Point(1, -2)), things.Point(3, 4))",
        "things.move(things.Shape_Dot(), things.Point(0, 0))",
        "things.nest(Some(None), Ok(1))",
        "things.nest(None, Err('x'))",
        "things.check(255, -1, 0.1, 'x', True)",
        "things.take([('ab', 2)])",
        "[a := things.Bucket('a'), b := things.Bucket('b'), b.put('k', b'v'), things.Bucket.merge(a, b), a.get('k')]",
        "things.fail(things.Shape_Circle(1.5))",
    ]
    lines: list[str] = []
    with sides.wasm(Trace(lines.append).observe) as guest:
        for expression in calls:
            guest.evaluate(expression)
    shown = [line.removeprefix("trace: test:conformance/things#") for line in _without_times(lines)]
    assert shown == [
        "paint(green-ish, {read, write}) -> (green-ish, {read, write, run})",
        "move(at({x: 1, y: -2}), {x: 3, y: 4}) -> at({x: 4, y: 2})",
        "move(dot, {x: 0, y: 0}) -> dot",
        "nest(some(none), ok(1)) -> some(none)",
        'nest(none, err("x")) -> none',
        """check(255, -1, 0.1, 'x', true) -> "(255, -1, 0.10000000149011612, \\'x\\', True)\"""",
        'take([("ab", 2)]) -> ["abab"]',
        'bucket("a") -> <bucket 1>',
        'bucket("b") -> <bucket 2>',
        'bucket.put(<bucket 2>, "k", [118])',
        "bucket.merge(<bucket 1>, <bucket 2>) -> 1",
        'bucket.get(<bucket 1>, "k") -> ok([118])',
        "fail(circle(1.5)) -> err(circle(1.5))",
    ]


def test_an_error_of_the_host_passes_and_can_be_changed_there(sides: Sides) -> None:
    """What cannot be changed is the guest's `Err`; a host's own context managers work."""
    for run in (sides.native, sides.wasm):
        with pytest.raises(Err) as refused, run() as guest:
            guest.answers.outcome("throw(Err('no'))")
        refused.value.add_note("seen by the host")


def test_a_guest_learns_why_an_error_cannot_leave_a_context_manager(sides: Sides) -> None:
    with sides.native() as guest, pytest.raises(WouldTrap, match="write a class with `__enter__` and `__exit__`"):
        guest.answers.outcome("throw_in_context()")


def test_at_least_ten_wrong_values_are_among_them(sides: Sides) -> None:
    outcomes = [_outcome(sides.native, methodcaller("evaluate", expression)) for expression in CALLED]
    assert [what for what, _ in outcomes].count("trap") >= 10


@pytest.mark.parametrize(
    "expression", ["things.fail(things.Shape_Dot())", "swallow('things.fail(things.Shape_Dot())')"]
)
def test_a_mistake_of_the_host_is_raised_as_it_is(sides: Sides, expression: str, monkeypatch: Any) -> None:
    """A guest that catches everything catches no mistakes of the host: its instance has ended."""
    real = implementation

    def broken(package: Any) -> Any:
        things = real(package)
        things.fail = lambda shape: 1 // 0
        return things

    monkeypatch.setitem(globals(), "implementation", broken)
    for run in (sides.native, sides.wasm):
        with run() as guest, pytest.raises(ZeroDivisionError):
            guest.evaluate(expression)


def test_a_guest_cannot_catch_a_trap(sides: Sides) -> None:
    assert _same(sides, methodcaller("evaluate", "swallow('things.paint(0, things.Perms.READ)')")) == ("trap", None)


def test_what_an_implementation_lacks_is_named(sides: Sides) -> None:
    with witkit.guest.bind("conformance_world", things=object()) as host:
        guest = host.load("guest_app")
        with pytest.raises(TypeError, match=r"`\[constructor\]bucket` needs `Bucket`, but the object object"):
            guest.evaluate("things.Bucket('a')")


def test_each_function_has_an_object_of_its_own(sides: Sides) -> None:
    def call(guest: Any) -> list[int]:
        return [guest.answers.state(), guest.answers.count(), guest.answers.state(), guest.answers.count()]

    assert _same(sides, call) == ("value", [1, 1, 2, 2])


def test_a_trap_is_the_end_of_an_instance(sides: Sides) -> None:
    for run in (sides.native, sides.wasm):
        with run() as guest:
            assert guest.answers.unsigned("1") == 1
            with pytest.raises((Trap, WouldTrap)):
                guest.answers.unsigned("-1")
            with pytest.raises(Exception, match=r".") as after:
                guest.answers.unsigned("1")
            assert not isinstance(after.value, Err | AssertionError)


def test_resources_of_the_guest(sides: Sides) -> None:
    def call(guest: Any) -> list[Any]:
        with guest.counters.Counter(3) as a, guest.counters.make(4) as b:
            found = [a.up(2), b.up(1), guest.counters.twice(a)]
            with guest.counters.Counter.sum(a, b) as total:
                found.append(total.up(0))
                found.append(total.check(10))
                try:
                    total.check(9)
                except Err as error:
                    found.append(error.value)
            return found

    assert _same(sides, call) == ("value", [5, 5, 10, 10, 10, "10 is over 9"])
