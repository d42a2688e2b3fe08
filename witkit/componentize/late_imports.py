"""Imports that a component cannot do any more: those inside functions.

componentize-py imports the guest once, while it builds, and keeps what is in memory then. A component has no files
to import from, so a module that a function imports must have been imported by then.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from witkit.bindgen.guest.names import exported_resources
from witkit.componentize.config import BuildConfig
from witkit.componentize.modules import line, module_file, parse
from witkit.ir.model import World
from witkit.text import Diagnostic, Severity, WitkitError

LATE_IMPORT: Final = "WIT0761"

_THERE: Final = frozenset(
    """
array ast atexit binascii bisect builtins cmath codecs collections componentize_py_types copy copyreg dataclasses dis
enum errno faulthandler functools gc importlib inspect io itertools keyword linecache marshal math opcode operator os
posix posixpath random re reprlib select site stat sys time token tokenize types typing unicodedata weakref zlib
""".split()  # noqa: SIM905 - a list of fifty texts would say no more
)
"""What componentize-py's Python has in memory before the guest, or built in (release 0.25)."""


@dataclass(frozen=True, slots=True)
class _Import:
    """One import statement. The first of `modules` is what it needs; what it takes from there may be modules, too."""

    modules: tuple[str, ...]
    node: ast.stmt


@dataclass(slots=True)
class _Read:
    early: list[_Import] = field(default_factory=list)
    late: list[_Import] = field(default_factory=list)


def late_imports(config: BuildConfig, world: World) -> Iterator[Diagnostic]:
    """A warning for each import in a function whose module nothing imports at the top of a module of the guest.

    Only modules that are imported while the guest is built are looked at, as far as this Python can read them.
    """
    early: set[str] = set(_THERE) | {config.world_module, f"{config.world_module}.exports"}
    late: list[tuple[Path, _Import]] = []
    waiting = [config.app, *(module for module, _, _ in exported_resources(world))]
    seen: set[Path] = set()
    while waiting:
        module = waiting.pop()
        file = module_file(config, module)
        if file is None or file in seen:
            continue
        seen.add(file)
        try:
            tree = parse(file)
        except WitkitError:
            # componentize-py's Python may be newer than this one, and has taken it, or will tell.
            continue
        read = _read(tree, module, is_package=file.name == "__init__.py")
        early |= {module, *(name for each in read.early for name in each.modules)}
        waiting += _with_parents(name for each in read.early for name in each.modules)
        late += [(file, each) for each in sorted(read.late, key=lambda each: each.node.lineno)]
    early |= set(_with_parents(early))
    for file, each in late:
        base, *names = each.modules
        needed = [base, *(name for name in names if module_file(config, name))]
        for module in needed:
            if module not in early:
                yield _warning(module, file, each)
                break


def _with_parents(modules: Iterable[str]) -> Iterator[str]:
    for module in modules:
        parts = module.split(".")
        yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))


def _warning(module: str, file: Path, late: _Import) -> Diagnostic:
    return Diagnostic(
        LATE_IMPORT,
        Severity.WARNING,
        f"`{module}` is imported in a function: the component has no files to import it from",
        line(file, late.node.lineno),
        help="import it at the top of a module, which is done while the component is built",
    )


def _read(tree: ast.Module, module: str, *, is_package: bool) -> _Read:
    """The imports of a module, by when they are done. Blocks that are not run while building do not count."""
    read = _Read()
    package = module if is_package else module.rpartition(".")[0]
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, is_late = waiting.pop()
        if isinstance(node, ast.Import):
            found = [_Import((alias.name,), node) for alias in node.names]
            (read.late if is_late else read.early).extend(found)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            names = tuple(f"{base}.{alias.name}" for alias in node.names)
            (read.late if is_late else read.early).append(_Import((base, *names), node))
        elif not (isinstance(node, ast.If) and _is_not_run(node.test)):
            is_late = is_late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            waiting += [(child, is_late) for child in ast.iter_child_nodes(node)]
    return read


def _absolute(node: ast.ImportFrom, package: str) -> str:
    parts = package.split(".")
    base = parts[: len(parts) - (node.level - 1)] if node.level else []
    return ".".join([*base, *([node.module] if node.module else [])])


def _is_not_run(test: ast.expr) -> bool:
    """`if TYPE_CHECKING:` and `if __name__ == "__main__":`."""
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(test) if isinstance(node, ast.Attribute)}
    return not names.isdisjoint({"TYPE_CHECKING", "__name__"})
