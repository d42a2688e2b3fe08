"""Typed settings of backends.

A backend declares its settings as a frozen dataclass:

    @dataclass(frozen=True, slots=True, repr=False)
    class RedisSettings(BackendSettings):
        url: str = setting(SECRET, "The server, with user and password.", "redis://127.0.0.1:6379")
        timeout: float = setting(SECONDS, "How long a call may take.", 5.0)

`--set` gives texts, TOML gives texts, numbers and tables; the type of the setting reads either.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from witkit.text import Diagnostic, Span, did_you_mean
from witkit.text.secrets import MASK, learn, names_an_address

from .errors import WrongSetting, WrongSettings, several, wrong_setting
from .references import folder_of, resolved, written

T = TypeVar("T")
S = TypeVar("S", bound="BackendSettings")
C = TypeVar("C", bound="Callable[[Any], None]")

_META: Final = "witkit"
_TOGETHER: Final = "_witkit_together"


@dataclass(frozen=True, slots=True)
class SettingType(Generic[T]):
    """The type of a setting. `name` is for lists, `wanted` for messages. `read` raises ValueError."""

    name: str
    wanted: str
    read: Callable[[Any], T]


@dataclass(frozen=True, slots=True)
class DeclaredSetting:
    """A setting as it is declared: for `witkit backends` and for the documentation."""

    name: str
    type: SettingType[Any]
    doc: str
    default: Any
    """`dataclasses.MISSING` if the setting must be given."""
    checked: Callable[[Any], object] | None = None

    def read(self, value: Any) -> Any:
        """The value in its own type. Raises WrongSettings."""
        if isinstance(value, str) and self.type not in (FILE, EXISTING_FILE, FOLDER) and not _is_unicode(value):
            # From an argument or a variable of the environment: no server would take it.
            raise wrong_setting(f"`{self.name}` has bytes that are not UTF-8", setting=self.name)
        try:
            found = self.type.read(value)
        except ValueError:
            raise wrong_setting(f"`{self.name}` must be {self.type.wanted}", setting=self.name) from None
        if self.checked is not None:
            self.checked(found)
        return found


@dataclass(frozen=True, slots=True, repr=False)
class BackendSettings:
    """The base of the settings of a backend. A backend without settings uses it as it is."""

    def __repr__(self) -> str:
        shown = (
            f"{each.name}={MASK if each.type is SECRET else repr(getattr(self, each.name.replace('-', '_')))}"
            for each in declared(type(self))
        )
        return f"{type(self).__name__}({', '.join(shown)})"


def setting(
    type: SettingType[T], doc: str, default: Any = MISSING, *, checked: Callable[[T], object] | None = None
) -> Any:
    """A field of the dataclass with settings. Without a default, the setting must be given.

    `checked` is called with a given value, and raises WrongSettings for one that the backend cannot use.
    """
    metadata = {_META: (type, doc, checked)}
    if default is MISSING:
        return dataclasses.field(metadata=metadata, kw_only=True)
    return dataclasses.field(default=default, metadata=metadata, kw_only=True)


def together(*fields: str) -> Callable[[C], C]:
    """Mark a method that raises WrongSettings if values that are right by themselves cannot be used together.

    `fields` are those that it looks at: it is not called if one of them is wrong.
    """

    def mark(check: C) -> C:
        setattr(check, _TOGETHER, fields)
        return check

    return mark


def declared(settings: type[BackendSettings]) -> list[DeclaredSetting]:
    """The settings that a dataclass declares, in their order."""
    return [
        DeclaredSetting(spelled(each.name), type, doc, each.default, checked)
        for each in fields(settings)
        if _META in each.metadata
        for type, doc, checked in [each.metadata[_META]]
    ]


def spelled(name: str) -> str:
    """The name of a field as users write it: `key-prefix` for `key_prefix`."""
    return name.replace("_", "-")


def read(settings: type[S], given: Mapping[str, Any], places: Mapping[str, Span] | None = None, table: str = "") -> S:
    """The settings, from what the user gave, with values for its references.

    Paths from a file are relative to its folder. Raises WitkitError with all mistakes (WIT0910) at their places, or at
    that of `backend`. `table` is the one of `witkit.toml` that a missing setting belongs in.
    """
    known, at = {each.name: each for each in declared(settings)}, places or {}
    problems: list[WrongSetting] = []
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            problems.append(_unknown(name, list(known)))
            continue
        without: list[WrongSetting] = []
        found = resolved(value, name, at.get(name), without, public=known[name].type not in (SECRET, TABLE))
        problems += without
        try:
            values[name.replace("-", "_")] = _read(known[name], found, at.get(name))
        except WrongSettings as wrong:
            problems += _elsewhere(wrong, [each.setting for each in without])
    problems += (_missing(each, table) for each in known.values() if each.default is MISSING and each.name not in given)
    problems += _clashes(settings, values, [wrong.setting for wrong in problems])
    if problems:
        raise several(problems).placed(at, at.get("backend"))
    return settings(**values)


def _clashes(settings: type[S], values: Mapping[str, Any], unusable: Iterable[str]) -> list[WrongSetting]:
    """What is wrong with the values together. Those of the settings `unusable` are not known."""
    unknown = {name.partition(".")[0].replace("-", "_") for name in unusable}
    looked_at = object.__new__(settings)  # Their `__post_init__`, if they have one, expects values for all fields.
    for name, value in {**{each.name: each.default for each in fields(settings)}, **values}.items():
        object.__setattr__(looked_at, name, value)
    found: list[WrongSetting] = []
    for check in (each for kind in reversed(settings.__mro__) for each in vars(kind).values()):
        looks_at = getattr(check, _TOGETHER, None)
        if looks_at is not None and unknown.isdisjoint(looks_at):
            try:
                check(looked_at)
            except WrongSettings as wrong:
                found += wrong.mistakes
    return found


def miswritten(settings: type[S], given: Mapping[str, Any], places: Mapping[str, Span]) -> list[Diagnostic]:
    """The mistakes in settings that nothing uses: unknown ones, and values and references of a wrong form.

    What references name need not be there, and settings may be missing.
    """
    known = {each.name: each for each in declared(settings)}
    problems: list[WrongSetting] = []
    values: dict[str, Any] = {}
    unknown: list[str] = []
    for name, value in given.items():
        if name not in known:
            problems.append(_unknown(name, list(known)))
            continue
        references = written(value, name, problems)
        unknown += references
        try:
            values[name.replace("-", "_")] = known[name].read(value)
        except WrongSettings as wrong:
            problems += _elsewhere(wrong, references)
    missing = [each.name for each in known.values() if each.default is MISSING and each.name not in given]
    problems += _clashes(settings, values, [*unknown, *missing, *(wrong.setting for wrong in problems)])
    return list(several(problems).placed(places, places.get("backend")).diagnostics) if problems else []


def _elsewhere(wrong: WrongSettings, unknown: Sequence[str]) -> Iterator[WrongSetting]:
    """The mistakes that have nothing to do with these parts of a setting, whose values are not known."""
    for each in wrong.mistakes:
        if not any(f"{part}.".startswith(f"{each.setting}.") for part in unknown):
            yield each


def _missing(setting: DeclaredSetting, table: str) -> WrongSetting:
    help = f"{setting.doc}\n[{table}]\n{setting.name} = {_written(setting)}" if table else setting.doc
    return wrong_setting(f"the setting `{setting.name}` is missing", help, setting.name)


def example(table: str, backend: str, settings: Sequence[DeclaredSetting]) -> str:
    """The lines of `witkit.toml` with these settings, whose values are examples or the defaults."""
    lines = [f"[{table}]", f'backend = "{backend}"']
    return "\n".join([*lines, *(f"{each.name} = {_written(each)}" for each in settings)])


def _written(declared: DeclaredSetting) -> str:
    if declared.default in (MISSING, None, "", ()):
        return _EXAMPLES.get(declared.type.name, '"…"')
    plain = isinstance(declared.default, bool | int | float)
    return str(declared.default).lower() if plain else f'"{declared.default}"'


def _read(setting: DeclaredSetting, value: Any, place: Span | None) -> Any:
    """The value of one setting. A secret is masked from now on. Raises WrongSettings."""
    found = setting.read(value)
    if setting.type in (FILE, EXISTING_FILE, FOLDER):
        return folder_of(place) / found
    if setting.type is SECRET and not names_an_address(setting.name):
        learn({"secret": found})
    return found


def _unknown(name: str, known: list[str]) -> WrongSetting:
    offer = f"settings of this backend: {', '.join(known)}" if known else "this backend has no settings"
    return wrong_setting(f"there is no setting `{name}`", did_you_mean(name, known) or offer, name)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(value: Any) -> str:
    if isinstance(value, str | Path):
        return str(value)
    raise ValueError


def _path(value: Any) -> Path:
    text = _text(value)
    if text and "\0" not in text:
        return Path(text)
    raise ValueError


def _count(value: Any) -> int:
    found = int(value) if isinstance(value, str) else value
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found < 1 << 63:
        raise ValueError
    return found


def _natural(value: Any) -> int:
    return 0 if value in (0, "0") and value is not False else _count(value)


def _texts(value: Any) -> Sequence[str]:
    """An array of texts; as one text, they have commas between them."""
    found = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or not all(isinstance(each, str) and each for each in found):
        raise ValueError
    return tuple(found)


def _seconds(value: Any) -> float:
    """At most 24 days, which is what SQLite's milliseconds can hold."""
    found = float(value) if isinstance(value, str) else value
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found < 2**31 / 1000:
        raise ValueError
    return float(found)


