"""Whether what a program gives for an import can serve it: one finding per mistake, and cheap when there is none.

Every instance is checked, so a plain function is judged by its code object: `inspect.signature` costs twenty times
that.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from functools import partial
from types import FunctionType, MethodType
from typing import Any

from witkit import abi
from witkit.text import Diagnostic, did_you_mean, error

MISSING_FUNCTION = "WIT0711"
WRONG_ARITY = "WIT0712"
ASYNC_FUNCTION = "WIT0718"

_DATA = (dict, list, tuple, set, frozenset, bytes, bytearray, int, float, bool)
"""Classes whose methods, such as `get` and `count`, are never the functions of an interface."""


def check(name: str, functions: Iterable[abi.Func], given: Any, file: str) -> list[Diagnostic]:
    """What is wrong with an implementation of functions of the import `name` ("" for the world itself)."""
    wanted = list(functions)
    if isinstance(given, str):
        return [_text(_shown(name), given, file)]
    if wanted and type(given) in _DATA:
        return [_nothing(_shown(name), wanted, given, file)]
    if wanted and not any(_owner(func, given) is not None for func in wanted):
        if len(wanted) > 1:
            return [_nothing(_shown(name), wanted, given, file)]
    elif isinstance(given, type) and any(_needs_instance(func, given) for func in wanted):
        return [_class(_shown(name), given, file)]
    found = [_function(func, given, name, file, wanted) for func in wanted]
    # A class that is missing is missing once, not for each of its functions.
    return list({(d.code, d.message): d for d in found if d is not None}.values())


def _shown(name: str) -> str:
    return f"the import `{name}`" if name else "the imports of the world itself"


def _owner(func: abi.Func, given: Any) -> Any:
    """What should have the function (or, for a resource's, is its class), None if it does not."""
    if func.resource is not None and func.kind != "free":
        return getattr(given, func.resource.attr, None)
    return given if hasattr(given, func.attr) else None


def _function(func: abi.Func, given: Any, name: str, file: str, wanted: list[abi.Func]) -> Diagnostic | None:
    """Whether the implementation has the function, can take its parameters, and gives its result at once."""
    where = f"{name}#{func.name}" if name else func.name
    holder = given.__name__ if inspect.ismodule(given) else type(given).__name__
    owner, attr, further = given, func.attr, 0
    if func.resource is not None and func.kind != "free":
        owner = getattr(given, func.resource.attr, None)
        if not hasattr(given, func.resource.attr):
            return _no_class(name or where, given, holder, func.resource.attr, file)
        holder, further = f"{holder}.{func.resource.attr}", int(func.kind == "method")
        if not isinstance(owner, type):
            if not callable(owner):
                return _no_maker(name or where, owner, holder, file)
            if func.kind == "method":
                return None  # a function makes the objects, which are seen when they come
    target = owner if func.kind == "constructor" else getattr(owner, attr, None)
    shown = holder if func.kind == "constructor" else f"{holder}.{attr}"
    if not callable(target):
        return _no_function(where, owner, shown, holder, attr, file, wanted)
    if is_async(target) and not func.is_async:
        return _async(shown, where, file)
    count = len(func.params)
    if takes(target, count + further):
        return None
    named = ", ".join(p.name for p in func.params) or "none"
    return error(
        WRONG_ARITY, f"`{shown}` cannot take the parameters of `{where}`", file=file,
        help=f"it is called with {count} {'argument' if count == 1 else 'arguments'}: {named}",
    )  # fmt: skip


def is_async(target: Any) -> bool:
    """Whether calling it gives something to await: an `async def` function or generator, in whatever wrapping."""
    while isinstance(target, partial):
        target = target.func
    if isinstance(target, type):
        return False
    function = target.__func__ if type(target) is MethodType else target
    if type(function) is FunctionType and not vars(function):
        return _has_code(function)
    # Of an object that can be called, its class's function decides; but an object that replaces something else, as
    # `AsyncMock` does, shows by its own code what it replaces.
    call = getattr(type(target), "__call__", None)  # noqa: B004
    return any(inspect.iscoroutinefunction(f) or inspect.isasyncgenfunction(f) or _has_code(f) for f in (target, call))


def _has_code(function: Any) -> bool:
    """Whether what need not be a function of Python has the code of an asynchronous one."""
    flags = getattr(getattr(function, "__code__", None), "co_flags", 0)
    return isinstance(flags, int) and bool(flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR))


def takes(target: Any, count: int) -> bool:
    """Whether a callable accepts that many positional arguments; true if it does not say."""
    function = target
    if type(target) is MethodType:
        function, count = target.__func__, count + 1
    elif type(target) is type and (made := _maker(target)) is not None:
        function, count = made, count + 1
    if type(function) is FunctionType and not (vars(function).keys() & {"__wrapped__", "__signature__"}):
        return _function_takes(function, count)
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError):
        return True
    try:
        signature.bind(*[None] * (count - (function is not target)))
    except TypeError:
        return False
    return True


