"""References in settings: `${env:NAME}`, `${file:PATH}` and `${secret:NAME}`; `$${` is the text `${`.

They are looked up when a backend is opened, so that what is not used does not need to be there. What they give is
treated as a secret: it is masked in everything that witkit writes. The exception is an environment variable in a public
setting, such as `prefix`, unless the name of the setting or of the variable, or the form of the value, says that it is
one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from witkit.text import Span, did_you_mean
from witkit.text.secrets import learn

from .errors import WrongSetting, WrongSettings, each_of, several, wrong_setting
from .stored_secrets import SecretStore

_REFERENCE: Final = re.compile(r"\$\$\{|\$\{(?P<text>[^{}]*)\}|\$\{")
_KINDS: Final = ("env", "file", "secret")
MOST: Final = 1024 * 1024
"""The most bytes of a file for `${file:…}`."""


def looked_up(settings: Mapping[str, Any], places: Mapping[str, Span]) -> dict[str, Any]:
    """The settings with values for all references. Raises WitkitError (WIT0910) with all that have none.

    A relative path is relative to the folder of the file that the setting is from, or else to the current folder.
    """
    wrong: list[WrongSetting] = []
    found = {name: resolved(value, name, places.get(name), wrong) for name, value in settings.items()}
    if wrong:
        raise several(wrong).placed(places)
    return found


def resolved(value: Any, name: str, place: Span | None, wrong: list[WrongSetting], *, public: bool = False) -> Any:
    """The value of the setting `name`, with values for its references.

    What has a reference without a value stays as it is, and `wrong` gets the mistake (WIT0910). `public` is for a
    setting that is not made for secrets.
    """
    found = _replaced(value, name, lambda text, part: _text(text, part, folder_of(place), public), wrong)
    learn(found, name)
    return found


def written(value: Any, name: str, wrong: list[WrongSetting]) -> list[str]:
    """The names of the setting, or of the parts of it, that have references. Looks nothing up.

    `wrong` gets the mistakes (WIT0910) in references of an unknown form.
    """
    found: list[str] = []

    def note(text: str, part: str) -> str:
        found.append(part)
        each_of(lambda each: each[0] == "$${" or _kind(each["text"], part), _REFERENCE.finditer(text))
        return text

    _replaced(value, name, note, wrong)
    return found


def folder_of(place: Span | None) -> Path:
    """The folder of the file that a setting is from."""
    return Path() if place is None else Path(place.source.name).parent


def _replaced(value: Any, name: str, read: Callable[[str, str], str], wrong: list[WrongSetting]) -> Any:
    """The value, with what `read` makes of each text that has references, and of the name of this part."""
    if isinstance(value, Mapping):
        return {key: _replaced(part, f"{name}.{key}", read, wrong) for key, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, f"{name}.{number}", read, wrong) for number, part in enumerate(value)]
    if not isinstance(value, str) or "${" not in value:
        return value
    try:
        return read(value, name)
    except WrongSettings as mistakes:
        wrong += mistakes.mistakes
        return value


def _text(text: str, name: str, folder: Path, public: bool) -> str:
    values = iter(each_of(lambda found: _value(found, name, folder, public), _REFERENCE.finditer(text)))
    return _REFERENCE.sub(lambda _: next(values), text)


def _value(reference: re.Match[str], name: str, folder: Path, public: bool) -> str:
    if reference[0] == "$${":
        return "${"
    kind, what = _kind(reference["text"], name)
    value = _LOOKED_UP[kind](what, name, folder)
    learn({what if public and kind == "env" else "secret": value})
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
        message = f"`{name}` needs the environment variable `{variable}`, which is not set"
        raise wrong_setting(message, f"set it: export {variable}=…", setting=name)
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
