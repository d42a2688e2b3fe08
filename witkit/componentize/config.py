"""What `witkit build` is told by a project's `pyproject.toml`: `[tool.witkit]` and `[tool.witkit.build]`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from witkit.text import WitkitError, error
from witkit.text.settings import Table, read_settings

NO_PROJECT: Final = "WIT0923"

_TEXTS: Final = ("app", "out", "world-module")
_FLAGS: Final = ("stub-wasi", "site-packages")
_LISTS: Final = ("paths", "features", "exclude")


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
    (WIT090x, WIT0923) for a folder that is not there and for a file that does not say what it should.
    """
    if not root.is_dir():
        raise WitkitError([error(NO_PROJECT, f"there is no folder `{root}`", file=str(root))])
    file = root / "pyproject.toml"
    table = read_settings(file) if file.exists() else None
    found = _values(table) if table is not None else {}
    found |= {key: value for key, value in overrides.items() if value is not None}
    known = {field.name for field in fields(BuildConfig)}
    return BuildConfig(root=root, **{key: value for key, value in found.items() if key in known})


def _values(table: Table) -> dict[str, Any]:
    """What the tables say, by the names of `BuildConfig`. Raises WitkitError for everything wrong in them."""
    table.only("wit", "world", "gen", "build")
    build = table.table("build")
    build.only("wit", "world", *_TEXTS, *_FLAGS, *_LISTS)
    found: dict[str, Any] = {}
    for key in ("wit", "world"):
        found[key] = build.text(key) or table.text(key)
    found |= {key: build.text(key) for key in _TEXTS}
    found |= {key: build.flag(key) for key in _FLAGS}
    found |= {key: build.texts(key) for key in _LISTS}
    table.finish()
    return {key.replace("-", "_"): value for key, value in found.items() if value is not None}
