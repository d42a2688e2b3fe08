"""The errors for wrong settings and for backends that cannot be opened."""

from __future__ import annotations

from collections.abc import Mapping

from witkit.text import Span, WitkitError, error
from witkit.text.secrets import masked

WRONG_SETTING = "WIT0910"
CANNOT_OPEN = "WIT0802"


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


def place_of(setting: str, places: Mapping[str, Span]) -> Span | None:
    """The place of a setting such as `values.greeting`, or else of the table that it is in; None if neither has one."""
    while setting:
        if setting in places:
            return places[setting]
        setting = setting.rpartition(".")[0]
    return None


def cannot_open(message: str, help: str = "", file: str = "", place: Span | None = None) -> WitkitError:
    """The error for a backend that cannot be opened with these settings."""
    return WitkitError([error(CANNOT_OPEN, message, place, help=help, file=file)])
