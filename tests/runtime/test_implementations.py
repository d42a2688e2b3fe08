"""What is given for an import and cannot serve it: one error for one mistake, with the way out."""

from __future__ import annotations

import asyncio
import functools
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import AsyncMock

import pytest

from tests.runtime import guests
from tests.runtime.by_hand.world import WorldComponent
from tests.runtime.test_resources import Stores
from witkit.runtime import Engine, MissingImport, UntypedComponent
from witkit.text import WitkitError

WIT = """
package t:i;
interface log {
  resource sink { constructor(name: string); flush: func(); open: static func() -> sink; }
  line: func(text: string);
  level: func() -> u32;
}
world w {
  import log;
  import first: func();
  import second: func() -> u32;
  export run: func();
  export run-second: func();
  export count: func() -> u32;
}
"""
CODE = """
(module
  (import "t:i/log" "line" (func $line (param i32 i32)))
  (import "t:i/log" "level" (func $level (result i32)))
  (import "t:i/log" "[constructor]sink" (func $sink (param i32 i32) (result i32)))
  (import "t:i/log" "[method]sink.flush" (func $flush (param i32)))
  (import "t:i/log" "[static]sink.open" (func $open (result i32)))
  (import "$root" "first" (func $first))
  (import "$root" "second" (func $second (result i32)))
  (func (export "run") (call $first) (call $line (i32.const 0) (i32.const 0)))
  (func (export "run-second") (drop (call $second)))
  (func (export "count") (result i32) (call $level))
  (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
)
"""
LOG = "t:i/log"


class Log:
    class sink:
        def __init__(self, name: str) -> None: ...
        def flush(self, *more: object) -> None: ...

    def __init__(self) -> None:
        self.lines: list[str] = []

    def line(self, text: str) -> None:
        self.lines.append(text)

    def level(self) -> int:
        return 3


def flat() -> Any:
    """An implementation as a component without bindings takes it: every function by its own name."""
    log = Log()
    functions = {"line": log.line, "level": log.level, "sink": lambda name: object(), "flush": lambda sink: None}
    return types.SimpleNamespace(**functions, open=object)


class World:
    def first(self) -> None: ...
    def second(self) -> int:
        return 2


@pytest.fixture(scope="module")
def component(engine: Engine) -> UntypedComponent:
    return engine.load(guests.component(WIT, CODE))


@pytest.fixture(scope="module")
def typed(engine: Engine) -> WorldComponent:
    return WorldComponent.load(guests.resources(), engine=engine)


def found(component: UntypedComponent | WorldComponent, imports: dict[str, Any], *optional: str) -> list[str]:
    return [f"{d.code}: {d.message} | {d.help}" for d in component.check(imports, optional=optional)]


# Asynchronous functions ---------------------------------------------------------------------------


async def later(*arguments: object) -> int:
    return 1


async def one_by_one(*arguments: object) -> Any:
    yield 1


class Called:
    async def __call__(self, *arguments: object) -> int:
        return 1


class Pending:
    """As a future is, for some other loop."""

    def __await__(self) -> Iterator[None]:
        yield


class Methods:
    async def method(self, *arguments: object) -> int:
        return 1

    @classmethod
    async def of_class(cls, *arguments: object) -> int:
        return 1

    @staticmethod
    async def static(*arguments: object) -> int:
        return 1


@functools.wraps(later)
async def wrapped(*arguments: object) -> int:
    return await later()


@functools.wraps(later)
def plain_in_spite_of_what_it_wraps(*arguments: object) -> int:
    return asyncio.run(later())


ASYNC: dict[str, Callable[..., Any]] = {
    "a function": later,
    "a generator": one_by_one,
    "a partial": functools.partial(later, 1),
    "a partial of a partial": functools.partial(functools.partial(later, 1), 2),
    "an object": Called(),
    "a partial of an object": functools.partial(Called(), 1),
    "a method": Methods().method,
    "a class method": Methods.of_class,
    "a static method": Methods.static,
    "a wrapped function": wrapped,
    "a mock": AsyncMock(),
}


@pytest.mark.parametrize("kind", ASYNC)
def test_an_asynchronous_function_is_refused_before_anything_runs(kind: str, component: UntypedComponent) -> None:
    log = flat()
    log.line = ASYNC[kind]
    assert found(component, {LOG: log, "world": World()}) == [
        "WIT0718: `SimpleNamespace.line` is asynchronous, but the import `t:i/log#line` is not an `async func` | "
        "nothing would await it: make it a plain `def`, which may run a coroutine by `asyncio.run` or in the loop of "
        "another thread"
    ]
    with pytest.raises(WitkitError):
        component.instantiate({LOG: log, "world": World()})


