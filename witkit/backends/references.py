"""References in settings: `${env:NAME}`, `${file:PATH}` and `${secret:NAME}`; `$${` is the text `${`.

They are looked up when a backend is opened, so that what is not used does not need to be there. What they give is
treated as a secret: it is masked in everything that witkit writes. The exception is an environment variable in a public
setting, such as `prefix`, unless the name of the setting or of the variable, or the form of the value, says that it is
one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from witkit.text import Span, did_you_mean
from witkit.text.secrets import learn

from .errors import WrongSettings, each_of, wrong_setting
from .stored_secrets import SecretStore

_REFERENCE: Final = re.compile(r"\$\$\{|\$\{(?P<text>[^{}]*)\}|\$\{")
_KINDS: Final = ("env", "file", "secret")
MOST: Final = 1024 * 1024
"""The most bytes of a file for `${file:…}`."""


def looked_up(settings: Mapping[str, Any], places: Mapping[str, Span]) -> dict[str, Any]:
    """The settings with values for all references. Raises WitkitError (WIT0910) with all that have none.

    A relative path is relative to the folder of the file that the setting is from, or else to the current folder.
    """
    found = each_of(lambda given: resolved(given[1], given[0], places.get(given[0])), settings.items())
    return dict(zip(settings, found, strict=True))


def resolved(value: Any, name: str, place: Span | None, *, public: bool = False) -> Any:
    """The value of the setting `name`, with values for its references. Raises WrongSettings (WIT0910).

    `public` is for a setting that is not made for secrets.
    """
    try:
        found = _replaced(value, name, folder_of(place), public)
    except WrongSettings as problem:
        raise problem.placed({}, place) from None
    learn(found, name)
    return found


def check_form(value: Any, name: str) -> bool:
    """Whether a value has references. Looks nothing up. Raises WrongSettings for those of an unknown form."""
    if isinstance(value, Mapping | list):
        return True in each_of(lambda part: check_form(part[1], f"{name}.{part[0]}"), _parts_of(value))
    if not isinstance(value, str) or "${" not in value:
        return False
    each_of(lambda found: found[0] == "$${" or _kind(found["text"], name), _REFERENCE.finditer(value))
    return True


def folder_of(place: Span | None) -> Path:
    """The folder of the file that a setting is from."""
    return Path() if place is None else Path(place.source.name).parent


def _replaced(value: Any, name: str, folder: Path, public: bool) -> Any:
    if isinstance(value, Mapping | list):
        found = each_of(lambda part: _replaced(part[1], f"{name}.{part[0]}", folder, public), _parts_of(value))
        return dict(zip(value, found, strict=True)) if isinstance(value, Mapping) else found
    if not isinstance(value, str) or "${" not in value:
        return value
    values = iter(each_of(lambda found: _value(found, name, folder, public), _REFERENCE.finditer(value)))
    return _REFERENCE.sub(lambda _: next(values), value)


def _parts_of(value: Mapping[str, Any] | list[Any]) -> Iterable[tuple[object, Any]]:
    return value.items() if isinstance(value, Mapping) else enumerate(value)


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
