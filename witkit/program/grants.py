"""What a program gets of this machine, and what it may use up: `[grants]` and `[limits]` in `witkit.toml`, and options.

[grants]
env = ["LANG", "MODE=test"]        # a name alone passes this process's value; or a table [grants.env]
dirs = ["data", "site::/www:ro"]   # folders, relative to this file: HOST[::GUEST][:ro]
network = true                     # or a list: ["tcp://db.example.com:5432"]

[limits]
memory = "64MiB"                   # of all memories; or a number of bytes
timeout = 30                       # seconds of each call from outside
fuel = 1_000_000_000               # about one unit per instruction of each call
untrusted = true                   # bounds for all that is not given here: `Limits.untrusted`
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from stat import S_ISDIR
from typing import Any, Final, TypeVar

from witkit.backends.references import folder_of, looked_up
from witkit.runtime import Limits, Wasi
from witkit.runtime.wasi import BAD_GRANT
from witkit.text import Diagnostic, Span, WitkitError, error
from witkit.text.files import way_out
from witkit.text.settings import SettingsTable

T = TypeVar("T")
_R = TypeVar("_R")

_UNITS: Final = {"": 1, "B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_SIZE: Final = re.compile(r"(\d+) ?([A-Za-z]*)")
_READ_ONLY: Final = ":ro"


@dataclass(frozen=True, slots=True)
class GrantedFolder:
    """A folder of this machine that the guest has as `guest`. `place` is its line, if it is from a file."""

    host: Path
    guest: str
    read_only: bool = False
    place: Span | None = None


@dataclass(frozen=True, slots=True)
class Grants:
    """What a guest gets of this machine besides arguments and standard streams.

    `env` has the variables; None is the value that this process has, and values from a file may have references.
    `folders` are by the guest's names for them. `network` is None if nothing was said about it, else all, nothing, or
    the entries of `witkit.wasi.allowed`. `places` has the spans of the variables.
    """

    env: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    folders: Mapping[str, GrantedFolder] = field(default_factory=dict)
    network: bool | tuple[str, ...] | None = None
    places: Mapping[str, Span] = field(default_factory=dict)

    def over(self, base: Grants) -> Grants:
        """These grants and those of `base`. The same variable or folder of the guest is taken from these."""
        places = {name: place for name, place in base.places.items() if name not in self.env}
        network = base.network if self.network is None else self.network
        return Grants({**base.env, **self.env}, {**base.folders, **self.folders}, network, {**places, **self.places})

    def variables(self) -> dict[str, str]:
        """The guest's environment. Variables that this process does not have are left out.

        Raises WitkitError (WIT0910) for references that have no value.
        """
        given = {name: os.environ.get(name) if value is None else value for name, value in self.env.items()}
        literal = {name: value for name, value in given.items() if name not in self.places or self.env[name] is None}
        written = {name: value for name, value in given.items() if name not in literal}
        found = {**literal, **looked_up(written, self.places)}
        return {name: found[name] for name in self.env if found[name] is not None}

    @property
    def unset(self) -> list[str]:
        """The variables to pass that this process does not have."""
        return [name for name, value in self.env.items() if value is None and name not in os.environ]

    def problems(self) -> list[Diagnostic]:
        """What cannot be granted: folders that do not exist, and variables without a value."""
        found = [said for each in self.folders.values() if (said := _not_a_folder(each)) is not None]
        try:
            found += [
                _not_utf8(f"the environment variable `{name}`", self.places.get(name))
                for name, value in self.variables().items()
                if not _is_unicode(f"{name}{value}")
            ]
        except WitkitError as unknown:
            found += unknown.diagnostics
        return found

    def wasi(self, arguments: Sequence[str]) -> Wasi:
        """The grants for a component. Raises WitkitError with everything that `problems` finds."""
        if found := self.problems():
            raise WitkitError(found)
        return Wasi.inherit(
            args=arguments,
            env=self.variables(),
            dirs={name: each.host for name, each in self.folders.items() if not each.read_only},
            read_only_dirs={name: each.host for name, each in self.folders.items() if each.read_only},
            network=self.network or False,
        )


def _is_unicode(text: str) -> bool:
    """Whether WASI has such a string: bytes of a system that are not UTF-8 are surrogates here."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _not_utf8(what: str, place: Span | None = None) -> Diagnostic:
    return error(BAD_GRANT, f"{what} has bytes that are not UTF-8", place, help="programs get text only")


def _not_a_folder(given: GrantedFolder) -> Diagnostic | None:
    """What is wrong with a folder that cannot be granted."""
    if not _is_unicode(given.guest):
        return _not_utf8(f"the name `{given.guest}` of a folder", given.place)
    reason, help = "is not a folder", "create it, or correct its path"
    try:
        if S_ISDIR(given.host.stat().st_mode):
            return None
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as refused:
        reason = f"cannot be reached: {(refused.strerror or str(refused)).lower()}"
        help = way_out(refused, "make the folders above it accessible, or correct its path")
    return error(BAD_GRANT, f"`{given.host}` {reason}", given.place, help=help)


def limits_over(given: Limits, base: Limits) -> Limits:
    """The limits that are given, and those of `base` for the others."""
    bounds = {name: getattr(given, name) for name in ("memory", "timeout", "fuel") if getattr(given, name) is not None}
    return replace(base, **bounds)


def granted(env: Iterable[str] = (), folders: Iterable[str] = (), network: bool | None = None) -> Grants:
    """Grants in the forms of the options: `NAME[=VALUE]` and `HOST[::GUEST][:ro]`. Raises ValueError."""
    variables = dict(map(_variable, env))
    found = [_folder(text) for text in folders]
    return Grants(variables, {each.guest: each for each in found}, network)


