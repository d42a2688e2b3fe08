"""The configuration of `witkit build` in `pyproject.toml`: `[tool.witkit]` and `[tool.witkit.build]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from witkit.bindgen.common.module_names import KEYS, ModuleNames, listed_names
from witkit.text import Diagnostic, WitkitError, error
from witkit.text.projects import PROJECT_KEYS
from witkit.text.settings import WRONG_VALUE, SettingsTable, read_settings

NO_PROJECT: Final = "WIT0923"

_TEXTS: Final = ("app", "out", "world-module", "intersect-world")
_FLAGS: Final = ("stub-wasi", "site-packages")
_LISTS: Final = ("paths", "features", "exclude")
_WIT: Final = ("wit", "world")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildConfig:
    """The configuration for building one guest. Paths are relative to `root`, the project's folder.

    `app` is the Python module with the exports, from the first of `paths` that has it. `out` is None for
    `<world>.wasm`. `exclude` are patterns for names of files that the guest does not need. With `site_packages`, the
    guest can import everything that is installed in the environment of this Python. With None, a guest that uses an
    installed SDK can import the SDK and what it imports itself, and any other guest nothing.

    `wit` are packages and `world` names of worlds, which are merged. Empty means the folder `wit`, and its only world.
    `module_worlds` has the worlds for the bindings of an SDK, by the SDK's module. `intersect_world` is a world:
    imports and exports that it does not have are dropped. `names` has the names of modules for interfaces.
    `has_installed`, once the guest's SDKs are known, is whether the guest can import installed packages.
    """

    root: Path
    wit: tuple[str, ...] = ()
    world: tuple[str, ...] = ()
    app: str = "app"
    out: str | None = None
    paths: tuple[str, ...] = (".",)
    world_module: str = "wit_world"
    stub_wasi: bool = False
    site_packages: bool | None = None
    features: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    module_worlds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    intersect_world: str | None = None
    names: ModuleNames = field(default_factory=ModuleNames)
    has_installed: bool = False


def load_config(root: Path, **overrides: Any) -> BuildConfig:
    """The configuration of the project in `root`. Overrides that are None are ignored.

    A project without `pyproject.toml`, or without the tables, gets the defaults. Raises `WitkitError` (WIT090x,
    WIT0923) for a missing folder and for wrong settings.
    """
    if not root.is_dir():
        raise WitkitError([_no_project(root)])
    file = root / "pyproject.toml"
    table = read_settings(file) if file.exists() else None
    found = _values(table) if table is not None else {}
    # A repeatable option that was not given is an empty tuple.
    given = {key: value for key, value in overrides.items() if value is not None and (value != () or key not in _WIT)}
    if (names := given.pop("names", None)) is not None:
        found["names"] = names.over(found.get("names", ModuleNames()))
    given["module_worlds"] = {**found.get("module_worlds", {}), **given.get("module_worlds", {})}
    found |= given
    for key in _WIT:
        found[key] = (found[key],) if isinstance(found.get(key), str) else tuple(found.get(key) or ())
    known = {field.name for field in fields(BuildConfig)}
    return BuildConfig(root=root, **{key: value for key, value in found.items() if key in known})


def _no_project(root: Path) -> Diagnostic:
    if root.exists():
        help = "name the folder that has the `.py` files and the folder `wit`"
        return error(NO_PROJECT, f"`{root}` is a file: a project is a folder", file=str(root), help=help)
    return error(NO_PROJECT, f"there is no folder `{root}`", file=str(root), help="check the path for a typing mistake")


def worlds_by_module(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The worlds of each SDK, from `MODULE=WORLD` on the command line.

    Raises `WitkitError` (WIT0904) for other forms.
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        module, equals, world = (part.strip() for part in text.partition("="))
        if not (module and equals and world):
            help = "write `MODULE=WORLD`, for example `spin_sdk=spin:up/http-trigger`"
            raise WitkitError([error(WRONG_VALUE, f"`{text}` does not name the world of an SDK", help=help)])
        found[module] = (*found.get(module, ()), world)
    return found


def _values(table: SettingsTable) -> dict[str, Any]:
    """The values of the tables, with the names of `BuildConfig`. Raises WitkitError with all mistakes."""
    table.reject_unknown_keys(*PROJECT_KEYS)
    build = table.table("build")
    build.reject_unknown_keys(*_WIT, "module-worlds", *_TEXTS, *_FLAGS, *_LISTS, *KEYS)
    found: dict[str, Any] = {key: build.several(key) or table.several(key) for key in _WIT}
    worlds = build.table("module-worlds")
    found["module-worlds"] = {module: worlds.several(module) or () for module in worlds.values}
    found["names"] = listed_names(build)
    found |= {key: build.text(key) for key in _TEXTS}
    found |= {key: build.flag(key) for key in _FLAGS}
    found |= {key: build.texts(key) for key in _LISTS}
    table.finish()
    return {key.replace("-", "_"): value for key, value in found.items() if value is not None}
