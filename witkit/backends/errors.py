"""The errors for wrong settings and for backends that cannot be opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from witkit.text import Span, WitkitError, error
from witkit.text.secrets import masked
from witkit.text.visible import visible_name

WRONG_SETTING = "WIT0910"
CANNOT_OPEN = "WIT0802"

T = TypeVar("T")
S = TypeVar("S")


class WrongSettings(WitkitError):
    """One or more settings that cannot be used."""

    def __init__(self, mistakes: Iterable[WrongSetting]) -> None:
        self._mistakes = tuple(mistakes)
        super().__init__([said for wrong in self._mistakes for said in wrong.diagnostics])

    @property
    def mistakes(self) -> Sequence[WrongSetting]:
        """An error for each of them."""
        return self._mistakes

    def placed(self, places: Mapping[str, Span], otherwise: Span | None = None) -> WrongSettings:
        """The same error with the places of the settings, or with `otherwise` for those that have none."""
        found = [(wrong, place_of(wrong.setting, places) or otherwise) for wrong in self.mistakes]
        return several([wrong.at(place) if place else wrong for wrong, place in found])


class WrongSetting(WrongSettings):
    """A setting that cannot be used. `setting` is its name, or empty if it is about no particular setting."""

    def __init__(self, message: str, help: str = "", setting: str = "", place: Span | None = None) -> None:
        WitkitError.__init__(self, [error(WRONG_SETTING, visible_name(message), place, help=help)])
        self.setting = masked(setting)

    @property
    def mistakes(self) -> Sequence[WrongSetting]:
        return (self,)

    def at(self, place: Span) -> WrongSetting:
        """The same error, at the place of the setting."""
        (said,) = self.diagnostics
        return WrongSetting(said.message, said.help, self.setting, place)


def several(wrong: Sequence[WrongSetting]) -> WrongSettings:
    """One error for all of these."""
    return wrong[0] if len(wrong) == 1 else WrongSettings(wrong)


def each_of(read: Callable[[S], T], values: Iterable[S]) -> list[T]:
    """What `read` makes of each value. Raises WrongSettings with the mistakes in all of them."""
    found, wrong = list[T](), list[WrongSetting]()
    for value in values:
        try:
            found.append(read(value))
        except WrongSettings as refused:
            wrong += refused.mistakes
    if wrong:
        raise several(wrong)
    return found


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