@pytest.mark.parametrize("given", [object(), None, 5, [Stores.Store]])
def test_an_object_in_place_of_a_class_is_one_error(given: Any, typed: WorldComponent) -> None:
    class Other(Stores):
        Store = given

    kind = f"{'an' if type(given) in (int, object) else 'a'} `{type(given).__name__}`"
    assert found(typed, {"stores": Other()}) == [
        f"WIT0711: `Other.Store` is not a class but {kind}, and the import `t:r/stores` needs one"
        " | give the class itself, or a function that makes its objects"
    ]


def test_a_function_may_make_the_objects_of_a_resource(typed: WorldComponent) -> None:
    class Maker:
        open = Stores.Store.open

        def __call__(self, name: str) -> Stores.Store:
            return Stores.Store(name)

    class Other(Stores):
        Store = Maker()  # type: ignore[assignment]

    assert found(typed, {"stores": Other()}) == []


def test_asynchronous_methods_of_a_resource_are_refused(typed: WorldComponent) -> None:
    class Other(Stores):
        class Store(Stores.Store):
            async def get(self, key: str) -> str:  # type: ignore[override]
                return key

            @classmethod
            async def open(cls, name: str) -> Any:  # type: ignore[override]
                return cls(name)

    assert [d.message for d in typed.check({"stores": Other()})] == [
        "`Other.Store.get` is asynchronous, but the import `t:r/stores#[method]store.get` is not an `async func`",
        "`Other.Store.open` is asynchronous, but the import `t:r/stores#[static]store.open` is not an `async func`",
    ]


def test_a_plain_function_that_runs_a_coroutine_is_fine(component: UntypedComponent) -> None:
    log = flat()
    log.level = plain_in_spite_of_what_it_wraps
    with component.instantiate({LOG: log, "world": World()}) as instance:
        assert instance.function(None, "count")() == 1


@pytest.mark.parametrize(("name", "export"), [("line", "run"), ("level", "count")])
@pytest.mark.parametrize("make", [later, one_by_one, lambda *_: Pending()])
def test_an_object_to_await_is_an_error_when_it_comes(
    name: str, export: str, make: Callable[..., Any], component: UntypedComponent
) -> None:
    log = flat()
    setattr(log, name, lambda *arguments: make(*arguments))
    with component.instantiate({LOG: log, "world": World()}) as instance, warnings.catch_warnings():
        warnings.simplefilter("error")  # a coroutine that was never awaited
        with pytest.raises(TypeError, match=rf"^{name}\(\).*returned an object to await.*nothing would await it"):
            instance.function(None, export)()


def test_a_coroutine_is_not_a_resource(typed: WorldComponent) -> None:
    class Lazy(Stores):
        def all(self) -> Any:
            return [coroutine]

    coroutine = later()

    with (
        typed.instantiate(stores=Lazy()) as world,
        pytest.raises(TypeError, match="expected a store resource, got coroutine"),
    ):
        world.call("drop-all")
    coroutine.close()


def test_what_a_function_without_a_result_returns_does_not_matter(component: UntypedComponent) -> None:
    log = flat()
    log.line = lambda text: [text]
    with component.instantiate({LOG: log, "world": World()}) as instance:
        assert instance.function(None, "run")() is None


# The wrong object ---------------------------------------------------------------------------------


def test_nothing_at_all_asks_for_the_argument(typed: WorldComponent) -> None:
    assert found(typed, {"stores": None}) == [
        "WIT0710: nothing satisfies the import `t:r/stores` | "
        "give an implementation of it as `stores`, or name `stores` in `optional`"
    ]


def test_what_another_import_takes_is_not_advised(component: UntypedComponent) -> None:
    (message,) = found(component, {LOG: None, "world": World()})
    assert message.endswith("| give an implementation of it, or name it in `optional`")


