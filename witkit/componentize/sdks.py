"""Find the SDKs that a guest uses: packages with a `componentize-py.toml`, which names their WIT and bindings.

componentize-py searches for that file in all folders of the guest's modules. Here, an SDK is used if it is in one of
the project's `paths`, or if it is installed and the guest imports it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from witkit.componentize.imported import names_in, top_names
from witkit.componentize.staging import walk_packages
from witkit.text import Diagnostic, Severity, WitkitError, did_you_mean, error
from witkit.text.settings import UNKNOWN_KEY, read_toml

if TYPE_CHECKING:
    from witkit.componentize.config import BuildConfig

SDK_SETTINGS: Final = "WIT0770"
SDK_PLACE: Final = "WIT0771"

SETTINGS: Final = "componentize-py.toml"
_NAMES: Final = ("import_interface_names", "export_interface_names")
_KEYS: Final = ("wit_directory", "bindings", "full_names", *_NAMES)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sdk:
    """A package with a `componentize-py.toml`.

    `module` is the name of its top-level package, or its dotted name if that package has several SDKs. `root` is the
    folder with the package, `folder` that of the settings. `wit` is its WIT, and `bindings` the dotted name of the
    package that its code imports bindings from; both are optional. `full_names`, `imports` and `exports` have the names
    of modules for interfaces. `warnings` are about the settings.
    """

    module: str
    root: Path
    folder: Path
    wit: Path | None = None
    bindings: str | None = None
    full_names: bool = False
    imports: Mapping[str, str] = field(default_factory=dict)
    exports: Mapping[str, str] = field(default_factory=dict)
    is_installed: bool = False
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def top(self) -> str:
        """The name of its top-level package."""
        return self.module.partition(".")[0]

    @property
    def bindings_folder(self) -> Path | None:
        """The folder of the bindings that its author has generated."""
        return self.root.joinpath(*self.bindings.split(".")) if self.bindings else None


def find_sdks(config: BuildConfig) -> tuple[Sdk, ...]:
    """The SDKs of a guest, those in its own folders first. Raises `WitkitError` for wrong settings."""
    found: dict[str, Sdk] = {}
    named = [*top_names(config), *(name.partition(".")[0] for name in config.module_worlds)]
    for folder, files in _settings_by_folder(config, named).items():
        for own in _in_folder(folder, files, named):
            found.setdefault(own.module, own)
    waiting, done = named, {sdk.top for sdk in found.values()}
    while waiting:
        name = waiting.pop(0)
        if name not in done:
            done.add(name)
            sdks = _installed(name)
            found |= {sdk.module: sdk for sdk in sdks}
            # An SDK may import another one.
            for root in {sdk.root for sdk in sdks}:
                waiting += names_in(root / name, but=[sdk.bindings_folder for sdk in sdks if sdk.bindings_folder])
    for name in config.module_worlds:
        if name not in found:
            raise WitkitError([_no_sdk(name, config, found)])
    # componentize-py needs them in the order of their dependencies, which `module-worlds` may change.
    return tuple(sorted(found.values(), key=lambda sdk: _place(sdk.module, config)))


def _place(module: str, config: BuildConfig) -> int:
    listed = list(config.module_worlds)
    return listed.index(module) if module in listed else len(listed)


def _settings_by_folder(config: BuildConfig, named: Collection[str]) -> dict[Path, list[Path]]:
    """The settings files in each of the guest's folders. Those of a nested folder belong to that folder only."""

    def may_be_sdk(package: Path) -> bool:
        return package.name in named or (package / SETTINGS).is_file()

    folders = [config.root / folder for folder in config.paths]
    owners: dict[Path, tuple[Path, Path]] = {}
    for folder in sorted(folders, key=lambda folder: len(folder.resolve().parts)):
        owners |= {
            file.resolve(): (folder, file)
            for file in walk_packages(folder, config, may_be_sdk)
            if file.name == SETTINGS
        }
    return {folder: [file for owner, file in owners.values() if owner == folder] for folder in folders}


