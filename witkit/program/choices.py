"""The user's choices for the backends, as the command line writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from witkit.backends.base import wrong_setting
from witkit.backends.connect import Choice
from witkit.backends.table import CAPABILITIES
from witkit.text import WitkitError, did_you_mean


def choices(backends: Iterable[str], settings: Iterable[str]) -> dict[str, Choice]:
    """Choices by capability from `capability=backend` and `capability.setting=value`, the last of each counts.

    A value is a number, `true` or `false` where it reads as one, else text; except that `path` is always
    text. A setting with further dots, as in `configs.values.greeting=hello`, is a table. Raises WitkitError
    (WIT0910) for what is not of this form and for unknown capabilities; backends and settings are checked when
    they are opened.
    """
    chosen: dict[str, str] = {}
    given: dict[str, dict[str, Any]] = {}
    for text in backends:
        capability, value = _parts(text, "CAPABILITY=BACKEND")
        chosen[_known(capability, text)] = value
    for text in settings:
        name, value = _parts(text, "CAPABILITY.SETTING=VALUE")
        capability, _, setting = name.partition(".")
        _put(given.setdefault(_known(capability, text), {}), setting.split("."), value, text)
    return {name: Choice(chosen.get(name), given.get(name, {})) for name in {**chosen, **given}}


def _parts(text: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value) and not (equals and "." in name):
        raise wrong_setting(f"`{text}` is not of the form {form}")
    return name, value


def _known(capability: str, text: str) -> str:
    if capability in CAPABILITIES:
        return capability
    help = did_you_mean(capability, CAPABILITIES) or f"capabilities: {', '.join(CAPABILITIES)}"
    raise wrong_setting(f"there is no capability `{capability}`, as `{text}` has it", help)


def _put(table: dict[str, Any], path: list[str], value: str, text: str) -> None:
    *tables, last = path
    for name in tables:
        table = table.setdefault(name, {})
        if not isinstance(table, dict):
            raise _clash(text)
    if not last or isinstance(table.get(last), dict):
        raise _clash(text)
    table[last] = value if last == "path" else _read(value)


def _read(value: str) -> Any:
    try:
        found = json.loads(value)
    except ValueError:
        return value
    return found if isinstance(found, bool | int | float) else value


def _clash(text: str) -> WitkitError:
    return wrong_setting(f"`{text}` names no single setting", "write `capability.setting=value`, each setting once")