WRONG: dict[str, tuple[Any, str, str]] = {
    "the class": (
        Stores, "is given the class `Stores`, whose functions need an instance", "give an instance, such as `Stores()`",
    ),
    "an object": (
        object(), "is given an object of type `object`, which has nothing that it needs",
        "give an object that has `Store`, `same`, `count`, `give`, `all`",
    ),
    "a number": (5, "is given an object of type `int`, which has nothing that it needs", ""),
    "a dictionary": (
        {"count": len}, "is given an object of type `dict`, which has nothing that it needs",
        "such as `SimpleNamespace(**functions)`",
    ),
    "a list, which has a method of that name": (
        [], "is given an object of type `list`, which has nothing that it needs", "give an object that has `Store`",
    ),
    "another class": (dict, "is given the class `dict`, which has nothing that it needs", ""),
    "a module": (sys, "is given the module `sys`, which has nothing that it needs", ""),
    "a text": ("sqlite", "is given the text 'sqlite', which has no functions", "`witkit.host.bind`"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_the_wrong_object_is_one_error(kind: str, typed: WorldComponent) -> None:
    given, message, help = WRONG[kind]
    (only,) = found(typed, {"stores": given})
    assert only.startswith(f"WIT0711: the import `t:r/stores` {message}")
    assert help in only


def test_a_class_of_static_functions_is_an_implementation(typed: WorldComponent) -> None:
    class Static:
        Store = Stores.Store
        same = staticmethod(lambda a, b: a is b)
        count = staticmethod(len)
        give = staticmethod(lambda s: 7)
        all: Any = staticmethod(list)

    with typed.instantiate(stores=Static) as world:
        assert world.call("in-list") == 3


@pytest.mark.parametrize(
    ("function", "count", "fits"),
    [
        (lambda: 0, 0, True), (lambda: 0, 1, False), (lambda a: a, 0, False), (lambda a, b=1: a, 1, True),
        (lambda a, b=1: a, 2, True), (lambda a, b=1: a, 3, False), (lambda *a: a, 9, True), (lambda a, *b: a, 0, False),
        (lambda a, /, b: a, 2, True), (lambda *, k: k, 0, False), (lambda *, k=1: k, 0, True),
        (lambda **k: k, 1, False),
        (functools.partial(lambda a, b: a, 1), 1, True), (functools.partial(lambda a, b: a, 1), 2, False),
        (Log().line, 1, True), (Log().line, 2, False), (Log.line, 2, True), (len, 1, True), (len, 2, False),
        (print, 3, True), (dict, 1, True), (Log, 0, True), (Log, 1, False), (5 .__add__, 1, True),
        (functools.wraps(len)(lambda *a: 0), 1, True), (functools.lru_cache(lambda a: a), 2, False),
    ],
)  # fmt: skip
def test_what_takes_how_many_arguments(function: Callable[..., Any], count: int, fits: bool) -> None:
    from witkit.runtime.implementations import takes

    assert takes(function, count) is fits


# Imports of the world itself ----------------------------------------------------------------------


def test_imports_of_the_world_are_given_and_left_out_as_world(component: UntypedComponent) -> None:
    assert found(component, {LOG: flat()}) == [
        "WIT0710: nothing satisfies the imports `first`, `second` of the world itself | "
        "give an object that has them as `world`, or name `world` or a single function in `optional`"
    ]
    assert found(component, {LOG: flat(), "world": World()}) == []
    assert found(component, {LOG: flat(), "": World()}) == []
    with component.instantiate({LOG: flat()}, optional=["world"]) as instance:
        run = instance.function(None, "run")
        with pytest.raises(MissingImport, match="`first`, an optional import that is not provided"):
            run()


def test_a_single_function_of_the_world_may_be_left_out(component: UntypedComponent) -> None:
    class First:
        def first(self) -> None: ...

    given = {LOG: flat(), "world": First()}
    assert found(component, given) == [
        "WIT0711: `First` has no function `second`, which the import `second` needs | add `second` to it"
    ]
    for optional in (["second"], ["world"], ["first", "second"]):
        with component.instantiate(given, optional=optional) as instance:
            instance.function(None, "run")()
            with pytest.raises(MissingImport, match="`second`"):
                instance.function(None, "run-second")()


def test_some_functions_of_the_world_are_not_all(component: UntypedComponent) -> None:
    assert found(component, {LOG: flat()}, "first") == [
        "WIT0710: nothing satisfies the import `second` of the world itself | "
        "give an object that has it as `world`, or name `world` or a single function in `optional`"
    ]
    assert found(component, {LOG: flat()}, "first", "second") == []


def test_a_resource_of_the_world_may_be_left_out(engine: Engine) -> None:
    component = engine.load(
        guests.dummy("package t:w; world w { import r: interface { f: func(); } resource x; import g: func(x: x); }")
    )
    assert found(component, {}, "world", "r") == []
    component.instantiate(optional=["world", "r"]).close()


def test_a_world_without_imports_of_its_own_has_no_such_name(typed: WorldComponent) -> None:
    (message,) = found(typed, {"stores": Stores()}, "world")
    assert message.startswith("WIT0715: the optional import `world` is not an import of the component")
