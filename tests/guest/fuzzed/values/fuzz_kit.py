"""What the expressions of random cases are made of, for a guest and for its host alike: objects that are not values of
any type, or look like one, and classes that behave differently from their base classes."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, Flag, IntEnum
from types import ModuleType
from typing import Any

from componentize_py_types import Err, Ok, Some


class Duck:
    """An object with whatever attributes it is given."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__ |= attributes


class Sharp:
    """An object whose every use as a value raises."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise ValueError(name)

    def __bool__(self) -> bool:
        raise ValueError("neither true nor false")


class Index:
    """No integer, but an index."""

    def __init__(self, value: int) -> None:
        self.number = value

    def __index__(self) -> int:
        return self.number


class Floating:
    """No float, but convertible to one."""

    def __init__(self, value: float) -> None:
        self.number = value

    def __float__(self) -> float:
        return self.number


class Number(int):
    """An integer that compares and prints as nobody expects."""

    def __repr__(self) -> str:
        return "Number"

    def __index__(self) -> int:
        return 7

    __int__ = __index__


class Real(float):
    """A float that converts to another one."""

    def __float__(self) -> float:
        return 7.0


class Text(str):
    """A string that prints as another one, and has a length of its own."""

    def __str__(self) -> str:
        return "other"

    def __len__(self) -> int:
        return 1


class Bytes(bytes):
    """Bytes that convert to others, and have a length of their own."""

    def __bytes__(self) -> bytes:
        return b"other"

    def __len__(self) -> int:
        return 2


class Array(list[Any]):
    """A list that iterates as another one would."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 3


class Row(tuple[Any, ...]):
    """A tuple that iterates as another one would."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 1


class Level(IntEnum):
    """An enum of no world, whose members are integers."""

    LOW = 0
    HIGH = 1


class Worse(Err[Any]):
    """A subclass of `Err`, which is not an `Err` at the border."""


def throw(error: Any) -> Any:
    raise error


def sub(value: Any, **more: Any) -> Any:
    """`value` as an instance of a subclass of its class."""
    cls = type(value)
    made: Any = object.__new__(type(cls.__name__, (cls,), {}))
    made.__dict__ |= {**getattr(value, "__dict__", {}), **more}
    return made


def without(value: Any, attribute: str) -> Any:
    """`value` with one attribute less."""
    object.__delattr__(value, attribute)
    return value


def describe(value: Any) -> str:
    """A value with its exact types, spelled the same by every Python."""
    cls = type(value)
    name = cls.__name__
    if isinstance(value, Enum | Flag):
        return f"{name}({value.value})"
    if cls in (list, tuple):
        return f"{name}[{', '.join(map(describe, value))}]"
    if hasattr(cls, "__match_args__"):
        inner = ", ".join(describe(getattr(value, field)) for field in cls.__match_args__)
        return f"{cls.__module__.rpartition('.')[2] if name[0] in 'RV' else ''}.{name}({inner})"
    return f"{name} {value!a}"


def namespace(*modules: ModuleType) -> dict[str, Any]:
    """The names that an expression may use: the classes of these modules and all of this one."""
    found: dict[str, Any] = {"Err": Err, "Ok": Ok, "Some": Some}
    for module in modules:
        found |= {k: v for k, v in vars(module).items() if isinstance(v, type)}
    return {**globals(), **found}


class Face:
    """An interface whose functions do what their names begin with, whoever implements it."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self, "_" + name.rstrip("0123456789"))

    def _give(self, expression: str) -> Any:
        return eval(expression, self._names)

    _throw = _give

    def _show(self, value: Any) -> str:
        return describe(value)

    def _echo(self, value: Any) -> tuple[Any]:
        return (value,)
