"""The providers of a program's imports, as the runtime and guests under CPython get them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

from witkit import abi
from witkit.abi import Provided
from witkit.abi.provided import written_against
from witkit.text import WitkitError

from .providers import Provider, closing, host_style, implementation, missing


def described(component: Any, name: str) -> abi.Interface:
    """The import of a name as a class implements it. A function of the world is an interface without a name."""
    find = component.imported if hasattr(component, "imported") else partial(component.interface, imported=True)
    own = find("")
    functions = tuple(func for func in own.functions if func.name == name)
    return abi.Interface("", functions) if functions else host_style(find(name))


@contextmanager
def providing(component: Any, providers: Mapping[str, Provider]) -> Iterator[list[Provided]]:
    """The implementations of imports by providers, which are closed when the `with` statement ends."""
    with ExitStack() as stack:
        yield [*_provided(component, providers, stack)]


def implementations(given: Sequence[Provided]) -> dict[str, Any]:
    """The same by the names that a guest under CPython has for them."""
    return {each.name or "world": each.implementation for each in given}


def provided(name: str, interface: abi.Interface, provider: Provider, stack: ExitStack) -> Provided:
    """What a provider gives for an import, until `stack` is closed. Raises WitkitError, also with what it lacks."""
    styled, given = host_style(interface), provider.load()
    if lacking := missing(name, styled, given, ""):
        raise WitkitError(lacking)
    closing(stack, given)
    return Provided(next(written_against(given, styled), styled), implementation(styled, given))


def _provided(component: Any, providers: Mapping[str, Provider], stack: ExitStack) -> Iterator[Provided]:
    labels = getattr(component, "labels", {})
    own: dict[abi.Func, Any] = {}
    for name, provider in providers.items():
        interface, given = described(component, name), closing(stack, provider.load())
        made = implementation(interface, given)
        if interface.name:
            spoken = next(written_against(given, interface), interface)
            yield Provided(spoken, made, name if name in labels else None)
        else:
            own |= dict.fromkeys(interface.functions, made)
    if own:
        functions = {func.attr: getattr(made, func.attr) for func, made in own.items()}
        yield Provided(abi.Interface("", tuple(own)), SimpleNamespace(**functions))
