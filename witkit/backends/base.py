"""The protocol that backends follow, and helpers for their settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from witkit.text import Span, WitkitError, did_you_mean, error
from witkit.text.secrets import masked

WRONG_SETTING = "WIT0910"
CANNOT_OPEN = "WIT0802"

Settings: TypeAlias = Mapping[str, Any]
"""The settings of one backend: names as the backend documents them, values as the user gave them."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open backend.

    `implementation` is what the import is given: it has the attributes of the interface's generated Protocol.
    `location` says in a few words where data is stored.
    """

    implementation: Any
    location: str


class Backend(Protocol):
    """A backend of a capability. The module of a backend has one as `backend`.

    If it stores data in the file or folder of the setting `path`, its attribute `default_path` is the default for that.
    """

    def open(self, settings: Settings) -> Opened:
        """Open the backend.

        Raises WitkitError if a setting is wrong (WIT0910) or the backend cannot be opened (WIT0802). Later failures
        are error cases of the interface.
        """

    def close(self, opened: Opened) -> None:
        """Release what `open` acquired. Acknowledged changes are kept; later calls fail."""


def reject_unknown_settings(settings: Settings, *known: str) -> None:
    """Raise WitkitError (WIT0910) for a setting that the backend does not have."""
    for name in settings:
        if name not in known:
            offer = f"settings of this backend: {', '.join(known)}" if known else "this backend has no settings"
            raise wrong_setting(f"there is no setting `{name}`", did_you_mean(name, known) or offer, name)


def number(settings: Settings, name: str, default: float) -> float:
    """A number of seconds from 0 to 24 days, which is what SQLite's milliseconds can hold. Raises WitkitError."""
    value = settings.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**31 / 1000:
        raise wrong_setting(f"`{name}` must be a number of seconds, at least 0", setting=name)
    return float(value)


def count(settings: Settings, name: str, default: int) -> int:
    """A whole number from 1 to 2 ** 63 - 1. Raises WitkitError."""
    value = settings.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 1 << 63:
        raise wrong_setting(f"`{name}` must be a whole number, at least 1", setting=name)
    return value


def path(settings: Settings, default: Path, kind: str) -> Path:
    """The setting `path`. `kind` is `file` or `folder`. Raises WitkitError."""
    value = settings.get("path", default)
    if not isinstance(value, str | Path) or not str(value):
        raise wrong_setting(f"`path` must be the name of a {kind}", setting="path")
    return Path(value)


class WrongSetting(WitkitError):
    """A setting that cannot be used. `setting` is its name, or empty if it is about no particular setting."""

    def __init__(self, message: str, help: str = "", setting: str = "", place: Span | None = None) -> None:
        super().__init__([error(WRONG_SETTING, message, place, help=help)])
        self.setting = masked(setting)

    def at(self, place: Span) -> WrongSetting:
        """The same error, at the place of the setting."""
        (said,) = self.diagnostics
        return WrongSetting(said.message, said.help, self.setting, place)


def wrong_setting(message: str, help: str = "", setting: str = "") -> WrongSetting:
    """The error for a setting that cannot be used."""
    return WrongSetting(message, help, setting)


def cannot_open(message: str, help: str = "", file: str = "", place: Span | None = None) -> WitkitError:
    """The error for a backend that cannot be opened with these settings."""
    return WitkitError([error(CANNOT_OPEN, message, place, help=help, file=file)])