def _time_limit(value: Any) -> float:
    if found := _seconds(value):
        return found
    raise ValueError


def _flag(value: Any) -> bool:
    found = {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise ValueError
    return found


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError
    return dict(value)


TEXT: Final = SettingType("text", "a text", _text)
SECRET: Final = SettingType("secret", "a text", _text)
"""A text that is masked in everything that witkit writes; of a `url`, only what it has before `@` is."""
FILE: Final = SettingType("file", "the name of a file", _path)
"""The path of a file. A relative one in a configuration file is relative to that file."""
EXISTING_FILE: Final = SettingType("file", "the name of a file that exists", _path)
"""The path of a file that a backend only reads."""
FOLDER: Final = SettingType("folder", "the name of a folder", _path)
COUNT: Final = SettingType("number", "a whole number, at least 1", _count)
NATURAL: Final = SettingType("number", "a whole number, at least 0", _natural)
TEXTS: Final = SettingType("texts", "an array of texts", _texts)
SECONDS: Final = SettingType("seconds", "a number of seconds, at least 0", _seconds)
TIME_LIMIT: Final = SettingType("seconds", "a number of seconds, more than 0", _time_limit)
"""Bounds how long a server may take: many take 0 as no bound."""
FLAG: Final = SettingType("flag", "true or false", _flag)
TABLE: Final = SettingType("table", "a table", _table)

_EXAMPLES: Final = {COUNT.name: "1", SECONDS.name: "5", FLAG.name: "true", TABLE.name: "{}", TEXTS.name: '["…"]'}
"""Values for examples of settings without a default."""