def _maker(cls: type) -> Any:
    """The `__init__` that alone decides what calling a class takes, None if it is not that simple."""
    new, init = getattr(cls, "__new__", None), getattr(cls, "__init__", None)
    return init if new is object.__new__ and type(init) is FunctionType else None


def _function_takes(function: FunctionType, count: int) -> bool:
    code = function.__code__
    if code.co_kwonlyargcount > len(function.__kwdefaults__ or ()):
        return False
    if count < code.co_argcount - len(function.__defaults__ or ()):
        return False
    return count <= code.co_argcount or bool(code.co_flags & inspect.CO_VARARGS)


def _needs_instance(func: abi.Func, given: type) -> bool:
    """Whether a class has a function of an interface as a method, so that only its instances can be called."""
    owned = func.resource is not None and func.kind != "free"
    return not owned and isinstance(inspect.getattr_static(given, func.attr, None), FunctionType) and not takes(
        getattr(given, func.attr), len(func.params)
    )  # fmt: skip


def _class(shown: str, given: type, file: str) -> Diagnostic:
    return error(
        MISSING_FUNCTION, f"{shown} is given the class `{given.__name__}`, whose functions need an instance", file=file,
        help=f"give an instance, such as `{given.__name__}()`",
    )  # fmt: skip


def _text(shown: str, given: str, file: str) -> Diagnostic:
    return error(
        MISSING_FUNCTION, f"{shown} is given the text {given!r}, which has no functions", file=file,
        help="give an object or a module that has them; `witkit.host.bind` and `witkit.backends.open` open a backend "
        "by its name",
    )  # fmt: skip


def _nothing(shown: str, wanted: list[abi.Func], given: Any, file: str) -> Diagnostic:
    """Not one of the functions is there: it is the wrong object, not one that lacks some."""
    what = (
        f"the module `{given.__name__}`" if inspect.ismodule(given) else f"an object of type `{type(given).__name__}`"
    )
    what = f"the class `{given.__name__}`" if isinstance(given, type) else what
    attrs = dict.fromkeys(f.attr if f.kind == "free" or f.resource is None else f.resource.attr for f in wanted)
    named = ", ".join(f"`{attr}`" for attr in list(attrs)[:6]) + (", …" if len(attrs) > 6 else "")
    instead = ", such as `SimpleNamespace(**functions)`" if type(given) is dict else ""
    return error(
        MISSING_FUNCTION, f"{shown} is given {what}, which has nothing that it needs", file=file,
        help=f"give an object that has {named}{instead}",
    )  # fmt: skip


def _async(shown: str, where: str, file: str) -> Diagnostic:
    return error(
        ASYNC_FUNCTION, f"`{shown}` is asynchronous, but the import `{where}` is not an `async func`", file=file,
        help="nothing would await it: make it a plain `def`, which may run a coroutine by `asyncio.run` or in the loop "
        "of another thread",
    )  # fmt: skip


def _no_class(where: str, owner: Any, holder: str, attr: str, file: str) -> Diagnostic:
    near = did_you_mean(attr, [n for n in dir(owner) if not n.startswith("_")])
    return error(
        MISSING_FUNCTION, f"`{holder}` has no class `{attr}`, which the import `{where}` needs", file=file,
        help=near or f"add `{attr}` to it",
    )  # fmt: skip


def _no_maker(where: str, owner: Any, holder: str, file: str) -> Diagnostic:
    """Something else in place of the class that makes the objects, perhaps one of these."""
    given = type(owner).__name__
    return error(
        MISSING_FUNCTION, f"`{holder}` is not a class but {_a(given)}, and the import `{where}` needs one", file=file,
        help="give the class itself, or a function that makes its objects",
    )  # fmt: skip


def _no_function(
    where: str, owner: Any, shown: str, holder: str, attr: str, file: str, wanted: list[abi.Func]
) -> Diagnostic:
    """A function that is missing, or something else of its name."""
    if hasattr(owner, attr):
        value = inspect.getattr_static(owner, attr, None)
        message = f"`{shown}` is not a function but {_a(type(value).__name__)}, and the import `{where}` calls it"
        return error(MISSING_FUNCTION, message, file=file, help=f"make `{attr}` a function")
    # What the import needs as well is not a misspelling.
    needed = {func.attr for func in wanted}
    near = did_you_mean(attr, [n for n in dir(owner) if not n.startswith("_") and n not in needed])
    return error(
        MISSING_FUNCTION, f"`{holder}` has no function `{attr}`, which the import `{where}` needs", file=file,
        help=near or f"add `{attr}` to it",
    )  # fmt: skip


def _a(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} `{noun}`"
