"""Write the bindings of a guest to disk, so that it can run under CPython."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from witkit.bindgen import GeneratedFile, generate
from witkit.bindgen.common.header import finished
from witkit.bindgen.common.templates import Templates
from witkit.bindgen.guest.bindings import shared
from witkit.bindgen.guest.target import GUEST
from witkit.bindgen.target import GenerationRequest
from witkit.componentize.borrowed import borrowed
from witkit.componentize.target import BuildTarget
from witkit.ir.model import World

_SDKS: Final = "sdks"


def typed_bindings(target: BuildTarget, *, allow: bool = False) -> list[GeneratedFile]:
    """The bindings for type checkers: the guest's own, and the modules that all bindings share. SDKs have theirs."""
    own = target.own
    if own is None:
        return _shared(target.world)
    files = generate(own.world, GUEST, package=own.package, allow=allow, names=own.names)
    there = {file.path for file in files}
    return [*files, *(file for file in _shared(target.world) if file.path not in there)]


def _shared(world: World) -> list[GeneratedFile]:
    return [finished(draft, GUEST, GenerationRequest()) for draft in shared(world, Templates(GUEST.name))]


def write_bindings(target: BuildTarget, folder: Path, *, allow: bool = False) -> dict[str, Path]:
    """Write the bindings below `folder`, which must be on the module path. Returns the packages inside of SDKs.

    Each package must be imported from the folder that is returned with it, as `witkit.native.replaced` does. `allow`
    permits worlds that cannot be built.
    """
    config = target.config
    files = {
        str(file.path): file.text
        for file in generate(target.world, GUEST, package=config.world_module, allow=allow, names=config.names)
    }
    files |= {f"{_SDKS}/{name}": text for name, text in borrowed(target).items()}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return {part.package: folder / _SDKS / Path(*part.package.split(".")) for part in target.borrowed}
