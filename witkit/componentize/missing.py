"""Find imports that fail in a component before the build, which would take seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from witkit.bindgen.guest.target import WORLD_MODULE
from witkit.componentize.bindings import Bindings
from witkit.componentize.config import BuildConfig
from witkit.componentize.modules import line, module_file
from witkit.componentize.own_names import OwnNames
from witkit.componentize.reading import ImportStatement, ReadModule
from witkit.componentize.reads import attributes_read
from witkit.componentize.sdk_names import MISSING_MODULE, missing_from_sdk
from witkit.componentize.target import BuildTarget
from witkit.interpreter import library
from witkit.text import Diagnostic, Span, did_you_mean, error

MISSING_NAME: Final = "WIT0764"

_COMPILED: Final = (".so", ".pyd")
_NEAR: Final = 0.8
_WASM: Final = b"\0asm"


def missing_imports(target: BuildTarget, modules: Sequence[ReadModule]) -> Iterator[Diagnostic]:
    """Findings for imports that certainly fail in the build, and for names that the bindings lack.

    Imports in an `if`, or in a `try` that catches the failure, are not checked.
    """
    bindings, own = Bindings(target.config, target.world), OwnNames(target.config, modules)
    sdks = {sdk.top for sdk in target.sdks}
    found: list[Diagnostic] = []
    for module in modules:
        for each in module.imports:
            if not (module.is_certain and each.is_certain) or each.is_late:
                continue
            if _top(each.modules[0]) in sdks:
                found += missing_from_sdk(each, list(target.sdks))
            else:
                found += _wrong(each, target, bindings) if each.modules[0] else ()
                found += own.wrong(module, each)
    yield from found
    reported = {problem.message for problem in found}
    for module in modules:
        for name, node in attributes_read(module) if module.is_certain else ():
            if bindings.are(name):
                wrong = bindings.wrong_read(name, line(module.file, node.lineno))
                yield from (problem for problem in wrong if problem.message not in reported)


def _wrong(each: ImportStatement, target: BuildTarget, bindings: Bindings) -> Iterator[Diagnostic]:
    module, place = each.modules[0], line(each.file, each.node.lineno)
    if bindings.are(module):
        yield from bindings.wrong(module, each.names, place)
    elif library().has(module):
        yield from (missing_name(module, name, place) for name in each.names if library().lacks_name(module, name))
    elif _is_missing(module, target.config):
        found = missing_module(module, target.config, place)
        elsewhere = [f"`{sdk.bindings}`" for sdk in target.sdks if sdk.bindings]
        if _top(module) == WORLD_MODULE and elsewhere:
            found = replace(
                found, help=f"the guest uses the world of an SDK, whose bindings are {' and '.join(elsewhere)}"
            )
        yield found


def missing_name(module: str, name: str, place: Span | None) -> Diagnostic:
    """The finding for a name that a module of the component's standard library does not have."""
    help = nearest_name(module, name) or "avoid it, or import it in a `try` statement"
    return error(MISSING_NAME, no_such_name(module, name), place, help=help)


def no_such_name(module: str, name: str) -> str:
    """The message for a name that a module of the component's standard library does not have."""
    return f"`{module}` does not have `{name}` in a component, which has Python {library().version} for WASI"


def nearest_name(module: str, name: str) -> str:
    """A suggestion of what the guest may have meant, or empty for a name that only a component lacks."""
    try:
        is_name = hasattr(import_module(module), name)
    except ImportError:
        is_name = False
    return "" if is_name else did_you_mean(name, sorted(library().names[module]))


def missing_module(module: str, config: BuildConfig, place: Span | None) -> Diagnostic:
    """The finding for a module that the component will not have, with what to do about it."""
    root = str(config.root)
    if lacks := library().lacks(module):
        help = "avoid it, or import it in `try: … except ImportError:` if the guest works without it"
        if module not in library().fails and (parent := module.rpartition(".")[0]):
            help = did_you_mean(module, library().submodules(parent)) or help
        return error(MISSING_MODULE, lacks, place, help=help, file=root)
    if file := _compiled(module, config):
        message = f"the guest imports `{module}`, which was compiled for another platform: `{file.name}`"
        help = "use a build of it for WASI, or another package that is pure Python"
        return error(MISSING_MODULE, message, place, help=help, file=root)
    message = f"the guest imports `{module}`, which it does not have"
    return error(MISSING_MODULE, message, place, help=_way_out(module, config), file=root)


def _way_out(module: str, config: BuildConfig) -> str:
    top = _top(module)
    if _spec(top) and not config.has_installed:
        return (
            "it is installed here: set `site-packages = true` in `[tool.witkit.build]`, or put it into one of `paths`"
        )
    names = [file.stem for folder in config.paths for file in sorted((config.root / folder).glob("[!.]*"))]
    target = f"`pip install --target vendor {top}`, and `vendor` in `paths` of `[tool.witkit.build]`"
    near = did_you_mean(top, [config.world_module, *(name for name in names if name.isidentifier())])
    # Names of packages are short, and many resemble a module of the standard library.
    near = near or "".join(f"did you mean `{name}`?" for name in get_close_matches(top, library().public, 1, _NEAR))
    return near or (f"put the module into one of the `paths`; for a package in pure Python: {target}")


def _is_missing(module: str, config: BuildConfig) -> bool:
    """Whether a build certainly does not find a module with this name."""
    if library().takes_name(module):
        return True  # the standard library comes first
    if _compiled(module, config):
        return True
    top = _top(module)
    own = [config.root / folder / top for folder in config.paths]
    is_own = any(place.is_dir() or next(binaries(place), None) for place in own) or module_file(config, top)
    return not is_own and (library().is_standard(top) or not config.has_installed or _spec(top) is None)


def _compiled(module: str, config: BuildConfig) -> Path | None:
    """The file of a compiled module that does not run in a component, or None."""
    below = Path(*module.split("."))
    files = [file for folder in config.paths for file in binaries(config.root / folder / below)]
    if config.has_installed and "." not in module and (origin := _spec(module)):
        files += [file for file in [Path(origin)] if file.suffix in _COMPILED]
    wrong = [file for file in files if file.read_bytes()[:4] != _WASM]
    return wrong[0] if wrong and len(wrong) == len(files) and not module_file(config, module) else None


def binaries(place: Path) -> Iterator[Path]:
    """The compiled files of a module, for all platforms."""
    return (file for file in place.parent.glob(f"{place.name}.*") if file.suffix in _COMPILED)


def _top(module: str) -> str:
    return module.partition(".")[0]


def _spec(top: str) -> str | None:
    """The path of an installed top-level module, or an empty string for a package without a file."""
    try:
        found = find_spec(top)
    except (ImportError, ValueError):
        return None
    return (found.origin or "") if found is not None else None
