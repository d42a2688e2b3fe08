"""The few values that Python has no own word for: `Ok`, `Err`, `Some`.

Names and constructors are those of componentize-py's `componentize_py_types`, so that one mental model
serves host and guest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Some(Generic[T]):
    """The inner value of an `option` nested directly in an `option`; `None` is the outer `none`."""

    value: T


@dataclass(frozen=True, slots=True)
class Ok(Generic[T]):
    """The success of a `result` that is a value, not the direct result of a function."""

    value: T


class Err(Exception, Generic[E]):
    """The error of a `result`: raised where a function returns one, a plain value elsewhere."""

    value: E

    def __init__(self, value: E) -> None:
        super().__init__(value)
        self.value = value

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.value == self.value

    def __hash__(self) -> int:
        return hash((type(self), repr(self.value)))

    def __repr__(self) -> str:
        return f"Err({self.value!r})"


Result: TypeAlias = Ok[T] | Err[E]
