"""The seam between an import and whatever answers it."""

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
"""What the user configured for one backend: names as the backend documents them, values as given."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A backend at work.

    `implementation` goes where the imported interface is asked for: it has the attributes that the
    generated Protocol of the interface names. `place` says in a few words where data goes.
    """

    implementation: Any
    place: str


class Backend(Protocol):
    """One backend of one capability. A module of a backend holds one as `backend`.

    One that keeps data in a file or folder, and takes another one by the setting `path`, has the default as `place`.
    """

    def open(self, settings: Settings) -> Opened:
        """Open the backend.

        Raises WitkitError where a setting is wrong (WIT0910) or the backend cannot be opened with
        it (WIT0802). Afterwards, whatever fails is an error case of the interface.
        """

    def close(self, opened: Opened) -> None:
        """Release what `open` took. What has been acknowledged stays; calls that follow fail."""


def reject_unknown_settings(settings: Settings, *known: str) -> None:
    """Refuse settings that the backend does not have."""
    for name in settings:
        if name not in known:
            offer = f"settings of this backend: {', '.join(known)}" if known else "this backend has no settings"
            raise wrong_setting(f"there is no setting `{name}`", did_you_mean(name, known) or offer, name)


def number(settings: Settings, name: str, default: float) -> float:
    """A setting that is a number of seconds, 0 or more and below 24 days (what SQLite's milliseconds can hold)."""
    value = settings.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**31 / 1000:
        raise wrong_setting(f"`{name}` is a number of seconds, not below 0", setting=name)
    return float(value)


def count(settings: Settings, name: str, default: int) -> int:
    """A setting that is a whole number, 1 or more and below 2 to the power of 63."""
    value = settings.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 1 << 63:
        raise wrong_setting(f"`{name}` is a whole number above 0", setting=name)
    return value


def path(settings: Settings, default: Path, kind: str) -> Path:
    """The setting `path`; `kind` is `file` or `folder`."""
    value = settings.get("path", default)
    if not isinstance(value, str | Path) or not str(value):
        raise wrong_setting(f"`path` is the name of a {kind}", setting="path")
    return Path(value)


class WrongSetting(WitkitError):
    """A setting that cannot be used. `setting` is its name, empty where it is about none in particular."""

    def __init__(self, message: str, help: str = "", setting: str = "", place: Span | None = None) -> None:
        super().__init__([error(WRONG_SETTING, message, place, help=help)])
        self.setting = masked(setting)

    def at(self, place: Span) -> WrongSetting:
        """The same, with the place where the setting is written."""
        (said,) = self.diagnostics
        return WrongSetting(said.message, said.help, self.setting, place)


def wrong_setting(message: str, help: str = "", setting: str = "") -> WrongSetting:
    """A setting that cannot be used."""
    return WrongSetting(message, help, setting)


def cannot_open(message: str, help: str = "", file: str = "") -> WitkitError:
    """A backend that does not open with the settings given."""
    return WitkitError([error(CANNOT_OPEN, message, help=help, file=file)])
