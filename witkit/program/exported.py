"""Find the function to call in a component."""

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
SERVER_INIT = "spiderlightning:http/http-server-export"

_LEFT_BY_COMPONENTIZE_PY = ("exports", ["init"])
"""An interface in all of its components, which it calls itself in a build. The world does not have it."""


@dataclass(frozen=True, slots=True)
class ExportedFunction:
    """An exported function: its interface ("" for one of the world) and its type."""

    interface: str
    func: abi.Func

    @property
    def name(self) -> str:
        """The short name for `--invoke`: `place`, `catalog.stock`."""
        return f"{_short(self.interface)}.{self.func.name}" if self.interface else self.func.name

    @property
    def names(self) -> set[str]:
        """All names that `--invoke` accepts, except for the bare name of the function."""
        dotted = {self.name, f"{self.interface}#{self.func.name}"}
        return dotted | {f"{_short(self.interface)}#{self.func.name}"} if self.interface else dotted

    @property
    def signature(self) -> str:
        params = ", ".join(f"{param.name}: {wit(param.type)}" for param in self.func.params)
        return f"{self.name}({params})"


class Exporting(Protocol):
    """A component, or a guest under CPython, with its exports by name."""

    @property
    def name(self) -> str: ...

    @property
    def exports(self) -> Sequence[str]: ...

    def interface(self, name: str) -> abi.Interface: ...


def program(component: Exporting, tracks: Sequence[str] = ("0.2",)) -> ExportedFunction:
    """`wasi:cli/run` of one of these versions of WASI, else what begins a server of SpiderLightning.

    Raises WitkitError (WIT0805) if neither is exported.
    """
    for name in component.exports:
        path, version = split(name)
        draft = "0.3" if version.startswith("0.3.0-") else track(version)
        if path == "wasi:cli/run" and draft in tracks:
            return ExportedFunction(name, abi.Func("run", "run", (), abi.Result(None, None), raises=True))
    for name in component.exports:
        if split(name)[0] == SERVER_INIT:
            return ExportedFunction(name, component.interface(name).functions[0])
    raise WitkitError([
        error(
            NO_PROGRAM, f"there is no program to run: the component does not export `{RUN}`", file=component.name,
            help=_offer(component),
        )
    ])  # fmt: skip


def named(component: Exporting, name: str) -> ExportedFunction:
    """The exported function with this name. Raises WitkitError (WIT0911) if there is none, or several."""
    functions = list(exported(component))
    found = [each for each in functions if name in each.names]
    found = found or [each for each in functions if name == each.func.name]
    if len(found) == 1:
        return found[0]
    if found:
        message = f"several functions are called `{name}`"
        help = f"use one of {', '.join(each.name for each in found)}"
    else:
        message = f"the component does not export a function `{name}`"
        help = did_you_mean(name, [each.name for each in functions]) or _offer(component)
    raise WitkitError([error(NO_FUNCTION, message, help=help, file=component.name)])


def arguments(export: ExportedFunction, given: Sequence[str], component: str) -> list[Any]:
    """The values for a function's parameters, from JSON. An argument that is not valid JSON may be a plain string.

    Raises WitkitError (WIT0912) if the number of arguments or their types are wrong.
    """
    func = export.func
    parts = [*(param.type for param in func.params), func.result]
    impossible = next((what for part in parts if (what := unsupported(part))), None)
    if impossible:
        raise _wrong(f"`{export.name}` cannot be called with JSON: it passes {impossible}", component)
    reject_other_number(export, given, component)
    try:
        return [
            from_json(param.type, _json(text, param.type), param.name)
            for param, text in zip(func.params, texts(given), strict=True)
        ]
    except Unfit as unfit:
        raise _wrong(str(unfit), component, f"arguments are JSON; call `{export.signature}`") from None


def reject_other_number(export: ExportedFunction, given: Sequence[str], component: str) -> None:
    """Raise WitkitError (WIT0912) if a function takes another number of arguments."""
    number = len(export.func.params)
    if len(given) != number:
        count = f"{number} {'argument' if number == 1 else 'arguments'}"
        raise _wrong(f"`{export.name}` takes {count}, not {len(given)}", component, f"call `{export.signature}`")


def texts(arguments: Sequence[str]) -> list[str]:
    """Arguments of the command line in UTF-8, as components need them, whatever the encoding of this machine is."""
    return [os.fsencode(argument).decode("utf-8", "replace") for argument in arguments]


def exported(component: Exporting) -> Iterator[ExportedFunction]:
    """All functions that can be called by name. Methods of resources cannot."""
    own = component.interface("").functions
    yield from (ExportedFunction("", func) for func in own)
    names = {func.name for func in own}
    for interface in (name for name in component.exports if name not in names):
        functions = component.interface(interface).functions
        if (interface, [func.name for func in functions]) == _LEFT_BY_COMPONENTIZE_PY:
            continue
        yield from (ExportedFunction(interface, func) for func in functions if not func.name.startswith("["))


def _json(text: str, type: abi.Type) -> Any:
    try:
        value = json.loads(text, parse_constant=_no_json)
    except (ValueError, RecursionError):
        return text
    return text if type == abi.STRING and not isinstance(value, str) else value


def _no_json(constant: str) -> Any:
    """Reject `NaN` and the infinities, which are not valid JSON but which Python accepts. They are strings here."""
    raise ValueError(constant)


def _offer(component: Exporting) -> str:
    callable = [each.signature for each in exported(component)]
    if not callable:
        return "it does not export a function that can be called with JSON"
    return "call one of its functions with `--invoke NAME` and arguments in JSON:\n" + "\n".join(callable)


def _short(interface: str) -> str:
    return interface.partition("@")[0].rpartition("/")[2]


def _wrong(message: str, component: str, help: str = "") -> WitkitError:
    return WitkitError([error(WRONG_ARGUMENTS, message, help=help, file=component)])
