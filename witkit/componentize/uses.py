"""Find what a guest uses of the standard library that does not work in a component."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Final

from witkit.componentize.config import BuildConfig
from witkit.componentize.files_read import called_early, unread_files
from witkit.componentize.literals import lacking_literals
from witkit.componentize.missing import MISSING_NAME, nearest_name, no_such_name
from witkit.componentize.modules import line
from witkit.componentize.reading import ReadModule
from witkit.componentize.reads import attributes_read, dotted, imported_names
from witkit.componentize.waits import waits
from witkit.interpreter import library
from witkit.text import Diagnostic, Severity

NEVER_WORKS: Final = "WIT0766"
NO_TIME_ZONES: Final = "WIT0767"
NO_FILES: Final = "WIT0777"

_NO_HOME: Final = "a component knows no users, and has the variable `HOME` only if its host gives it one"
_WHY: Final = {
    "getpass.getuser": "a component knows no users, and its environment is empty",
    "os.dup": "the files of a component cannot be duplicated: open the file again",
    "pathlib.Path.home": _NO_HOME,
}
UNLIKE: Final = {
    "os.path.expanduser": ("gives `~` back as it is", _NO_HOME),
    "os.times": (
        "gives negative times, and counts waiting",
        "use `time.perf_counter`, which always does",
    ),
    "time.process_time": (
        "is negative, and counts waiting",
        "use `time.perf_counter`, which always does",
    ),
    "time.process_time_ns": (
        "is negative, and counts waiting",
        "use `time.perf_counter_ns`, which always does",
    ),
}
"""What gives other values in a component than anywhere else, with what is different and what to do."""
_ZONES: Final = ("zoneinfo.ZoneInfo", "zoneinfo.ZoneInfo.no_cache", "zoneinfo.available_timezones")


def closed_uses(config: BuildConfig, modules: Sequence[ReadModule]) -> Iterator[Diagnostic]:
    """Warnings for uses of what always fails in a component, and for time zones and files that it lacks."""
    has_zones = _has_zones(config)
    early = called_early(modules)
    for module in modules:
        for name, node in _used(module):
            if name in library().closed:
                help = _WHY.get(name, "a component has one thread and cannot start processes")
                yield _warning(module, node, NEVER_WORKS, _fails(name), help)
            elif name in UNLIKE:
                different, help = UNLIKE[name]
                yield _warning(module, node, NEVER_WORKS, f"`{name}` {different} in a component", help)
            elif name in _ZONES and not has_zones:
                help = "install `tzdata` into one of the `paths`: `pip install --target vendor tzdata`"
                yield _warning(module, node, NO_TIME_ZONES, "the component does not have data for time zones", help)
        for wrong in lacking_literals(module):
            message = f"{wrong.what} raises `{wrong.raised}` in a component"
            yield _warning(module, wrong.node, NEVER_WORKS, message, f"it needs {wrong.need}, which a component lacks")
        for name, node in waits(module):
            message = f"`{name}` does not wait in a component, whatever its timeout"
            help = "a component has one thread, so nothing can end the waiting: `time.sleep` lets time pass"
            yield _warning(module, node, NEVER_WORKS, message, help)
        for unread in unread_files(module, early):
            yield _warning(module, unread.node, NO_FILES, unread.message, unread.help)
        for name, node in attributes_read(module):
            if lacking := _lacking(name):
                help = nearest_name(*lacking) or "avoid it, or check with `hasattr` first"
                yield _warning(module, node, MISSING_NAME, no_such_name(*lacking), help)


def _used(module: ReadModule) -> Iterator[tuple[str, ast.expr]]:
    """The dotted names of imported functions and classes that a module calls, or derives classes from."""
    known = imported_names(module)
    for node in ast.walk(module.tree):
        used = [node.func] if isinstance(node, ast.Call) else node.bases if isinstance(node, ast.ClassDef) else []
        for each in used:
            if name := dotted(each, known):
                yield name, each


def _lacking(name: str) -> tuple[str, str] | None:
    """The module of the standard library, and the part of a dotted name that it certainly lacks, or None."""
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:count])
        if library().has(module):
            return (module, parts[count]) if library().lacks_name(module, parts[count]) else None
    return None


def _has_zones(config: BuildConfig) -> bool:
    is_own = any((config.root / folder / "tzdata").is_dir() for folder in config.paths)
    return is_own or (config.has_installed and find_spec("tzdata") is not None)


def _fails(name: str) -> str:
    raised = library().closed[name].partition(":")[0]
    return f"`{name}` raises `{raised}` in a component"


def _warning(module: ReadModule, node: ast.AST, code: str, message: str, help: str) -> Diagnostic:
    assert isinstance(node, ast.expr)
    return Diagnostic(code, Severity.WARNING, message, line(module.file, node.lineno), help=help)
