"""What a type checker sees of witkit: the signatures of the modules that are imported, not what functions do.

It looks at assignments, classes and signatures. The body of a function matters if it gives attributes to an object,
or if the type of its result is inferred.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from tests.conftest import KEPT, REPOSITORY

_IMPORTS = re.compile(rb"^[ \t]*(?:from +(witkit[\w.]*) +import +(\([^)]*\)|[^\n]*)|import +(witkit[\w.]*))", re.M)


def signatures(texts: Iterable[bytes]) -> bytes:
    """A hash of what a type checker of modules with these texts sees of witkit."""
    found = sha256()
    for module in sorted(_reached({name for text in texts for name in _mentioned(text)})):
        found.update(f"{module} {_outside(module)[0]}\n".encode())
    return found.digest()


def _mentioned(text: bytes) -> Iterator[str]:
    """The modules of witkit that a text imports, read without parsing it: there may be thousands of texts."""
    for origin, names, module in _IMPORTS.findall(text):
        if module:
            yield module.decode()
        else:
            yield from _imported(origin.decode(), re.findall(r"\w+", names.decode()))


def _imported(origin: str, names: Iterable[str]) -> Iterator[str]:
    """The modules that `from origin import names` makes known: the package itself only for what is not a module."""
    for name in names:
        yield f"{origin}.{name}" if _path(f"{origin}.{name}") else origin


def _reached(modules: set[str]) -> set[str]:
    """These modules of witkit, what they import in turn, and the packages that they are in, except witkit itself."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module in found or _path(module) is None:
            continue
        found.add(module)
        waiting += _outside(module)[1:]
        if module.count(".") > 1:
            waiting.append(module.rpartition(".")[0])
    return found


@cache
def _path(module: str) -> Path | None:
    base = REPOSITORY.joinpath(*module.split("."))
    return next((path for path in (base / "__init__.py", base.with_suffix(".py")) if path.is_file()), None)


@cache
def _outside(module: str) -> list[str]:
    """A hash of a module's signatures, and the modules of witkit that it imports for them. Kept by content."""
    path = _path(module)
    assert path is not None
    text = path.read_bytes()
    kept = KEPT / "judged" / "seen" / sha256(Path(__file__).read_bytes() + text).hexdigest()
    if not kept.exists():
        tree = without_bodies(ast.parse(text))
        kept.parent.mkdir(parents=True, exist_ok=True)
        write(kept, "\n".join([sha256(ast.dump(tree).encode()).hexdigest(), *sorted(set(_imports(tree)))]))
    return kept.read_text(encoding="utf-8").split("\n")


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names if alias.name.split(".")[0] == "witkit")
            case ast.ImportFrom(module=str(origin), names=names) if origin.split(".")[0] == "witkit":
                yield from _imported(origin, [alias.name for alias in names])


def without_bodies(tree: ast.Module) -> ast.Module:
    """The tree without what only runs, and without docstrings."""
    changed = _Outside().visit(tree)
    assert isinstance(changed, ast.Module)
    return changed


class _Outside(ast.NodeTransformer):
    """Empties functions, unless a checker learns something from their bodies."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return _emptied(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return _emptied(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return ast.Pass() if _is_text(node) else node


def _emptied(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
    if node.returns is None or any(_gives_an_attribute(part) for part in ast.walk(node)):
        return node
    if not all(_does_nothing(part) for part in node.body):
        # A function that yields is another thing, above all an asynchronous one.
        yields = any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(node))
        node.body = [ast.Expr(ast.Yield())] if yields else [ast.Return()]
    return node


def _does_nothing(part: ast.stmt) -> bool:
    """A method of a protocol is only declared: its body is a docstring, `...`, `pass` or `raise`."""
    is_constant = isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
    return is_constant or isinstance(part, ast.Pass | ast.Raise)


def _gives_an_attribute(part: ast.AST) -> bool:
    return isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)


def _is_text(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)


def write(path: Path, text: str) -> None:
    """In one step: another worker may write the same."""
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
