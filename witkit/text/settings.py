"""Tables of TOML, such as `[tool.witkit]`: typed values, and everything wrong in them told at once, with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from witkit.text.covering import covered
from witkit.text.diagnostic import Diagnostic, WitkitError, error
from witkit.text.secrets import learn
from witkit.text.source import Source, Span
from witkit.text.suggest import did_you_mean

UNREADABLE = "WIT0901"
NOT_TOML = "WIT0902"
UNKNOWN_KEY = "WIT0903"
WRONG_VALUE = "WIT0904"
MISSING_KEY = "WIT0905"


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `header` is its dotted name (empty for the file itself), `number` its place among those of that name.

    A getter gives None (or nothing) for a key that is absent or has a value of another type; the latter is a problem.
    `finish` raises the problems of a table and of all tables that were got from it.
    """

    source: Source
    header: str
    values: Mapping[str, Any]
    number: int = 0
    problems: list[Diagnostic] = field(default_factory=list)

    def text(self, key: str) -> str | None:
        value: str | None = self._typed(key, str, "a text in quotes")
        return value

    def flag(self, key: str) -> bool | None:
        value: bool | None = self._typed(key, bool, "true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        values = self._typed(key, list, "a list of texts")
        if values is None or all(isinstance(value, str) for value in values):
            return None if values is None else tuple(values)
        self.wrong(key, f"`{key}` must be a list of texts")
        return None

    def several(self, key: str) -> tuple[str, ...] | None:
        """One text, or a list of texts."""
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return None if value is None else (value,)
        return self.texts(key)

    def mapping(self, key: str) -> dict[str, str]:
        """The texts of a table below `key`, by its own keys, which may be any."""
        below = self.table(key)
        found = {name: below.text(name) for name in below.values}
        return {name: text for name, text in found.items() if text is not None}

    def table(self, key: str) -> Table:
        """The table below `key`, empty where there is none."""
        return self._below(key, self._typed(key, dict, "a table") or {}, 0)

    def tables(self, key: str) -> list[Table]:
        """The tables of `[[header.key]]`."""
        wanted = f"a list of tables, each headed `[[{self.header}.{key}]]`"
        values = self._typed(key, list, wanted) or []
        if any(not isinstance(value, dict) for value in values):
            self.wrong(key, f"`{key}` must be {wanted}")
            return []
        return [self._below(key, value, number) for number, value in enumerate(values)]

    def needs(self, *keys: str) -> None:
        for key in keys:
            if key not in self.values:
                self._add(MISSING_KEY, f"`{self._title}` needs `{key}`", self.place(""), "")

    def only(self, *known: str) -> None:
        """Every other key is a problem."""
        for key in self.values.keys() - set(known):
            help = did_you_mean(key, known) or "known here: " + ", ".join(f"`{k}`" for k in sorted(known))
            self._add(UNKNOWN_KEY, f"`{self._title}` has no key `{key}`", self.place(key), help)

    def one_of(self, key: str, choices: Collection[str]) -> str | None:
        value = self.text(key)
        if value is None or value in choices:
            return value
        allowed = ", ".join(f'"{choice}"' for choice in sorted(choices))
        self.wrong(key, f"`{key}` cannot be `{value}`", f"allowed here: {allowed}")
        return None

    def wrong(self, key: str, message: str, help: str = "") -> None:
        """Add a problem with the value of `key`."""
        self._add(WRONG_VALUE, message, self.place(key), help)

    def finish(self) -> None:
        """Raise WitkitError where something was wrong, the first place first."""
        if self.problems:
            raise WitkitError(sorted(self.problems, key=lambda d: d.primary.start if d.primary else -1))

    def _typed(self, key: str, kind: type, wanted: str) -> Any:
        value = self.values.get(key)
        if value is None or isinstance(value, kind):
            return value
        self.wrong(key, f"`{key}` must be {wanted}")
        return None

    def _below(self, key: str, values: Mapping[str, Any], number: int) -> Table:
        header = f"{self.header}.{key}" if self.header else key
        return Table(self.source, header, values, number, self.problems)

    @property
    def _title(self) -> str:
        return self.header or self.source.name

    def _add(self, code: str, message: str, place: Span | None, help: str) -> None:
        self.problems.append(error(code, message, place, help=help, file=self.source.name))

    def place(self, key: str) -> Span | None:
        """Where a key of this table (or its own table), or with no key the table's header, is written.

        tomllib keeps no places. None where it is written in another way than in a line below the table's header.
        """
        wanted = ".".join(part for part in (self.header, key) if part)
        offset, seen, inside = 0, -1 if self.header else 0, not self.header
        for line in self.source.text.splitlines(keepends=True):
            header = re.match(r"\s*\[+\s*([^\]]*?)\s*\]+", line)
            if header:
                inside = header[1] == self.header
                seen += inside
                if header[1] == wanted and max(seen, 0) == self.number:
                    return self.source.span(offset, offset + len(line.rstrip()))
            elif inside and key and seen == self.number:
                assigned = re.match(rf'\s*"?({re.escape(key)})"?\s*[=.]', line)
                if assigned:
                    return self.source.span(offset + assigned.start(1), offset + assigned.end(1))
            offset += len(line)
        return None


def read_settings(path: Path) -> Table | None:
    """The table `[tool.witkit]` of a `pyproject.toml`; None where it has none.

    Raises WitkitError for a file that cannot be read or is not TOML.
    """
    whole = read_toml(path)
    if not isinstance(tool := whole.values.get("tool"), dict) or "witkit" not in tool:
        return None
    table = whole.table("tool").table("witkit")
    table.finish()
    return table


def read_toml(path: Path, *, private: bool = False) -> Table:
    """All of a file, as one table without a header. Raises WitkitError if it cannot be read or is not TOML.

    Its source is for showing places: secrets in it are covered, whether it is TOML or not. `private` is for a file
    whose values may all be secrets, see `witkit.text.covering`.
    """
    try:
        text = path.read_text(encoding="utf-8")
        source = Source(str(path), covered(text, private=private))
        values = tomllib.loads(text)
        learn(values)
        return Table(Source(str(path), covered(text, private=private)), "", values)
    except (OSError, UnicodeDecodeError) as unreadable:
        reason = getattr(unreadable, "strerror", None) or "it is not UTF-8"
        help = (
            "run this in the folder that has it, or name another" if isinstance(unreadable, FileNotFoundError) else ""
        )
        message = f"`{path}` cannot be read: {reason[0].lower()}{reason[1:]}"
        raise WitkitError([error(UNREADABLE, message, help=help, file=str(path))]) from None
    except tomllib.TOMLDecodeError as broken:
        raise WitkitError([_not_toml(source, str(broken))]) from None


def _not_toml(source: Source, message: str) -> Diagnostic:
    """A syntax error of the TOML reader, at the place that its message names."""
    at = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if at is None:
        return error(NOT_TOML, f"not TOML: {message.lower()}", file=source.name)
    offset = source.line_starts[int(at[1]) - 1] + int(at[2]) - 1
    return error(NOT_TOML, f"not TOML: {message[: at.start()].lower()}", source.span(offset, offset + 1))
