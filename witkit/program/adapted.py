"""A plain class as the implementation of an interface: its values are plain ones (see `plain`)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from witkit import abi
from witkit.abi import drops
from witkit.text import Span, WitkitError, error

from .failures import BACKEND_FAILED
from .plain import Plain
from .values import Unfit


class _Object:
    """A resource's object as the runtime has it, for one of the provider's."""

    target: Any

    def __wit_dropped__(self) -> None:
        drops.notify(self.target)

    def __wit_ended__(self) -> None:
        drops.end(self.target)


def adapted(interface: abi.Interface, provider: Any) -> Any:
    """An object with the functions of an interface, and a class for each resource, that call those of a provider."""
    classes: dict[abi.Resource, type[_Object]] = {
        each: type(each.attr, (_Object,), {"__module__": __name__}) for each in interface.resources
    }

    def given(resource: abi.Resource, target: Any) -> _Object:
        made: _Object = object.__new__(classes[resource])
        made.target = target
        return made

    plain = Plain(frozenset(classes), lambda value: getattr(value, "target", value), given)
    found = SimpleNamespace(**{each.attr: cls for each, cls in classes.items()})
    for func in interface.functions:
        cls = None if func.resource is None or func.kind == "free" else classes[func.resource]
        if cls is None:
            setattr(found, func.attr, _called(plain, interface, func, getattr(provider, func.attr, None)))
            continue
        assert func.resource is not None
        own = getattr(provider, func.resource.attr, None)
        if func.kind == "method":
            setattr(cls, func.attr, _method(plain, interface, func))
        elif func.kind == "static":
            setattr(cls, func.attr, staticmethod(_called(plain, interface, func, getattr(own, func.attr, None))))
        else:
            cls.__init__ = _constructor(plain, interface, func, own)  # type: ignore[method-assign]
    return found


def _method(plain: Plain, interface: abi.Interface, func: abi.Func) -> Callable[..., Any]:
    def method(self: _Object, *arguments: Any) -> Any:
        return _called(plain, interface, func, getattr(self.target, func.attr))(*arguments)

    return method


def _constructor(plain: Plain, interface: abi.Interface, func: abi.Func, own: Any) -> Callable[..., None]:
    def construct(self: _Object, *arguments: Any) -> None:
        self.target = own(*(plain.take(p.type, value) for p, value in zip(func.params, arguments, strict=True)))

    return construct


def _called(plain: Plain, interface: abi.Interface, func: abi.Func, target: Any) -> Callable[..., Any]:
    """The function with values of the description. What it returns or raises is checked against its type."""
    result = func.result
    sides = result if isinstance(result, abi.Result) and func.raises else abi.Result(result, None)

    def call(*arguments: Any) -> Any:
        taken = [plain.take(param.type, value) for param, value in zip(func.params, arguments, strict=True)]
        try:
            answer = target(*taken)
        except abi.Err as refused:
            raise abi.Err(_given(sides.err, refused.value)) from refused
        return _given(sides.ok, answer)

    def _given(type: abi.Type | None, value: Any) -> Any:
        if type is None:
            return None
        try:
            return plain.give(type, value)
        except Unfit as unfit:
            name = f"{interface.name}#{func.name}" if interface.name else func.name
            message = f"what `{name}` returned does not fit its type: {unfit}"
            raise WitkitError([error(BACKEND_FAILED, message, source_place(target))]) from None

    return call


def source_place(given: Any) -> Span | None:
    """The line on which a function or class is defined, if it is written in Python."""
    # Only mistakes need it, and every run would wait for its import.
    from witkit.componentize.modules import line

    try:
        file = inspect.getsourcefile(given)
        number = inspect.getsourcelines(given)[1]
    except (TypeError, OSError):
        return None
    return None if file is None else line(Path(file), max(number, 1))
