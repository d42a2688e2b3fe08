"""The public names and signatures of a folder of bindings, read by AST and spelled one way.

`Optional[X]` becomes `X | None`, `List` becomes `list`, a name of another module gets that module's place
below the world's package. What is left is what a guest's source can see.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SPELLINGS = {"List": "list", "Tuple": "tuple", "Dict": "dict"}


def read(world_module: Path) -> dict[str, str]:
    """Every public name of a package (`imports/types.py Entry`) with its signature."""
    found: dict[str, str] = {}
    for file in sorted(world_module.rglob("*.py")):
        place = file.relative_to(world_module)
        if not place.name.startswith("_") or place.name == "__init__.py":
            found[str(place)] = "module"
            module = _Module(place, ast.parse(file.read_text(encoding="utf-8")))
            found |= {f"{place} {name}": signature for name, signature in module.names()}
    return found


class _Module:
    def __init__(self, place: Path, tree: ast.Module) -> None:
        self.tree, self.place = tree, place
        self.folder = place.parent
        self.spellings = dict(SPELLINGS)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    self.spellings[alias.asname or alias.name] = self._origin(node, alias.name)

    def _origin(self, node: ast.ImportFrom, name: str) -> str:
        if not node.level:
            return SPELLINGS.get(name, name)
        folder = self.folder if node.level == 1 else self.folder.parent
        return ".".join([*folder.parts, *(node.module or "").split("."), name]).replace("..", ".").strip(".")

    def names(self) -> Iterator[tuple[str, str]]:
        if self.place == Path("exports/__init__.py"):
            yield from self._shown()
        for node in self.tree.body:
            match node:
                case ast.ClassDef(name) if not name.startswith("_"):
                    yield name, self._class(node)
                case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) if not name.startswith("_"):
                    yield name, self._function(node)
                case ast.Assign([ast.Name(name)], value) if not name.startswith("_"):
                    yield name, f"= {self.spell(value)}"
                case ast.AnnAssign(ast.Name(name), _, ast.expr() as value) if not name.startswith("_"):
                    yield name, f"= {self.spell(value)}"

    def _shown(self) -> Iterator[tuple[str, str]]:
        """The modules that `from wit_world.exports import x` gives: the last import of a name counts."""
        shown: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                shown |= {
                    a.asname or a.name: self._origin(node, a.name).removeprefix("exports.exports.") for a in node.names
                }
        yield from ((name, f"shows {home}") for name, home in shown.items() if not name.startswith("_"))

    def _class(self, node: ast.ClassDef) -> str:
        lines = [f"class({', '.join(sorted(self.spell(base) for base in node.bases))})"]
        lines += [f"@{self.spell(decorator)}" for decorator in node.decorator_list]
        fields, methods = [], []
        for part in node.body:
            match part:
                case ast.AnnAssign(ast.Name(name), annotation):
                    fields.append(f"{name}: {self.spell(annotation)}")
                case ast.Assign([ast.Name(name)], value):
                    fields.append(f"{name} = {self.spell(value)}")
                case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                    methods.append(f"{name} {self._function(part)}")
        return "\n".join([*lines, *fields, *sorted(methods)])

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        marks = [f"@{self.spell(decorator)} " for decorator in sorted(node.decorator_list, key=ast.unparse)]
        start = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
        params = [f"{a.arg}: {self.spell(a.annotation)}" if a.annotation else a.arg for a in node.args.args]
        returns = self.spell(node.returns) if node.returns else ""
        return f"{''.join(marks)}{start}({', '.join(params)}) -> {returns}"

    def spell(self, node: ast.expr) -> str:
        match node:
            case ast.Name(name):
                return self.spellings.get(name, name)
            case ast.Attribute(value, name):
                return f"{self.spell(value)}.{name}"
            case ast.Subscript(ast.Name("Optional"), inside):
                return f"{self.spell(inside)} | None"
            case ast.Subscript(ast.Name("Union"), ast.Tuple(parts)):
                return " | ".join(self.spell(part) for part in parts)
            case ast.Subscript(ast.Name("Union"), one):
                return self.spell(one)
            case ast.Subscript(ast.Name("Tuple" | "tuple"), ast.Tuple([])):
                return "tuple[()]"
            case ast.Subscript(value, ast.Tuple(parts)):
                return f"{self.spell(value)}[{', '.join(self.spell(part) for part in parts)}]"
            case ast.Subscript(value, inside):
                return f"{self.spell(value)}[{self.spell(inside)}]"
            case ast.BinOp(left, ast.BitOr(), right):
                return f"{self.spell(left)} | {self.spell(right)}"
            case ast.List(parts):
                return f"[{', '.join(self.spell(part) for part in parts)}]"
            case ast.Call(function, []):
                return f"{self.spell(function)}()"
        return ast.unparse(node)
