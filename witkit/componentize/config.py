"""What `witkit build` is told by a project's `pyproject.toml`: `[tool.witkit]` and `[tool.witkit.build]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from witkit.bindgen.common.module_names import KEYS, ModuleNames, listed_names
from witkit.text import WitkitError, error
from witkit.text.projects import PROJECT_KEYS
from witkit.text.settings import WRONG_VALUE, SettingsTable, read_settings

NO_PROJECT: Final = "WIT0923"

_TEXTS: Final = ("app", "out", "world-module", "intersect-world")
_FLAGS: Final = ("stub-wasi", "site-packages")
_LISTS: Final = ("paths", "features", "exclude")
_WIT: Final = ("wit", "world")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildConfig:
    """How one guest is built. Paths are relative to `root`, the project's folder.

    `app` is the Python module with the exports, found in the first of `paths` that has it. `out` is
    None for `<world>.wasm`. `exclude` are file name patterns that the guest does not need.
    `site_packages` lets the guest import all that is installed in the environment of the running Python; None lets
    a guest that uses an installed SDK have the SDK and what it imports itself, any other guest nothing.

    `wit` are packages and `world` names worlds; several become one. Empty means the folder `wit`, and the only world.
    `module_worlds` names the worlds that an SDK's bindings are for, by the SDK's module; `intersect_world` is a world
    without whose imports and exports the guest does. `names` says how modules of interfaces are called.
    `has_installed` tells, once the guest's SDKs are known, whether what it imports may be installed.
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
    """The configuration of the project in `root`; an override that is None does not count.

    A project without `pyproject.toml`, or without the tables, gets the defaults. Raises `WitkitError`
    (WIT090x, WIT0923) for a folder that is not there and for a file that does not say what it should.
    """
    if not root.is_dir():
        raise WitkitError([error(NO_PROJECT, f"there is no folder `{root}`", file=str(root))])
    file = root / "pyproject.toml"
    table = read_settings(file) if file.exists() else None
    found = _values(table) if table is not None else {}
    # An option that may be given several times, and was not, is an empty tuple.
    given = {key: value for key, value in overrides.items() if value is not None and (value != () or key not in _WIT)}
    if (names := given.pop("names", None)) is not None:
        found["names"] = names.over(found.get("names", ModuleNames()))
    given["module_worlds"] = {**found.get("module_worlds", {}), **given.get("module_worlds", {})}
    found |= given
    for key in _WIT:
        found[key] = (found[key],) if isinstance(found.get(key), str) else tuple(found.get(key) or ())
    known = {field.name for field in fields(BuildConfig)}
    return BuildConfig(root=root, **{key: value for key, value in found.items() if key in known})


def worlds_by_module(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The worlds of each SDK from texts `MODULE=WORLD`, as a command line has them.

    Raises `WitkitError` (WIT0904) for other texts.
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        module, equals, world = (part.strip() for part in text.partition("="))
        if not (module and equals and world):
            help = "write `MODULE=WORLD`, for example `spin_sdk=spin:up/http-trigger`"
            raise WitkitError([error(WRONG_VALUE, f"`{text}` names no world of an SDK", help=help)])
        found[module] = (*found.get(module, ()), world)
    return found


def _values(table: SettingsTable) -> dict[str, Any]:
    """What the tables say, by the names of `BuildConfig`. Raises WitkitError for everything wrong in them."""
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
