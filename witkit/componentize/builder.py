"""Build the component of a project."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from witkit.bindgen.guest.limits import check_guest
from witkit.componentize import binary, inputs, preflight, preload, tool, wit_copy
from witkit.componentize.config import BuildConfig
from witkit.componentize.late_imports import late_imports
from witkit.componentize.reading import read_guest
from witkit.componentize.target import BuildTarget, build_target
from witkit.componentize.uses import closed_uses
from witkit.text import Diagnostic, WitkitError
from witkit.text.writing import NewFolders, not_writable

_SECTION: Final = "witkit-build"


@dataclass(frozen=True, slots=True)
class Built:
    """A component on disk. `size` is in bytes, `imports` are in order, `fresh` means that it was already up to date.

    `warnings` are about what the guest cannot do with its world, and about code that works only under CPython.
    `sdk_worlds` has the worlds of each SDK that the guest uses, by the SDK's module.
    """

    path: Path
    size: int
    imports: tuple[str, ...]
    fresh: bool
    warnings: tuple[Diagnostic, ...] = ()
    sdk_worlds: Mapping[str, Sequence[str]] = field(default_factory=dict)


def build(config: BuildConfig, *, force: bool = False, tick: Callable[[], None] | None = None) -> Built:
    """Build the guest of a project. Does nothing if the component on disk was built from the same inputs.

    The component replaces the old one in one step or not at all. Raises `WitkitError`: WIT075x and WIT076x if the guest
    cannot be built; WIT09xx if componentize-py is missing, the configuration is wrong or the component cannot be
    written; and the errors of the WIT package.
    """
    target = build_target(config)
    output = config.root / (config.out or f"{target.world.name}.wasm")
    record = made_from(target)
    if not force and binary.custom_section(output, _SECTION) == record:
        return _built(output, target, fresh=True)
    preflight.check(target)
    _refuse_unwritable(output)
    _componentize(target, output, record, tick)
    return _built(output, target, fresh=False)


def made_from(target: BuildTarget) -> bytes:
    """The hash of all inputs of the component, from its last section."""
    version = tool.version()
    own, added = inputs.content_hash(target, version), preload.digest(read_guest(target.config, target.world))
    return json.dumps({"inputs": own, "added": added, "componentize-py": version}).encode()


def _componentize(
    target: BuildTarget,
    output: Path,
    record: bytes,
    tick: Callable[[], None] | None,
) -> None:
    config = target.config
    with tempfile.TemporaryDirectory(prefix="witkit-build-") as temporary:
        scratch = Path(temporary)
        folders = inputs.stage(target, scratch)
        folders.append(preload.write(read_guest(config, target.world), scratch / "preload"))
        made = scratch / "component.wasm"
        copy = wit_copy.write(target.wit, scratch / "wit")
        outcome = tool.componentize(config, copy, folders, made, scratch, tick)
        if outcome.code != 0 or not made.is_file():
            # Only a failed build needs this.
            from witkit.componentize import failures

            raise WitkitError([failures.explain(outcome.output.replace(str(copy), "wit"), target)])
        binary.append_custom_section(made, _SECTION, record)
        _move(made, output)


def _refuse_unwritable(output: Path) -> None:
    """Check that the output can be written, before a build that takes seconds."""
    folder = next(parent for parent in output.absolute().parents if parent.exists())
    for number, wrong in (
        (errno.EISDIR, output.is_dir()),
        (errno.ENOTDIR, not folder.is_dir()),
        (errno.EACCES, not os.access(folder, os.W_OK)),
    ):
        if wrong:
            raise not_writable(output, OSError(number, os.strerror(number)))


def _move(made: Path, output: Path) -> None:
    """Move the file to its place in one step, even if the folders are on different file systems."""
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    with NewFolders() as folders:
        try:
            folders.make_for(output)
            try:
                beside.write_bytes(made.read_bytes())
                beside.replace(output)
            finally:
                beside.unlink(missing_ok=True)
        except OSError as problem:
            raise not_writable(output, problem) from None


def _built(path: Path, target: BuildTarget, *, fresh: bool) -> Built:
    limits = check_guest(target.world, target.config.names, target.config.world_module)
    warnings = [*target.warnings, *(problem for problem in limits if not problem.is_error)]
    modules = read_guest(target.config, target.world)
    warnings += [*late_imports(target.config, modules), *closed_uses(target.config, modules)]
    return Built(path, path.stat().st_size, tuple(binary.imports(path)), fresh, tuple(warnings), target.sdk_worlds)
