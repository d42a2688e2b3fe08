"""Find the installed files for a component: its SDKs and what they import, or everything.

They are copied for the build, as the guest's own files are. Otherwise componentize-py would write `__pycache__` into
the environment, and find every `componentize-py.toml` and every copy of its own modules there.
"""

from __future__ import annotations

import site
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from witkit.componentize.config import BuildConfig
from witkit.componentize.imported import names_in, top_names
from witkit.componentize.modules import module_file
from witkit.componentize.sdks import Sdk
from witkit.componentize.staging import TOP, files_below

_NATIVE: Final = (".so", ".pyd", ".dll", ".dylib")
_FOR_WASI: Final = "wasm32-wasi"
_NOT_INSIDE: Final = ("witkit", "componentize_py", *(Path(name).stem for name in TOP))


def installed_files(config: BuildConfig, sdks: Sequence[Sdk]) -> Iterator[tuple[Path, Path]]:
    """All installed files for the component: the path in a folder of modules, and the current path."""
    if config.site_packages:
        for folder in _site_packages():
            yield from _below(folder, folder, sdks)
        return
    waiting = [sdk.top for sdk in sdks if sdk.is_installed]
    bindings = [sdk.bindings_folder for sdk in sdks if sdk.bindings_folder]
    if config.has_installed:
        waiting += [name for name in top_names(config) if module_file(config, name) is None]
    done = {config.world_module}
    while waiting:
        name = waiting.pop(0)
        if name in done or name in _NOT_INSIDE or name in sys.stdlib_module_names:
            continue
        done.add(name)
        for place in _places(name):
            yield from _below(place, place.parent, sdks)
            waiting += names_in(place, but=bindings)


def _site_packages() -> list[Path]:
    """The folders of this Python's environment, in the order in which it searches them."""
    paths = sysconfig.get_paths()
    users = [site.getusersitepackages()] if site.ENABLE_USER_SITE and sys.prefix == sys.base_prefix else []
    return [Path(folder) for folder in dict.fromkeys([*users, paths["purelib"], paths["platlib"]])]


def _places(name: str) -> list[Path]:
    """The folders or the file of a top-level module. Empty if it is not installed or if it is built in."""
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    if spec.submodule_search_locations is not None:
        return [Path(folder) for folder in spec.submodule_search_locations]
    return [Path(spec.origin)] if spec.origin and spec.origin.endswith(".py") else []


def _below(place: Path, root: Path, sdks: Sequence[Sdk]) -> Iterator[tuple[Path, Path]]:
    replaced = [folder for sdk in sdks for folder in (sdk.bindings_folder, sdk.wit) if folder]
    for file in files_below(place, is_top=place == root):
        is_native = file.suffix in _NATIVE and _FOR_WASI not in file.name
        if not is_native and not any(file.is_relative_to(folder) for folder in replaced):
            yield file.relative_to(root), file
