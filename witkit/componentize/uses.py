"""What a guest uses of the standard library that is in a component and does not work there."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Final

from witkit.componentize.config import BuildConfig
from witkit.componentize.modules import line
from witkit.componentize.reading import ReadModule
from witkit.interpreter import library
from witkit.text import Diagnostic, Severity

NEVER_WORKS: Final = "WIT0766"
NO_TIME_ZONES: Final = "WIT0767"


def closed_uses(config: BuildConfig, modules: Sequence[ReadModule]) -> Iterator[Diagnostic]:
    """A warning for each call of what fails in a component whatever its arguments, and for time zones without data."""
    has_zones = _has_zones(config)
    for module in modules:
        known = _imported(module)
        for node in ast.walk(module.tree):
            name = _dotted(node.func, known) if isinstance(node, ast.Call) else ""
            if name in library().closed:
                yield _warning(module, node, NEVER_WORKS, _fails(name), "a component has one thread and no processes")
            elif name == "zoneinfo.ZoneInfo" and not has_zones:
                help = "install `tzdata` into one of the `paths`: `pip install --target vendor tzdata`"
                yield _warning(module, node, NO_TIME_ZONES, "the component has no time zones", help)


def _has_zones(config: BuildConfig) -> bool:
    is_own = any((config.root / folder / "tzdata").is_dir() for folder in config.paths)
    return is_own or (config.has_installed and find_spec("tzdata") is not None)


def _fails(name: str) -> str:
    raised = library().closed[name].partition(":")[0]
    return f"`{name}` is there in a component, and raises `{raised}` when it is used"


def _warning(module: ReadModule, node: ast.AST, code: str, message: str, help: str) -> Diagnostic:
    assert isinstance(node, ast.expr)
    return Diagnostic(code, Severity.WARNING, message, line(module.file, node.lineno), help=help)


def _imported(module: ReadModule) -> dict[str, str]:
    """What names of a module stand for, as far as imports say."""
    names: dict[str, str] = {}
    for each in module.imports:
        if isinstance(each.node, ast.Import):
            names |= {alias.asname: alias.name for alias in each.node.names if alias.asname}
            names |= {
                top: top for alias in each.node.names if not alias.asname for top in [alias.name.partition(".")[0]]
            }
        elif isinstance(each.node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{each.modules[0]}.{alias.name}" for alias in each.node.names}
    return names


def _dotted(node: ast.AST, known: dict[str, str]) -> str:
    """The whole name of what an expression reads; an empty text for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or node.id not in known:
        return ""
    return ".".join([known[node.id], *parts])
