"""`[tool.witkit]` of a project's `pyproject.toml`: what to generate and build, written once.

[tool.witkit]
wit = "wit"                   # the package, from the folder of pyproject.toml; "wit" where nothing is said
world = "orders"              # needed where the package has several

[[tool.witkit.gen]]           # one for each package of Python that `witkit gen` writes
backend = "host"              # or "guest"
out = "src"                   # also: wit, world, package, templates, features

[tool.witkit.build]           # what `witkit build` needs to know
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from witkit.text import Diagnostic, Source, Span, WitkitError, did_you_mean, error

NO_CONFIGURATION = "WIT0901"
NOT_TOML = "WIT0902"
UNKNOWN_KEY = "WIT0903"
WRONG_VALUE = "WIT0904"
MISSING_KEY = "WIT0905"

BACKENDS = ("host", "guest")
_BUILD_KEYS = frozenset({"app", "out", "paths", "stubs"})


@dataclass(frozen=True, slots=True)
class Generation:
    """One `[[tool.witkit.gen]]`; paths are below the project's folder."""

    backend: str
    wit: Path
    out: Path
    world: str | None = None
    package: str | None = None
    templates: Path | None = None
    features: tuple[str, ...] = ()
    all_features: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """`[tool.witkit]` of one project. `build` is its table as written, checked for its keys only."""

    folder: Path
    wit: Path
    world: str | None
    generations: tuple[Generation, ...]
    build: Mapping[str, Any]


def read(folder: Path) -> Config:
    """The configuration of the project in `folder`.

    Raises WitkitError where there is no `pyproject.toml` with a `[tool.witkit]`, or where something in it is wrong.
    """
    path = folder / "pyproject.toml"
    try:
        text = path.read_text(encoding="utf-8")
        tool = tomllib.loads(text).get("tool", {}).get("witkit")
    except (OSError, UnicodeDecodeError) as unreadable:
        reason = getattr(unreadable, "strerror", None) or "it is not UTF-8"
        raise WitkitError(
            [_error(NO_CONFIGURATION, f"`{path}` cannot be read: {reason.lower()}", path)]
        ) from unreadable
    except tomllib.TOMLDecodeError as broken:
        raise WitkitError([_not_toml(Source(str(path), text), str(broken))]) from broken
    if tool is None:
        help = "add a table `[tool.witkit]`, or say what to do on the command line"
        raise WitkitError([_error(NO_CONFIGURATION, f"`{path}` has no `[tool.witkit]`", path, help)])
    return _Reader(folder, Source(str(path), text)).config(tool)


class _Reader:
    """Reads the tables and collects everything that is wrong in them before it raises."""

    def __init__(self, folder: Path, source: Source) -> None:
        self.folder = folder
        self.source = source
        self.problems: list[Diagnostic] = []

    def config(self, tool: Mapping[str, Any]) -> Config:
        header = "tool.witkit"
        self.only({"wit", "world", "gen", "build"}, tool, header)
        wit = self.text(tool, "wit", header) or "wit"
        world = self.text(tool, "world", header)
        listed = self.typed(tool, "gen", list, header) or []
        generations = [self.generation(one, number, wit, world) for number, one in enumerate(listed)]
        build = self.typed(tool, "build", dict, header) or {}
        self.only(_BUILD_KEYS, build, "tool.witkit.build")
        if self.problems:
            raise WitkitError(self.problems)
        return Config(self.folder, self.folder / wit, world, tuple(filter(None, generations)), build)

    def generation(self, table: Any, number: int, wit: str, world: str | None) -> Generation | None:
        header = "tool.witkit.gen"
        if not isinstance(table, dict):
            self.add(
                WRONG_VALUE, f"`gen` is a list of tables, each headed `[[{header}]]`", self.place(header, "gen", 0)
            )
            return None
        self.only({"backend", "wit", "world", "out", "package", "templates", "features"}, table, header, number)
        backend, out = (self.required(table, key, header, number) for key in ("backend", "out"))
        if backend is not None and backend not in BACKENDS:
            place = self.place(header, "backend", number)
            self.add(WRONG_VALUE, f"there is no backend `{backend}`", place, 'write "host" or "guest"')
        templates = self.text(table, "templates", header, number)
        features = self.typed(table, "features", list, header, number) or []
        return Generation(
            backend=backend or "",
            wit=self.folder / (self.text(table, "wit", header, number) or wit),
            out=self.folder / (out or ""),
            world=self.text(table, "world", header, number) or world,
            package=self.text(table, "package", header, number),
            templates=self.folder / templates if templates else None,
            features=tuple(map(str, features)),
        )

    def only(self, known: Collection[str], table: Mapping[str, Any], header: str, number: int = 0) -> None:
        for key in table.keys() - known:
            help = did_you_mean(key, known) or "known here: " + ", ".join(f"`{k}`" for k in sorted(known))
            self.add(UNKNOWN_KEY, f"`[{header}]` has no key `{key}`", self.place(header, key, number), help)

    def required(self, table: Mapping[str, Any], key: str, header: str, number: int) -> str | None:
        if key not in table:
            self.add(MISSING_KEY, f"`[[{header}]]` needs `{key}`", self.place(header, "", number))
            return None
        return self.text(table, key, header, number)

    def text(self, table: Mapping[str, Any], key: str, header: str, number: int = 0) -> str | None:
        found: str | None = self.typed(table, key, str, header, number)
        return found

    def typed(self, table: Mapping[str, Any], key: str, kind: type, header: str, number: int = 0) -> Any:
        value = table.get(key)
        if value is None or isinstance(value, kind):
            return value
        wanted = {"str": "a text in quotes", "list": "a list", "dict": "a table"}[kind.__name__]
        self.add(WRONG_VALUE, f"`{key}` must be {wanted}", self.place(header, key, number))
        return None

    def add(self, code: str, message: str, place: Span | None, help: str = "") -> None:
        self.problems.append(error(code, message, place, help=help, file=self.source.name))

    def place(self, header: str, key: str, number: int) -> Span | None:
        """Where a key (or, with no key, the header) of the `number`th table of that name stands.

        None where it is written in another way than in its own line below its own header.
        """
        offset, seen, inside = 0, -1, False
        for line in self.source.text.splitlines(keepends=True):
            found = re.match(r"\s*\[+\s*([^\]]*?)\s*\]+", line) if line.lstrip().startswith("[") else None
            if found:
                inside = found[1] == header
                seen += inside
                if inside and not key and seen == number:
                    return self.source.span(offset, offset + len(line.rstrip()))
            elif inside and seen == number and key and (at := re.match(rf'\s*"?({re.escape(key)})"?\s*[=.]', line)):
                return self.source.span(offset + at.start(1), offset + at.end(1))
            offset += len(line)
        return None


def _error(code: str, message: str, path: Path, help: str = "") -> Diagnostic:
    return error(code, message, file=str(path), help=help)


def _not_toml(source: Source, message: str) -> Diagnostic:
    """A syntax error of the TOML reader, at the place that its message names."""
    at = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if at is None:
        return error(NOT_TOML, f"not TOML: {message}", file=source.name)
    offset = source.line_starts[int(at[1]) - 1] + int(at[2]) - 1
    return error(NOT_TOML, f"not TOML: {message[: at.start()].lower()}", source.span(offset, offset + 1))
