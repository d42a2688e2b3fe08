"""References in settings: `${env:NAME}`, `${file:PATH}` and `${secret:NAME}`; `$${` is the text `${`.

They are looked up when a backend is opened, so that what is not used does not need to be there. Whatever they give is
treated as a secret: it is masked in everything that witkit writes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from witkit.text import Span, WitkitError, did_you_mean
from witkit.text.secrets import learn

from .errors import WrongSetting, wrong_setting
from .stored_secrets import SecretStore

_REFERENCE: Final = re.compile(r"\$\$\{|\$\{(?P<text>[^{}]*)\}|\$\{")
_KINDS: Final = ("env", "file", "secret")
MOST: Final = 1024 * 1024
"""The most bytes of a file for `${file:…}`."""


def looked_up(settings: Mapping[str, Any], places: Mapping[str, Span]) -> dict[str, Any]:
    """The settings with values for all references. Raises WitkitError (WIT0910) with all that have none.

    A relative path is relative to the folder of the file that the setting is from, or else to the current folder.
    """
    problems: list[WrongSetting] = []
    found = {}
    for name, value in settings.items():
        try:
            found[name] = resolved(value, name, places.get(name))
        except WrongSetting as problem:
            problems.append(problem)
    if problems:
        raise WitkitError([said for problem in problems for said in problem.diagnostics])
    return found


def resolved(value: Any, name: str, place: Span | None) -> Any:
    """The value of the setting `name`, with values for its references. Raises WrongSetting (WIT0910)."""
    try:
        return _replaced(value, name, folder_of(place))
    except WrongSetting as problem:
        raise (problem.at(place) if place else problem) from None


def check_form(value: Any, name: str) -> bool:
    """Whether a value has references. Looks nothing up. Raises WrongSetting for those of an unknown form."""
    if isinstance(value, Mapping):
        return True in [check_form(each, f"{name}.{key}") for key, each in value.items()]
    if isinstance(value, list):
        return True in [check_form(each, name) for each in value]
    if not isinstance(value, str) or "${" not in value:
        return False
    for found in _REFERENCE.finditer(value):
        if found[0] != "$${":
            _kind(found["text"], name)
    return True


def folder_of(place: Span | None) -> Path:
    """The folder of the file that a setting is from."""
    return Path() if place is None else Path(place.source.name).parent


def _replaced(value: Any, name: str, folder: Path) -> Any:
    if isinstance(value, Mapping):
        return {key: _replaced(each, f"{name}.{key}", folder) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, name, folder) for each in value]
    if not isinstance(value, str) or "${" not in value:
        return value
    return "".join(_parts(value, name, folder))


def _parts(text: str, name: str, folder: Path) -> Iterator[str]:
    at = 0
    for found in _REFERENCE.finditer(text):
        yield text[at : found.start()]
        yield "${" if found[0] == "$${" else _value(found["text"], name, folder)
        at = found.end()
    yield text[at:]


def _value(reference: str | None, name: str, folder: Path) -> str:
    kind, what = _kind(reference, name)
    value = _LOOKED_UP[kind](what, name, folder)
    learn({"secret": value})
    return value


def _kind(reference: str | None, name: str) -> tuple[str, str]:
    """The kind of a reference and what it names."""
    kind, colon, what = (reference or "").partition(":")
    if not colon or not what or kind not in _KINDS:
        help = did_you_mean(kind, _KINDS) or "write ${env:NAME}, ${file:PATH} or ${secret:NAME}; $${ is the text ${"
        raise wrong_setting(f"`{name}` has a reference that witkit does not know", help, name)
    return kind, what


def _variable(variable: str, name: str, folder: Path) -> str:
    value = os.environ.get(variable)
    if value is None:
        raise wrong_setting(f"`{name}` needs the environment variable `{variable}`, which is not set", setting=name)
    return value


def _file(path: str, name: str, folder: Path) -> str:
    """The text of a file without the line end that editors add."""
    file = folder / path
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST + 1)
        text = content.decode()
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or "it is not a text in UTF-8"
        raise wrong_setting(f"`{name}` needs the file `{path}`, which cannot be read: {reason}", setting=name) from None
    if len(content) > MOST:
        raise wrong_setting(f"`{name}` needs the file `{path}`, which has more than {MOST:,} bytes", setting=name)
    return text.removesuffix("\n").removesuffix("\r")


def _secret(secret: str, name: str, folder: Path) -> str:
    store = SecretStore.nearest(folder)
    value = store.get(secret)
    if value is None:
        help = did_you_mean(secret, store.names()) or f"store it: witkit secret set {secret}"
        raise wrong_setting(f"`{name}` needs the secret `{secret}`, which is not stored", help, name)
    return value


_LOOKED_UP: Final[Mapping[str, Callable[[str, str, Path], str]]] = {
    "env": _variable,
    "file": _file,
    "secret": _secret,
}
