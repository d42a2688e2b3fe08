"""What `witkit build` is told by a project's `pyproject.toml`: `[tool.witkit]` and `[tool.witkit.build]`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from witkit.text import Diagnostic, Source, Span, WitkitError, did_you_mean, error

BAD_TOML: Final = "WIT0920"
UNKNOWN_KEY: Final = "WIT0921"
WRONG_TYPE: Final = "WIT0922"
NO_PROJECT: Final = "WIT0923"

_SHARED: Final = {"wit": str, "world": str}
_BUILD: Final = {
    "app": str,
    "out": str,
    "paths": list,
    "world-module": str,
    "stub-wasi": bool,
    "site-packages": bool,
    "features": list,
    "exclude": list,
}
_NAMES: Final = {str: "a string", bool: "true or false", list: "a list of strings"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildConfig:
    """How one guest is built. Paths are relative to `root`, the project's folder.

    `app` is the Python module with the exports, found in the first of `paths` that has it. `out` is
    None for `<world>.wasm`. `exclude` are file name patterns that the guest does not need.
    `site_packages` lets the guest import what is installed in the environment of the running Python.
    """

    root: Path
    wit: str = "wit"
    world: str | None = None
    app: str = "app"
    out: str | None = None
    paths: tuple[str, ...] = (".",)
    world_module: str = "wit_world"
    stub_wasi: bool = False
    site_packages: bool = False
    features: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def load_config(root: Path, **overrides: Any) -> BuildConfig:
    """The configuration of the project in `root`; an override that is None does not count.

    A project without `pyproject.toml`, or without the tables, gets the defaults. Raises `WitkitError`
    (WIT092x) for a folder that is not there and for a file that does not say what it should.
    """
    if not root.is_dir():
        raise WitkitError([error(NO_PROJECT, f"there is no folder `{root}`", file=str(root))])
    file = root / "pyproject.toml"
    found = _read(file) if file.is_file() else {}
    found |= {key: value for key, value in overrides.items() if value is not None}
    known = {field.name for field in fields(BuildConfig)}
    return BuildConfig(root=root, **{key: value for key, value in found.items() if key in known})


def _read(file: Path) -> dict[str, Any]:
    source = Source(str(file), file.read_text(encoding="utf-8"))
    try:
        tables = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as wrong:
        raise WitkitError([error(BAD_TOML, f"not valid TOML: {wrong}", file=str(file))]) from None
    tool = tables.get("tool", {}).get("witkit", {})
    shared = {key: value for key, value in tool.items() if key in _SHARED}
    build = tool.get("build", {})
    problems = [*_problems(source, shared, _SHARED), *_problems(source, build, _BUILD)]
    if problems:
        raise WitkitError(problems)
    return {key.replace("-", "_"): _frozen(value) for key, value in (shared | build).items()}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _problems(source: Source, table: dict[str, Any], known: Mapping[str, type]) -> list[Diagnostic]:
    return [problem for key, value in table.items() if (problem := _problem(source, key, value, known)) is not None]


def _problem(source: Source, key: str, value: object, known: Mapping[str, type]) -> Diagnostic | None:
    place = _place(source, key)
    if key not in known:
        help = did_you_mean(key, known) or f"known keys: {', '.join(sorted(known))}"
        return error(UNKNOWN_KEY, f"`tool.witkit.build` has no key `{key}`", place, help=help, file=source.name)
    wanted = known[key]
    strings = not isinstance(value, list) or all(isinstance(entry, str) for entry in value)
    if isinstance(value, wanted) and strings:
        return None
    return error(WRONG_TYPE, f"`{key}` must be {_NAMES[wanted]}", place, file=source.name)


def _place(source: Source, key: str) -> Span | None:
    """Where a key is written. tomllib keeps no places: the first line of a witkit table that assigns it."""
    inside, at = False, 0
    for line in source.text.splitlines(keepends=True):
        text = line.strip()
        if text.startswith("["):
            inside = text.startswith(("[tool.witkit]", "[tool.witkit.build]"))
        elif inside and text.partition("=")[0].strip().strip("\"'") == key:
            start = at + line.index(key)
            return source.span(start, start + len(key))
        at += len(line)
    return None
