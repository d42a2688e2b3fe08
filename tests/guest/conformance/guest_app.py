"""A guest that evaluates what it gets: one source for CPython and for the component."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import conformance_world
import counters
from componentize_py_types import Err, Ok, Some
from conformance_world import exports
from conformance_world.imports import things

NAMES: dict[str, Any] = {"things": things, "Err": Err, "Ok": Ok, "Some": Some, "counters": counters}


class Worse(Err[Any]):
    """A subclass of `Err`, which is not an `Err` at the border."""


class Duck:
    """An object with whatever attributes it is given."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__ |= attributes


def throw(error: BaseException) -> Any:
    raise error


def copy(value: Any, attribute: str) -> Any:
    """Set an attribute to what it is, as the standard library does to exceptions."""
    setattr(value, attribute, getattr(value, attribute, None))
    return value


@contextmanager
def context() -> Iterator[None]:
    yield


def throw_in_context() -> None:
    with context():
        raise Err("no")


def swallow(expression: str) -> Any:
    try:
        return run(expression)
    except Exception as problem:
        return type(problem).__name__


def run(expression: str) -> Any:
    return eval(expression, {**globals(), **NAMES})


class Answers:
    def __init__(self) -> None:
        self.calls = 0

    def state(self) -> int:
        self.calls += 1
        return self.calls

    def count(self) -> int:
        self.calls += 1
        return self.calls

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return run


class Counters(exports.Counters):
    def twice(self, c: Any) -> int:
        return int(2 * c.value)

    def make(self, start: int) -> Any:
        return counters.Counter(start)


class ConformanceWorld(conformance_world.ConformanceWorld):
    def evaluate(self, e: str) -> str:
        try:
            return repr(run(e))
        except Err as error:
            return f"Err: {error.value!r}"
