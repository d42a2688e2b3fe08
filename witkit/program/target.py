"""What to call in a component, and what to say where that is not there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from witkit import abi
from witkit.abi.versions import split, track
from witkit.text import WitkitError, did_you_mean, error

from .values import Unfit, from_json, unsupported, wit

NO_PROGRAM = "WIT0805"
NO_FUNCTION = "WIT0911"
WRONG_ARGUMENTS = "WIT0912"

RUN = "wasi:cli/run@0.2.0"

_LEFT_BY_COMPONENTIZE_PY = ("exports", ["init"])
"""An interface of each of its components, which it calls itself while it builds. It is no part of the world."""


@dataclass(frozen=True, slots=True)
class Target:
    """An exported function: its interface ("" for one of the world) and its type."""

    interface: str
    func: abi.Func

    @property
    def name(self) -> str:
        """The short name that `--invoke` takes: `place`, `catalog.stock`."""
        return f"{_short(self.interface)}.{self.func.name}" if self.interface else self.func.name

    @property
    def names(self) -> set[str]:
        """Everything that `--invoke` takes for it, but the function's bare name."""
        dotted = {self.name, f"{self.interface}#{self.func.name}"}
        return dotted | {f"{_short(self.interface)}#{self.func.name}"} if self.interface else dotted

    @property
    def signature(self) -> str:
        params = ", ".join(f"{param.name}: {wit(param.type)}" for param in self.func.params)
        return f"{self.name}({params})"


class Exporting(Protocol):
    """A component, or a guest that this Python runs: what it exports, by name."""

    @property
    def name(self) -> str: ...

    @property
    def exports(self) -> Sequence[str]: ...

    def interface(self, name: str) -> abi.Interface: ...


def program(component: Exporting, tracks: Sequence[str] = ("0.2",)) -> Target:
    """`wasi:cli/run` of one of these versions of WASI. Raises WitkitError (WIT0805) if it is not exported."""
    for name in component.exports:
        path, version = split(name)
        draft = "0.3" if version.startswith("0.3.0-") else track(version)
        if path == "wasi:cli/run" and draft in tracks:
            return Target(name, abi.Func("run", "run", (), abi.Result(None, None), raises=True))
    raise WitkitError([
        error(
            NO_PROGRAM, f"there is no program to run: the component does not export `{RUN}`", file=component.name,
            help=_offer(component),
        )
    ])  # fmt: skip


def named(component: Exporting, name: str) -> Target:
    """The exported function of this name. Raises WitkitError (WIT0911) where there is none, or several."""
    functions = list(exported(component))
    found = [each for each in functions if name in each.names]
    found = found or [each for each in functions if name == each.func.name]
    if len(found) == 1:
        return found[0]
    if found:
        message = f"several functions are called `{name}`"
        help = f"take one of {', '.join(each.name for each in found)}"
    else:
        message = f"the component exports no function `{name}`"
        help = did_you_mean(name, [each.name for each in functions]) or _offer(component)
    raise WitkitError([error(NO_FUNCTION, message, help=help, file=component.name)])


def arguments(target: Target, given: Sequence[str], component: str) -> list[Any]:
    """The values for a function's parameters, from their JSON. A word that is no JSON is taken as a string.

    Raises WitkitError (WIT0912) where number or types do not fit.
    """
    func = target.func
    parts = [*(param.type for param in func.params), func.result]
    impossible = next((what for part in parts if (what := unsupported(part))), None)
    if impossible:
        raise _wrong(f"`{target.name}` cannot be called from here: it passes {impossible}", component)
    if len(given) != len(func.params):
        count = f"{len(func.params)} {'argument' if len(func.params) == 1 else 'arguments'}"
        raise _wrong(f"`{target.name}` takes {count}, not {len(given)}", component, f"call `{target.signature}`")
    try:
        return [
            from_json(param.type, _json(text, param.type), param.name)
            for param, text in zip(func.params, texts(given), strict=True)
        ]
    except Unfit as unfit:
        raise _wrong(str(unfit), component, f"arguments are JSON; call `{target.signature}`") from None


def texts(arguments: Sequence[str]) -> list[str]:
    """Words of the command line as UTF-8, which is all that a component knows, whatever this machine's encoding is."""
    return [os.fsencode(argument).decode("utf-8", "replace") for argument in arguments]


def exported(component: Exporting) -> Iterator[Target]:
    """Every function that can be called by name; methods of resources cannot."""
    own = component.interface("").functions
    yield from (Target("", func) for func in own)
    names = {func.name for func in own}
    for interface in (name for name in component.exports if name not in names):
        functions = component.interface(interface).functions
        if (interface, [func.name for func in functions]) == _LEFT_BY_COMPONENTIZE_PY:
            continue
        yield from (Target(interface, func) for func in functions if not func.name.startswith("["))


def _json(text: str, type: abi.Type) -> Any:
    try:
        value = json.loads(text, parse_constant=_no_json)
    except (ValueError, RecursionError):
        return text
    return text if type == abi.STRING and not isinstance(value, str) else value


def _no_json(constant: str) -> Any:
    """`NaN` and the infinities, which Python would take: as JSON they are strings, and so is a word that is no JSON."""
    raise ValueError(constant)


def _offer(component: Exporting) -> str:
    callable = [each.signature for each in exported(component)]
    if not callable:
        return "it exports no function that can be called from here"
    return "call one of its functions with `--invoke NAME` and arguments in JSON:\n" + "\n".join(callable)


def _short(interface: str) -> str:
    return interface.partition("@")[0].rpartition("/")[2]


def _wrong(message: str, component: str, help: str = "") -> WitkitError:
    return WitkitError([error(WRONG_ARGUMENTS, message, help=help, file=component)])
