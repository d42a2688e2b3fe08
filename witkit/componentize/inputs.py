"""Copy all inputs of a component to a folder that componentize-py may write to, and hash them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from witkit._version import __version__
from witkit.componentize.borrowed import borrowed
from witkit.componentize.config import BuildConfig
from witkit.componentize.installed import installed_files
from witkit.componentize.sdks import SETTINGS
from witkit.componentize.staging import guest_files
from witkit.componentize.target import BuildTarget

MODIFIED: Final = 315_532_800
"""The modification time of all files of guests, in seconds since 1970, so that every build has the same. It is the
beginning of 1980, the first time that zip files can have."""


def stage(target: BuildTarget, to: Path) -> list[Path]:
    """Copy the guest's files below `to`. Returns the folders to search for modules, in order."""
    for place, file in files(target):
        (to / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, to / place)
        os.utime(to / place, (MODIFIED, MODIFIED))
    for place, text in texts(target):
        (to / place).parent.mkdir(parents=True, exist_ok=True)
        (to / place).write_text(text, encoding="utf-8")
        os.utime(to / place, (MODIFIED, MODIFIED))
    folders = [to / str(number) for number in range(len(target.config.paths))]
    for folder in folders:
        folder.mkdir(exist_ok=True)
    elsewhere = to / _elsewhere(target.config)
    return [*folders, elsewhere] if elsewhere.is_dir() else folders


def files(target: BuildTarget) -> Iterator[tuple[Path, Path]]:
    """All files of the component: the path below the staging folder, and the current path.

    Without the settings of SDKs, because componentize-py finds the WIT of the whole guest in one place, and without
    their bindings, which are in `texts`.
    """
    replaced = [folder for sdk in target.sdks for folder in (sdk.bindings_folder,) if folder]
    for place, file in guest_files(target.config):
        if file.name != SETTINGS and not any(file.is_relative_to(folder) for folder in replaced):
            yield place, file
    for place, file in installed_files(target.config, target.sdks):
        if file.name != SETTINGS:
            yield _elsewhere(target.config) / place, file


def texts(target: BuildTarget) -> Iterator[tuple[Path, str]]:
    """The bindings of SDKs, each in the package that the SDK expects it in."""
    for name, text in borrowed(target).items():
        package = name.partition("/")[0]
        sdk = next((sdk for sdk in target.sdks if sdk.top == package and not sdk.is_installed), None)
        own = [str(number) for number, path in enumerate(target.config.paths) if sdk and _is(target, path, sdk.root)]
        yield (Path(own[0]) if own else _elsewhere(target.config)) / name, text


def content_hash(target: BuildTarget, tool: str) -> str:
    """SHA-256 over all inputs of the component: settings, tools, WIT and the guest's files."""
    config = target.config
    settings = (config.world, config.app, config.world_module, config.stub_wasi, config.features, config.site_packages)
    names = sorted(config.names.imports.items()), sorted(config.names.exports.items()), config.names.full
    versions = _versions() if config.site_packages else []
    digest = hashlib.sha256(repr((__version__, tool, settings, names, versions)).encode())
    for name, text in sorted([*target.wit.items(), *((str(place), text) for place, text in texts(target))]):
        _add(digest, name, text.encode())
    # Installed packages are identified by their versions.
    known = guest_files(config) if config.site_packages else files(target)
    for place, file in sorted(known):
        _add(digest, str(place), file.read_bytes())
    return digest.hexdigest()


def _elsewhere(config: BuildConfig) -> Path:
    return Path(str(len(config.paths)))


def _is(target: BuildTarget, path: str, folder: Path) -> bool:
    return target.config.root / path == folder


def _add(digest: hashlib._Hash, name: str, content: bytes) -> None:
    digest.update(f"{name}\0{len(content)}\0".encode())
    digest.update(content)


def _versions() -> list[tuple[str, str]]:
    """The installed packages, with their versions, that a guest with `site-packages` can import."""
    from importlib.metadata import distributions

    # A damaged installation may lack either.
    return sorted((str(found.name), str(found.version)) for found in distributions())
