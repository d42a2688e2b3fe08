"""The few values that Python has no type of its own for: `Ok`, `Err`, `Some`.

Names and constructors are those of componentize-py's `componentize_py_types`, so that one mental model
serves host and guest.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import FrozenInstanceError, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeAlias, TypeVar

T = TypeVar("T")
E = TypeVar("E")
T_co = TypeVar("T_co", covariant=True)
if TYPE_CHECKING:
    from typing_extensions import TypeVar as TypeVarWithDefault

    # What `except Err as error` catches has a value of any type.
    V_co = TypeVarWithDefault("V_co", default=Any, covariant=True)
else:
    V_co = TypeVar("V_co", covariant=True)

guest_runs: ContextVar[bool] = ContextVar("guest_runs", default=False)
"""Whether a guest's own code is what runs, under CPython: an `Err` cannot be changed there, nor in the component."""


@dataclass
class Some(Generic[T_co]):
    """The inner value of an `option` nested directly in an `option`; `None` is the outer `none`."""

    value: T_co


@dataclass
class Ok(Generic[T_co]):
    """The success of a `result` that is a value, not the direct result of a function."""

    value: T_co


_ADVICE = (
    ": in the component, an `Err` cannot leave a `with` statement over a `contextlib.contextmanager`;"
    " write a class with `__enter__` and `__exit__`, or try and finally"
)


class Err(Exception, Generic[V_co]):
    """The error of a `result`: raised where a function returns one, a plain value elsewhere.

    While a guest runs, changing one raises `FrozenInstanceError`, as it does in the component.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ("value",)
    value: V_co

    def __init__(self, value: V_co) -> None:
        super().__init__(value)
        self.__dict__["value"] = value

    def __setattr__(self, name: str, value: Any) -> None:
        # componentize-py's `Err` is a frozen dataclass, which lets subclasses have attributes of their own.
        if guest_runs.get() and (type(self) is Err or name == "value"):
            raise FrozenInstanceError(f"cannot assign to field {name!r}{_ADVICE if name == '__traceback__' else ''}")
        super().__setattr__(name, value)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.value == self.value

    def __hash__(self) -> int:
        try:
            return hash((self.value,))
        except TypeError:
            if guest_runs.get():  # as in the component; a host's tools may hash every exception
                raise
            return hash((type(self), repr(self.value)))

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}(value={self.value!r})"


Result: TypeAlias = Ok[T] | Err[E]
