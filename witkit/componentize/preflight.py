"""Find errors before componentize-py runs: seconds earlier, and with a place.

Only certain errors are reported. A module whose names cannot be known from its text is left to the build.
"""

from __future__ import annotations

from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path
from typing import Final

from witkit.bindgen.common.python import NOT_A_NAME
from witkit.bindgen.guest.limits import only_functions, refuse_unbuildable
from witkit.bindgen.guest.names import GuestNames, exported_resources, world_class
from witkit.componentize.classes import incomplete
from witkit.componentize.config import BuildConfig
from witkit.componentize.missing import missing_imports
from witkit.componentize.modules import bound_names, module_file, parse
from witkit.componentize.not_classes import not_a_class
from witkit.componentize.reading import read_guest
from witkit.componentize.staging import left_out
from witkit.componentize.target import BuildTarget
from witkit.ir.model import World, WorldInterface
from witkit.text import Diagnostic, WitkitError, did_you_mean, error

NO_APP: Final = "WIT0751"
NAMED_LIKE_WORLD: Final = "WIT0752"
MISSING_EXPORT: Final = "WIT0753"
MISSING_RESOURCE: Final = "WIT0754"
LEFT_OUT: Final = "WIT0762"


def check(target: BuildTarget) -> None:
    """Raise `WitkitError` for certain failures of the build, or of the component on its first call."""
    config, world = target.config, target.world
    refuse_unbuildable(world, config.names, world_module=config.world_module)
    _check_names(config)
    file = module_file(config, config.app)
    if file is None:
        raise WitkitError([_no_app(config)])
    if pattern := left_out(config, file):
        raise WitkitError([is_left_out(config.app, file, pattern)])
    problems = [*_missing_exports(config, world, file), *_missing_resources(config, world)]
    problems += incomplete(target)
    problems += missing_imports(target, read_guest(config, world))
    if problems:
        raise WitkitError(problems)


def _check_names(config: BuildConfig) -> None:
    """Raise `WitkitError` for names that Python could not import, or that clash."""
    if config.app == config.world_module:
        message = f"the guest's module and the module of the bindings are both called `{config.app}`"
        help = "rename the guest's module, or give the bindings another name with `world-module`"
        raise WitkitError([error(NAMED_LIKE_WORLD, message, file=str(config.root), help=help)])
    if not config.world_module.isidentifier() or iskeyword(config.world_module):
        message = f"`{config.world_module}` cannot be the name of a Python package"
        help = "`world-module` must be a Python identifier and not a keyword"
        raise WitkitError([error(NOT_A_NAME, message, file=str(config.root), help=help)])


def exports(world: World, config: BuildConfig) -> Iterator[tuple[str, WorldInterface | None]]:
    """The classes that the guest's module must have, with the exported interface (None for the world itself)."""
    names = GuestNames(world, config.names)
    functions = False
    for key, item in world.exports.items():
        if not isinstance(item, WorldInterface):
            functions = True
        elif any(function.resource is None for function in item.interface.functions.values()):
            yield names.exported(key).protocol, item
    if functions:
        yield world_class(config.world_module), None


def missing_export(
    name: str, item: WorldInterface | None, config: BuildConfig, file: Path, near: str = ""
) -> Diagnostic:
    """The finding for a class that the guest's module lacks."""
    span = item.span if item is not None else None
    base = f"(exports.{name})" if item is not None else f"({config.world_module}.{name})"
    if item is not None and not item.interface.name and only_functions(item.interface):
        base = ""
    help = f"add `class {name}{base}:` to {file.name}"
    return error(
        MISSING_EXPORT,
        f"module `{config.app}` has no class `{name}`, which implements {_implemented(item)}",
        span,
        label=f"needs `{name}` in {file}",
        help=near or help,
        file=str(file),
    )


def _implemented(item: WorldInterface | None) -> str:
    return "the functions that the world exports" if item is None else "this export"


def is_left_out(module: str, file: Path, pattern: str) -> Diagnostic:
    """The finding for a module that the guest needs but that is excluded from the component."""
    return error(
        LEFT_OUT,
        f"`{module}` is not part of the component: `{pattern}` excludes `{file.name}`",
        help="rename the module: names of tests are always excluded, and `exclude` in `[tool.witkit.build]` may"
        " exclude others",
        file=str(file),
    )


def missing_resource(module: str, resource: str, place: WorldInterface | None, config: BuildConfig) -> Diagnostic:
    """The finding for the class of an exported resource in a module where componentize-py does not find it."""
    folder = config.paths[0] if config.paths else "."
    return error(
        MISSING_RESOURCE,
        f"the exported resource's class `{resource}` must be in a module called `{module}`",
        place.span if place is not None else None,
        help=f"define `class {resource}` in {Path(folder) / module}.py, or import it there",
        file=str(config.root),
    )


def _no_app(config: BuildConfig) -> Diagnostic:
    if not config.paths:
        help = "`paths` in `[tool.witkit.build]` lists the folders with the guest's modules"
        return error(NO_APP, "there is no folder to find the guest in", help=help, file=str(config.root))
    modules = [file.stem for folder in config.paths for file in sorted((config.root / folder).glob("*.py"))]
    help = did_you_mean(config.app, modules) or "name the module with the exports: `app` in `[tool.witkit.build]`"
    places = ", ".join(f"`{config.root / folder}`" for folder in config.paths)
    return error(NO_APP, f"there is no module `{config.app}` in {places}", help=help, file=str(config.root))


def _missing_exports(config: BuildConfig, world: World, file: Path) -> Iterator[Diagnostic]:
    tree = parse(file)
    defined = bound_names(tree)
    if defined is not None:
        for name, item in exports(world, config):
            missing = missing_export(name, item, config, file)
            if name not in defined:
                classes = [known for known in defined if known[:1].isupper()]
                yield missing_export(name, item, config, file, did_you_mean(name, classes))
            elif wrong := not_a_class(name, tree, file, _implemented(item), missing.help or ""):
                yield wrong


def _missing_resources(config: BuildConfig, world: World) -> Iterator[Diagnostic]:
    for module, resource, item in exported_resources(world, config.names):
        file = module_file(config, module)
        tree = parse(file) if file else None
        defined = bound_names(tree) if tree else set()
        if defined is not None and resource not in defined:
            yield missing_resource(module, resource, item, config)
        elif file and tree and defined is not None:
            help = f"define `class {resource}` there"
            if wrong := not_a_class(resource, tree, file, "the exported resource", help, is_called_so=False):
                yield wrong
