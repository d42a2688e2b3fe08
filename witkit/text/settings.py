"""TOML tables such as `[tool.witkit]`: typed values, and all their mistakes in one report."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from witkit.text.covering import covered
from witkit.text.diagnostic import Diagnostic, WitkitError, error
from witkit.text.secrets import learn
from witkit.text.source import Source, Span
from witkit.text.suggest import closest, did_you_mean
from witkit.text.toml_places import Path as TomlPath
from witkit.text.toml_places import TomlPlaces, dotted, loads, syntax_error
from witkit.text.values import value
from witkit.text.visible import visible_name

UNREADABLE = "WIT0901"
NOT_TOML = "WIT0902"
UNKNOWN_KEY = "WIT0903"
WRONG_VALUE = "WIT0904"
MISSING_KEY = "WIT0905"

_MOST_LISTED = 20
"""More names than these say nothing to somebody who looks for one."""


@value(frozen=True, slots=True)
class SettingsTable:
    """One table. `path` leads to it from the whole file: names, and indexes into arrays of tables.

    A getter returns None or an empty collection if the key is missing, or if its value has another type, which is also
    a problem. `finish` raises the problems of this table and of all tables obtained from it.
    """

    source: Source
    values: Mapping[str, Any]
    places: TomlPlaces
    path: TomlPath = ()
    problems: list[Diagnostic] = field(default_factory=list)

    def text(self, key: str) -> str | None:
        value: str | None = self._typed(key, str, "a string")
        return value

    def flag(self, key: str) -> bool | None:
        value: bool | None = self._typed(key, bool, "true or false")
        return value

    def integer(self, key: str) -> int | None:
        value = self.values.get(key)
        if value is None or type(value) is int:  # true is an int, too
            return value
        self.wrong(key, f"`{_shown(key)}` must be a whole number")
        return None

    def texts(self, key: str) -> tuple[str, ...] | None:
        values = self._typed(key, list, "an array of strings")
        others = [at for at, value in enumerate(values or ()) if not isinstance(value, str)]
        for at in others:
            self.wrong(key, f"`{_shown(key)}` must be an array of strings", number=at)
        return None if values is None or others else tuple(values)

    def several(self, key: str) -> tuple[str, ...] | None:
        """One string, or an array of strings."""
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return None if value is None else (value,)
        return self.texts(key)

    def mapping(self, key: str) -> dict[str, str]:
        """The strings of the table below `key`, which may have any keys."""
        below = self.table(key)
        found = {name: below.text(name) for name in below.values}
        return {name: text for name, text in found.items() if text is not None}

    def table(self, key: str) -> SettingsTable:
        """The table below `key`; an empty one if it is missing."""
        return self._below(self._typed(key, dict, "a table") or {}, key)

    def tables(self, key: str) -> list[SettingsTable]:
        """The tables of `[[header.key]]`."""
        wanted = f"an array of tables, each with the header `[[{dotted((*self.path, key))}]]`"
        values = self._typed(key, list, wanted) or []
        if any(not isinstance(value, dict) for value in values):
            self.wrong(key, f"`{_shown(key)}` must be {wanted}")
            return []
        return [self._below(value, key, number) for number, value in enumerate(values)]

    def require(self, *keys: str) -> None:
        """Missing keys are problems."""
        for key in keys:
            if key not in self.values:
                place = self._own_place or self.source.span(0, 0)
                self._add(MISSING_KEY, f"`{self._title}` needs `{key}`", place, "")

    def reject_unknown_keys(self, *known: str) -> None:
        """All other keys are problems."""
        for key in self.values.keys() - set(known):
            help = did_you_mean(key, known)
            if not help and len(known) <= _MOST_LISTED:
                help = "known keys: " + ", ".join(f"`{k}`" for k in sorted(known))
            self._add(UNKNOWN_KEY, f"`{self._title}` has no key `{_shown(key)}`", self.place(key), help)

    def reject_misspelt_key(self, known: str) -> None:
        """A key that is much like this one is a problem: for tables that have other keys for other readers."""
        for key in self.values.keys() - {known}:
            if (near := closest(key, [known], likeness=0.8)) is not None:
                self._add(
                    UNKNOWN_KEY,
                    f"`{self._title}` has no key `{_shown(key)}`",
                    self.place(key),
                    f"did you mean `{near}`?",
                )

    def one_of(self, key: str, choices: Iterable[str]) -> str | None:
        """One of some texts, which the help names in their order."""
        choices = tuple(choices)
        value = self.text(key)
        if value is None or value in choices:
            return value
        allowed = ", ".join(f'"{choice}"' for choice in choices)
        near = did_you_mean(value, choices)
        help = f"{near} Allowed values: {allowed}" if near else f"allowed values: {allowed}"
        self.wrong(key, f"`{key}` cannot be `{value}`", help)
        return None

    def wrong(self, key: str, message: str, help: str = "", number: int | None = None) -> None:
        """Add a problem with the value of `key`, or with an element of its array."""
        self._add(WRONG_VALUE, message, self.place(key, number), help)

    @property
    def sorted_problems(self) -> list[Diagnostic]:
        """All problems, in the order of the text. What several readers of a key have found is there once."""
        return sorted(dict.fromkeys(self.problems), key=lambda d: d.primary.start if d.primary else -1)

    def finish(self) -> None:
        """Raise WitkitError with all problems, if there are any."""
        if self.problems:
            raise WitkitError(self.sorted_problems)

    def _typed(self, key: str, kind: type, wanted: str) -> Any:
        value = self.values.get(key)
        if value is None or isinstance(value, kind):
            return value
        self.wrong(key, f"`{_shown(key)}` must be {wanted}")
        return None

    def _below(self, values: Mapping[str, Any], *path: str | int) -> SettingsTable:
        return SettingsTable(self.source, values, self.places, (*self.path, *path), self.problems)

    @property
    def header(self) -> str:
        """Its dotted name, as in the header of a table: empty for the whole file."""
        return dotted(self.path)

    @property
    def _title(self) -> str:
        return self.header or self.source.name

    def _add(self, code: str, message: str, place: Span | None, help: str) -> None:
        self.problems.append(error(code, visible_name(message), place, help=help, file=self.source.name))

    def place(self, key: str, number: int | None = None) -> Span | None:
        """The place of a key of this table, or of an element of its array."""
        return self.places.of(self.source, (*self.path, key, *([] if number is None else [number])))

    @property
    def _own_place(self) -> Span | None:
        return self.places.of(self.source, self.path)

    def places_of_settings(self) -> dict[str, Span]:
        """The places of all keys of this table, and of what is in their tables and arrays: `values.a`, `allow.0`."""
        return dict(self._placed(self.values, ()))

    def _placed(self, values: Mapping[str, Any] | list[Any], below: TomlPath) -> Iterator[tuple[str, Span]]:
        for key, inside in values.items() if isinstance(values, Mapping) else enumerate(values):
            path = (*below, key)
            if (found := self.places.of(self.source, (*self.path, *path))) is not None:
                yield ".".join(map(str, path)), found
            if isinstance(inside, Mapping | list):
                yield from self._placed(inside, path)


def _shown(key: str) -> str:
    """A key as messages name it: the empty one as `""`."""
    return key or '""'


def read_settings(path: Path) -> SettingsTable | None:
    """The table `[tool.witkit]` of a `pyproject.toml`, or None if it has none.

    Raises WitkitError for a file that cannot be read or is not valid TOML.
    """
    whole = read_toml(path)
    if not isinstance(tool := whole.values.get("tool"), dict) or "witkit" not in tool:
        return None
    table = whole.table("tool").table("witkit")
    table.finish()
    return table


def read_toml(path: Path, *, private: bool = False) -> SettingsTable:
    """A whole file, as a table without a header. Raises WitkitError if it cannot be read or is not valid TOML.

    A byte order mark, which editors of Windows write, is ignored.

    The text of its source, which excerpts show, has its secrets covered. `private` is for a file whose values may all
    be secrets; see `witkit.text.covering`.
    """
    try:
        data = path.read_bytes()
    except OSError as unreadable:
        reason = unreadable.strerror or str(unreadable)
        message = f"`{path}` cannot be read: {reason[0].lower()}{reason[1:]}"
        help = (
            "run this in the folder that has it, or name another" if isinstance(unreadable, FileNotFoundError) else ""
        )
        raise WitkitError([error(UNREADABLE, message, help=help, file=str(path))]) from None
    text = _lines(data.decode("utf-8-sig", "replace"))
    source = Source(str(path), covered(text, private=private))
    try:
        data.decode("utf-8-sig")
        values = loads(text)
    except UnicodeDecodeError as wrong:
        raise WitkitError([_not_utf8(source, wrong)]) from None
    except tomllib.TOMLDecodeError as broken:
        raise WitkitError([_not_toml(source, str(broken))]) from None
    learn(values)
    return SettingsTable(source, values, TomlPlaces(text))


def _lines(text: str) -> str:
    """The text with the line ends of Unix."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _not_utf8(source: Source, wrong: UnicodeDecodeError) -> Diagnostic:
    at = len(_lines(wrong.object[: wrong.start].decode()))
    return error(
        UNREADABLE, f"`{source.name}` cannot be read: it is not UTF-8", source.span(at, at + 1), help="save it as UTF-8"
    )


def _not_toml(source: Source, message: str) -> Diagnostic:
    """A syntax error, at the place that the message of tomllib names."""
    reason, place = syntax_error(source, message)
    return error(NOT_TOML, f"this is not valid TOML: {reason}", place)
