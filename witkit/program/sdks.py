"""Generate the bindings of a guest that uses SDKs for this process. Those in an SDK only serve editors."""

from __future__ import annotations

import atexit
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from witkit.componentize import load_config
from witkit.componentize.projects import project_of
from witkit.componentize.sdks import find_sdks
from witkit.componentize.target import build_target
from witkit.componentize.underlay import write_bindings
from witkit.native.replaced import replace


@dataclass(frozen=True, slots=True)
class _Made:
    """Bindings on the module path, and what they were generated from."""

    folder: str
    module: str
    of: tuple[Mapping[str, str], Mapping[str, str]]


_made: dict[Path, _Made] = {}


def connect_sdks(folder: Path) -> str | None:
    """Connect the bindings of the SDKs that the project in `folder`, or above it, uses to the project's own bindings.

    The generated bindings come before others on the module path, until those of another project replace them. Returns
    the name of the package with all of them, or None if the project does not use an SDK. Raises `WitkitError` if the
    project or an SDK is wrong.
    """
    root = project_of(folder).resolve()
    config = load_config(root)
    if not find_sdks(config):
        return None
    target = build_target(config)
    of = (target.wit, {**target.config.names.imports, **target.config.names.exports})
    known = _made.get(root)
    if known is None or known.of != of or known.folder not in sys.path:
        _forget()
        made = mkdtemp(prefix="witkit-sdk-")
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        sys.path.insert(0, made)
        replace(write_bindings(target, Path(made)))
        _made[root] = known = _Made(made, target.config.world_module, of)
    return known.module


def _forget() -> None:
    """Remove the bindings of another project, with their imported modules."""
    for made in _made.values():
        sys.path[:] = [folder for folder in sys.path if folder != made.folder]
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(made.folder):
                del sys.modules[name]
    _made.clear()
