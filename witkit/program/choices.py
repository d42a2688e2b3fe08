"""Parse the choices of backends and settings on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from witkit.backends.connect import Choice
from witkit.backends.errors import wrong_setting
from witkit.backends.table import CAPABILITIES
from witkit.text import Diagnostic, WitkitError, did_you_mean


def choices(backends: Iterable[str], settings: Iterable[str]) -> tuple[dict[str, Choice], list[Diagnostic]]:
    """Choices by capability, and what is wrong (WIT0910): other forms, and unknown capabilities.

    They come from `capability=backend` and `capability.setting=value`. The last one of each wins. Values stay texts:
    each backend reads those of its settings. A setting with more dots, as in `configs.values.greeting=hello`, is a
    table. Backends and settings are checked when the backend is opened.
    """
    chosen: dict[str, str] = {}
    given: dict[str, dict[str, Any]] = {}
    problems: list[Diagnostic] = []
    for text in backends:
        with _collected(problems):
            capability, value = _parts(text, "CAPABILITY=BACKEND")
            chosen[_known(capability, text)] = value
    for text in settings:
        with _collected(problems):
            name, value = _parts(text, "CAPABILITY.SETTING=VALUE")
            capability, _, setting = name.partition(".")
            _put(given.setdefault(_known(capability, text), {}), setting.split("."), value, text)
    return {name: Choice(chosen.get(name), given.get(name, {})) for name in {**chosen, **given}}, problems


@contextmanager
def _collected(problems: list[Diagnostic]) -> Iterator[None]:
    """Add the errors of the body to the problems."""
    try:
        yield
    except WitkitError as wrong:
        problems += wrong.diagnostics


def _parts(text: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value) and not (equals and "." in name):
        raise wrong_setting(f"`{text}` does not have the form {form}")
    return name, value


def _known(capability: str, text: str) -> str:
    if capability in CAPABILITIES:
        return capability
    help = did_you_mean(capability, CAPABILITIES) or f"capabilities: {', '.join(CAPABILITIES)}"
    raise wrong_setting(f"there is no capability `{capability}`, as in `{text}`", help)


def _put(table: dict[str, Any], path: list[str], value: str, text: str) -> None:
    if not all(path):
        raise _clash(text)
    *tables, last = path
    for name in tables:
        table = table.setdefault(name, {})
        if not isinstance(table, dict):
            raise _clash(text)
    if isinstance(table.get(last), dict):
        raise _clash(text)
    table[last] = value


def _clash(text: str) -> WitkitError:
    help = "write `capability.setting=value`, and each setting once"
    return wrong_setting(f"`{text}` does not name exactly one setting", help)
