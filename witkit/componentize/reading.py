"""Read the modules that are imported in a build without running them, and find what each of them imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from witkit.bindgen.guest.names import exported_resources
from witkit.componentize.config import BuildConfig
from witkit.componentize.modules import module_file, parse
from witkit.interpreter.library import with_parents
from witkit.ir.model import World
from witkit.text import WitkitError

_CAUGHT: Final = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException", "AttributeError"}
_Conditional: Final = ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Match
_Function: Final = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class ImportStatement:
    """An import in a file of the guest: a statement, or a call of `import_module` with the module's name.

    The first of `modules` is what it needs. Its `names` may be modules, too. `is_late` means that it is in a function,
    `is_certain` that it is always executed and that nothing catches its failure.
    """

    modules: tuple[str, ...]
    names: tuple[str, ...]
    node: ast.stmt | ast.expr
    file: Path
    is_late: bool = False
    is_caught: bool = False
    is_conditional: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether importing the guest fails if this import fails."""
        return not (self.is_caught or self.is_conditional)


@dataclass(slots=True)
class ReadModule:
    """A module of the guest. `is_certain` means that it is always imported."""

    name: str
    file: Path
    tree: ast.Module
    imports: Sequence[ImportStatement]
    is_certain: bool = field(default=False)


def read_guest(config: BuildConfig, world: World) -> list[ReadModule]:
    """The guest's modules, `app` first, in the order of imports at the top of modules.

    Modules with syntax errors are left out: the check before a build and the build itself report them.
    """
    return read_modules(config, [config.app, *(module for module, _, _ in exported_resources(world, config.names))])


def read_modules(config: BuildConfig, roots: Sequence[str]) -> list[ReadModule]:
    """The guest's modules that these import, as from `read_guest`."""
    found: dict[Path, ReadModule] = {}
    waiting = [*roots]
    while waiting:
        name = waiting.pop(0)
        file = module_file(config, name)
        if file is None or file in found:
            continue
        try:
            tree = parse(file)
        except WitkitError:
            continue
        imports = list(imports_of(tree, name, file))
        found[file] = ReadModule(name, file, tree, imports)
        waiting += _reached(imports)
    modules = list(found.values())
    _mark_certain({module.name: module for module in modules}, roots)
    return modules


def _reached(imports: Sequence[ImportStatement], *, certain: bool = False) -> list[str]:
    """The modules, with their packages, that are imported at the top of a module, or certainly imported."""
    early = [each for each in imports if not each.is_late and (each.is_certain or not certain)]
    return [parent for each in early for module in each.modules for parent in with_parents(module)]


def _mark_certain(modules: dict[str, ReadModule], roots: Sequence[str]) -> None:
    waiting = [*roots]
    while waiting:
        module = modules.get(waiting.pop())
        if module is not None and not module.is_certain:
            module.is_certain = True
            waiting += _reached(module.imports, certain=True)


def imports_of(tree: ast.Module, module: str, file: Path) -> Iterator[ImportStatement]:
    """The imports of a module, without blocks that do not run in a build."""
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    waiting: list[tuple[ast.AST, ImportStatement]] = [(tree, ImportStatement((), (), ast.Pass(), file))]
    while waiting:
        node, how = waiting.pop(0)
        if isinstance(node, ast.Import):
            yield from (replace(how, modules=(alias.name,), node=node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, package)
            names = tuple(alias.name for alias in node.names)
            modules = (base, *(f"{base}.{name}" for name in names))
            yield replace(how, modules=modules, names=names, node=node)
        elif isinstance(node, ast.Call) and (name := _imported_by(node)):
            yield replace(how, modules=(name,), node=node)
        elif not (isinstance(node, ast.If) and _is_not_run(node.test)):
            waiting += [(child, _below(node, child, how)) for child in ast.iter_child_nodes(node)]


def _imported_by(call: ast.Call) -> str:
    """The module that a call imports by a constant name: `import_module("helper")`, `__import__("helper")`."""
    match call:
        case ast.Call(
            func=ast.Name("import_module" | "__import__") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(str(name)), *_],
        ) if all(part.isidentifier() for part in name.split(".")):
            return name
    return ""


def _below(node: ast.AST, child: ast.AST, how: ImportStatement) -> ImportStatement:
    """Whether imports in a part of a statement are certain and late."""
    if isinstance(node, _Function):
        return replace(how, is_late=True)
    if isinstance(node, _Conditional):
        return replace(how, is_conditional=True)
    if isinstance(node, ast.Try | ast.TryStar):
        is_caught = child in node.body and any(map(catches, node.handlers))
        is_conditional = child in node.handlers or child in node.orelse
        return replace(how, is_caught=how.is_caught or is_caught, is_conditional=how.is_conditional or is_conditional)
    return how


def catches(handler: ast.ExceptHandler) -> bool:
    """Whether a handler may catch what an import raises."""
    if handler.type is None:
        return True
    classes = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {each.id for each in classes if isinstance(each, ast.Name)}
    return len(names) < len(classes) or not names.isdisjoint(_CAUGHT)


def absolute(node: ast.ImportFrom, package: str) -> str:
    """The full name of the module that a statement in a package imports from."""
    parts = package.split(".")
    base = parts[: len(parts) - (node.level - 1)] if node.level else []
    return ".".join([*base, *([node.module] if node.module else [])])


def _is_not_run(test: ast.expr) -> bool:
    """Whether a block does not run in a build: `if TYPE_CHECKING:` and `if __name__ == "__main__":`."""
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(test) if isinstance(node, ast.Attribute)}
    return not names.isdisjoint({"TYPE_CHECKING", "__name__"})
