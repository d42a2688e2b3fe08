"""Read the guest's Python modules without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from witkit import interpreter
from witkit.componentize.config import BuildConfig
from witkit.text import Source, Span, WitkitError, error

SYNTAX: Final = "WIT0755"


def module_file(config: BuildConfig, module: str) -> Path | None:
    """The file of a module of the guest, by the rules of `import`, or None."""
    if not all(part.isidentifier() for part in module.split(".")):
        return None
    below = Path(*module.split("."))
    for folder in config.paths:
        for file in (below / "__init__.py", below.with_suffix(".py")):
            if (config.root / folder / file).is_file():
                return config.root / folder / file
    return None


def parse(file: Path) -> ast.Module:
    """The syntax tree of a guest's file. Raises `WitkitError` if it is not valid in the Python of a component."""
    content = file.read_bytes()
    try:
        # Bytes, because the file may have a byte order mark or declare its encoding.
        return interpreter.parse(content)
    except SyntaxError as wrong:
        source = Source(str(file), content.decode("utf-8-sig", errors="replace"))
        # Errors about the whole file have line 0 or None.
        at = min(max(wrong.lineno or 1, 1), len(source.line_starts))
        start = source.line_starts[at - 1] + max(wrong.offset or 1, 1) - 1
        raise WitkitError([error(SYNTAX, f"not valid Python: {wrong.msg}", source.span(start, start + 1))]) from None


def bound_names(tree: ast.Module | ast.ClassDef) -> set[str] | None:
    """The names that a module or class binds at its top level, or None if that is not certain."""
    names: set[str] = set()
    declared: list[ast.expr] = []  # `name: type` binds nothing
    for node in top_level(tree):
        match node:
            case ast.AnnAssign(target=target, value=None):
                declared.append(target)
            case ast.ImportFrom(names=[ast.alias("*")]):
                return None
            case ast.ClassDef(name) | ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                names.add(name)
            case ast.Import(aliases) | ast.ImportFrom(names=aliases):
                names |= {alias.asname or alias.name.partition(".")[0] for alias in aliases}
            case ast.Name("globals" | "locals" | "setattr" | "exec"):
                return None
            case ast.Name(name, ast.Store()) if node not in declared:
                names.add(name)
    return None if "__getattr__" in names else names


def top_level(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes in a module or class, without those inside its functions and classes."""
    waiting = [*ast.iter_child_nodes(node)][::-1]
    while waiting:  # not by recursion: a sum of a thousand strings is nested as deeply
        yield (child := waiting.pop())
        if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += [*ast.iter_child_nodes(child)][::-1]


def line(file: Path, number: int) -> Span | None:
    """The span of a line in a file, without its indentation, or None if there is no such line."""
    if not file.is_file():
        return None
    source = Source(str(file), file.read_text(encoding="utf-8", errors="replace"))
    if number > len(source.line_starts):
        return None
    text = source.line(number)
    start = source.line_starts[number - 1]
    return source.span(start + len(text) - len(text.lstrip()), start + len(text))