def _in_folder(folder: Path, files: list[Path], named: Collection[str]) -> Iterator[Sdk]:
    """The SDKs in one of the guest's folders. One inside a package is included only if something names it."""
    for top in sorted({file.relative_to(folder).parts[0] for file in files}):
        own = [file for file in files if file.relative_to(folder).parts[0] == top]
        if own[0].parent == folder:
            message = f"`{own[0]}` does not belong to a package: it is directly in a folder of the guest's modules"
            help = f"put the folder above it into `paths`, so that `{folder.resolve().name}` is a package"
            raise WitkitError([error(SDK_PLACE, message, file=str(own[0]), help=help)])
        if top in named or len(own[0].relative_to(folder).parts) == 2:
            yield from _read_all(top, [(folder, file) for file in own])


def _installed(name: str) -> list[Sdk]:
    """The SDKs in an installed top-level package."""
    if name in sys.stdlib_module_names or not name.isidentifier():
        return []
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):  # a module without a spec, such as one that a test has created
        return []
    places = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    files = [
        (place.parent, Path(parent, SETTINGS))
        for place in places
        for parent, _, names in os.walk(place)
        if SETTINGS in names
    ]
    return list(_read_all(name, sorted(files), is_installed=True))


def _read_all(top: str, files: list[tuple[Path, Path]], *, is_installed: bool = False) -> Iterator[Sdk]:
    """The SDKs of one top-level package, from its folder and the settings file of each."""
    for root, file in files:
        module = top if len(files) == 1 else _dotted(file.parent, root)
        yield _read(module, root, file, is_installed=is_installed)


def _read(module: str, root: Path, file: Path, *, is_installed: bool) -> Sdk:
    table = read_toml(file)
    wit, bindings = table.text("wit_directory"), table.text("bindings")
    names = [table.mapping(key) for key in _NAMES]
    full_names = bool(table.flag("full_names"))
    folder = file.parent
    for key, value in (("wit_directory", wit), ("bindings", bindings)):
        if value is not None and not _is_below(folder, value):
            table.wrong(key, f"`{key}` must be a folder in the package, not `{value}`")
    if wit is not None and _is_below(folder, wit) and not (folder / wit).exists():
        table.wrong("wit_directory", f"there is no `{wit}` beside this file", "the SDK is damaged: install it again")
    table.finish()
    return Sdk(
        module=module,
        root=root,
        folder=folder,
        wit=folder / wit if wit is not None else None,
        bindings=_dotted(folder / bindings, root) if bindings is not None else None,
        full_names=full_names,
        imports=names[0],
        exports=names[1],
        is_installed=is_installed,
        warnings=tuple(_unknown(key, file) for key in table.values if key not in _KEYS),
    )


def _is_below(folder: Path, name: str) -> bool:
    inside = os.path.normpath(name)
    return not Path(name).is_absolute() and inside != "." and not inside.startswith("..") and bool(name)


def _dotted(folder: Path, root: Path) -> str:
    return ".".join(Path(os.path.normpath(folder)).relative_to(os.path.normpath(root)).parts)


def _unknown(key: str, file: Path) -> Diagnostic:
    help = did_you_mean(key, _KEYS) or "it knows " + ", ".join(f"`{known}`" for known in _KEYS)
    message = f"componentize-py does not know the key `{key}` of `{SETTINGS}`, and ignores it"
    return Diagnostic(UNKNOWN_KEY, Severity.WARNING, message, None, help=help, file=str(file))


def _no_sdk(name: str, config: BuildConfig, found: Mapping[str, Sdk]) -> Diagnostic:
    message = f"`module-worlds` names `{name}`, which is not an SDK of this guest"
    known = f"its SDKs are {', '.join(f'`{sdk}`' for sdk in found)}" if found else "it uses none"
    help = did_you_mean(name, list(found)) or f"{known}; an SDK has a file `{SETTINGS}`, and the guest imports it"
    return error(SDK_SETTINGS, message, file=str(config.root), help=help)
