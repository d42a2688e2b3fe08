"""Which value was wrong, and where: what generated functions call after a value was refused."""

from __future__ import annotations

import inspect
import struct
from typing import Any, NoReturn

from witkit import abi
from witkit.canonical import check
from witkit.text import Error


def parameters(func: abi.Func) -> list[abi.Param]:
    """The parameters as they cross the boundary: a method's `self` first."""
    if func.kind == "method":
        assert func.resource is not None
        return [abi.Param("self", abi.Borrow(func.resource)), *func.params]
    return list(func.params)


def label(func: abi.Func) -> str:
    """The function in paths: `place`, `store.get`, `store.open`, `store`."""
    return func.name.rpartition("]")[2]


def blame_arguments(func: abi.Func, arguments: tuple[Any, ...], error: Exception) -> NoReturn:
    """Say which argument is wrong; if none is, raise the error itself."""
    _refuse_stopped(error)
    for parameter, value in zip(parameters(func), arguments, strict=True):
        check.explain(parameter.type, value, f"{label(func)}({parameter.name})")
    _reraise(error, label(func))


def blame_result(func: abi.Func, ok: bool, value: Any, error: Exception) -> NoReturn:
    """Say what is wrong with what a host function returned or raised as `Err`."""
    _refuse_stopped(error)
    type, path = func.result, f"{label(func)}() result"
    _refuse_pending(value, path)
    if func.raises and isinstance(type, abi.Result):
        type, path = (type.ok, path) if ok else (type.err, f"{label(func)}() error")
    if type is None and value is not None:
        raise TypeError(f"{path}: expected None, there is no value, got {check.shown(value)}") from None
    if type is not None:
        check.explain(type, value, path)
    _reraise(error, path)


def no_result(func: abi.Func, value: Any) -> None:
    """A function without a result may return what it likes, but nothing that has yet to run."""
    _refuse_pending(value, f"{label(func)}()")


def _refuse_stopped(error: Exception) -> None:
    """Raise what is not about a value: the guest stopped while it was given one."""
    if isinstance(error, Error) and not isinstance(error, ValueError):
        raise error


def _reraise(error: Exception, path: str) -> NoReturn:
    """What no check explains: an object that changes while it is looked at, or the user's own exception."""
    if isinstance(error, (OverflowError, struct.error)):
        raise ValueError(f"{path}: {error}") from error
    if isinstance(error, KeyError) and type(error) is KeyError:
        raise TypeError(f"{path}: a value of a class that the type does not have") from error
    raise error


def _refuse_pending(value: Any, path: str) -> None:
    """Raise TypeError for what only an `async func` could give."""
    if inspect.isawaitable(value) or inspect.isasyncgen(value):
        if inspect.iscoroutine(value):
            value.close()
        kind = type(value).__name__
        raise TypeError(
            f"{path}: the implementation returned an object to await ({kind}), but the import is not an `async func`: "
            "nothing would await it"
        ) from None