def read_grants(table: SettingsTable) -> Grants:
    """`[grants]`. Mistakes are problems of the table."""
    table.reject_unknown_keys("dirs", "env", "network")
    env, places = _environment(table)
    found = _each(table, "dirs", _folder)
    folders = [replace(each, host=folder_of(place) / each.host, place=place) for each, place in found]
    return Grants(env, {each.guest: each for each in folders}, _network(table), places)


def _network(table: SettingsTable) -> bool | tuple[str, ...] | None:
    """All of the network, nothing, or a list of what is allowed."""
    if isinstance(table.values.get("network"), list):
        _each(table, "network", _entry)
        return table.texts("network")
    return table.flag("network")


def _entry(text: str) -> None:
    """Raises ValueError for an entry that means nothing."""
    from witkit.wasi.allowed import AllowedAddress

    try:
        AllowedAddress.parsed(text)
    except WitkitError as wrong:
        (said,) = wrong.diagnostics
        raise ValueError(f"{said.message}; {said.help}") from None


def read_limits(table: SettingsTable) -> Limits:
    """`[limits]`: the bounds that are given, with `untrusted` over those of `Limits.untrusted`.

    Mistakes are problems of the table.
    """
    readers: dict[str, Callable[[object], Any]] = {each.name: units for each in fields(Limits)}
    readers.update(memory=size, timeout=seconds)
    table.reject_unknown_keys("untrusted", *readers)
    found = {name: _read(table, name, reader, table.values.get(name)) for name, reader in readers.items()}
    given = {name: value for name, value in found.items() if value is not None}
    return Limits.untrusted(**given) if table.flag("untrusted") else Limits(**given)


def size(value: object) -> int:
    """A number of bytes: a whole number, or a text such as `64MiB`. Raises ValueError."""
    parts = _SIZE.fullmatch(str(value)) if isinstance(value, int | str) and not isinstance(value, bool) else None
    if parts is None or parts[2] not in _UNITS or not 0 < (found := int(parts[1]) * _UNITS[parts[2]]) < 1 << 62:
        raise ValueError("it must be a size in bytes, such as 64MiB; units: " + ", ".join(filter(None, _UNITS)))
    return found


def seconds(value: object) -> float:
    """A number of seconds, above 0. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**31:
        raise ValueError("it must be a number of seconds, more than 0")
    return float(value)


def units(value: object) -> int:
    """A whole number, at least 1. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 1 << 62:
        raise ValueError("it must be a whole number, at least 1")
    return value


def _read(
    table: SettingsTable, key: str, reader: Callable[[T], _R], value: T | None, number: int | None = None
) -> _R | None:
    """The value in its own type, or None if it is missing or, after adding a problem, if it is wrong."""
    if value is None:
        return None
    try:
        return reader(value)
    except ValueError as wrong:
        table.wrong(key, f"`{key}` is wrong: {wrong}", number=number)
        return None


def _each(table: SettingsTable, key: str, reader: Callable[[str], _R]) -> list[tuple[_R, Span | None]]:
    """The elements of an array in their own type, each with its place. Wrong ones are problems."""
    if table.texts(key) is None and not isinstance(table.values.get(key), list):
        return []
    # Other elements are problems already, and do not hide wrong texts.
    texts = [(at, text) for at, text in enumerate(table.values[key]) if isinstance(text, str)]
    read = [(_read(table, key, reader, text, at), table.place(key, at)) for at, text in texts]
    return [(found, place) for found, place in read if found is not None]


def _environment(table: SettingsTable) -> tuple[dict[str, str | None], dict[str, Span]]:
    """The variables, from an array or a table, and their places."""
    if isinstance(table.values.get("env"), Mapping):
        below = table.table("env")
        pairs = [(name, below.text(name)) for name in below.values]
        checked = [_read(below, name, _named_variable, (name, value)) for name, value in pairs if value is not None]
        return _placed(filter(None, checked), {name: below.place(name) for name, _ in pairs})
    found = _each(table, "env", _variable)
    return _placed([pair for pair, _ in found], {name: place for (name, _), place in found})


def _placed(
    pairs: Iterable[tuple[str, str | None]], places: Mapping[str, Span | None]
) -> tuple[dict[str, str | None], dict[str, Span]]:
    found = dict(pairs)
    return found, {name: place for name in found if (place := places[name]) is not None}


def _variable(text: str) -> tuple[str, str | None]:
    """The name and the value of `NAME=VALUE`, or None as the value of `NAME`. Raises ValueError."""
    name, equals, value = text.partition("=")
    if not name or "\0" in text:
        raise ValueError("a variable has the form NAME or NAME=VALUE")
    return name, value if equals else None


def _named_variable(pair: tuple[str, str]) -> tuple[str, str | None]:
    """The name and the value of a variable that has them apart. Raises ValueError."""
    name, value = pair
    if "=" in name:
        raise ValueError("the name of a variable has no `=`")
    return _variable(f"{name}={value}")


def _folder(text: str) -> GrantedFolder:
    """The folder of `HOST[::GUEST][:ro]`. Without GUEST it has the same name for the guest. Raises ValueError."""
    named = text.removesuffix(_READ_ONLY)
    host, colons, guest = named.partition("::")
    if not host or (colons and not guest) or "\0" in text:
        raise ValueError("a folder has the form HOST, HOST::GUEST or HOST::GUEST:ro")
    return GrantedFolder(Path(host), guest or host, read_only=named != text)
