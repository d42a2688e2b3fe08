"""Find what a class of a guest certainly has, by its statements and those of its bases."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from witkit.componentize.modules import bound_names, top_level


@dataclass(frozen=True, slots=True)
class Family:
    """A class and its bases in the same module, nearest first.

    `has_protocol` says whether one of them derives from a Protocol of the bindings.
    """

    classes: Sequence[ast.ClassDef]
    has_protocol: bool

    @property
    def is_named_tuple(self) -> bool:
        """Whether the class itself is a named tuple. What derives from one accepts attributes."""
        return "NamedTuple" in _known_bases(self.classes[0])

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.classes[0].name

    @property
    def names(self) -> set[str] | None:
        """The names that the classes bind, or None if that is not certain.

        Without abstract methods: the metaclass of Protocols and of `ABC` makes no objects of a class that has one.
        """
        if any("NamedTuple" in _known_bases(node) for node in self.classes):
            return None
        found: set[str] = set()
        for node in self.classes:
            own = bound_names(node)
            if own is None:
                return None
            found |= own
        if self.has_protocol or any("ABC" in _known_bases(node) for node in self.classes):
            found -= {name for name, statement in self.bound.items() if _is_abstract(statement)}
        return found | ({"__init__"} if any(map(dataclass_call, self.classes)) else set())

    @property
    def bound(self) -> dict[str, ast.stmt]:
        """The function or assignment that takes effect for each name."""
        found: dict[str, ast.stmt] = {}
        for node in reversed(self.classes):
            if dataclass_call(node):
                found.pop("__init__", None)  # a dataclass gets its own `__init__`
            found |= {name: each for each in node.body for name in _bound(each)}
        return found

    @property
    def has_room(self) -> bool:
        """Whether the objects accept attributes with any name."""
        return self.has_protocol or not (self.is_named_tuple or all(map(_is_slotted, self.classes)))

    @property
    def is_frozen(self) -> bool:
        """Whether the class is a frozen dataclass. What derives from one takes attributes that are not fields."""
        return _has_option(self.classes[0], "frozen")


def family(node: ast.ClassDef, tree: ast.Module, packages: Sequence[str]) -> Family | None:
    """The family of a class, or None if functions may come from elsewhere: a base, a decorator, a metaclass.

    `packages` are the dotted names of the packages with bindings.
    """
    own = [each for each in tree.body if isinstance(each, ast.ClassDef)]
    by_name = {each.name: each for each in own}
    bindings = _names_of(tree, packages)
    found: list[ast.ClassDef] = []
    has_protocol = False
    waiting = [node]
    while waiting:
        this = waiting.pop(0)
        if this in found or not all(map(_is_abc, this.keywords)) or not all(map(_is_harmless, this.decorator_list)):
            return None
        found.append(this)
        bases = [_root(base) for base in this.bases if by_name.get(_called(base)) or not _known_base(base)]
        has_protocol = has_protocol or not bindings.isdisjoint(bases)
        before = [base for base in bases if base in by_name and by_name[base].lineno < this.lineno]
        if any(base not in {*before, *bindings, "object"} for base in bases):
            return None
        waiting = [*(by_name[base] for base in before), *waiting]
    return Family(found, has_protocol)


def dataclass_call(node: ast.ClassDef) -> ast.expr | None:
    """The decorator that makes a class a dataclass, or None."""
    return next((each for each in node.decorator_list if _called(each) == "dataclass"), None)


def _is_harmless(decorator: ast.expr) -> bool:
    return _called(decorator) in ("dataclass", "final", "total_ordering")


def _called(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called).rpartition(".")[2] if isinstance(called, ast.Name | ast.Attribute) else ""


def _is_abstract(statement: ast.stmt) -> bool:
    decorators = getattr(statement, "decorator_list", [])
    return any(_called(each) == "abstractmethod" for each in decorators)


def _known_bases(node: ast.ClassDef) -> set[str]:
    """Which of `ABC`, `Generic` and `NamedTuple` are bases of a class."""
    return {*map(_known_base, node.bases), *("ABC" for each in node.keywords if _is_abc(each))}


def _known_base(base: ast.expr) -> str:
    name = _called(base.value if isinstance(base, ast.Subscript) else base)
    return name if name in ("ABC", "Generic", "NamedTuple") else ""


def _is_abc(keyword: ast.keyword) -> bool:
    return keyword.arg == "metaclass" and _called(keyword.value) == "ABCMeta"


def _has_option(node: ast.ClassDef, name: str) -> bool:
    """Whether a dataclass has an option that is written as true."""
    call = dataclass_call(node)
    arguments = call.keywords if isinstance(call, ast.Call) else []
    return any(each.arg == name and isinstance(each.value, ast.Constant) and each.value.value for each in arguments)


def _is_slotted(node: ast.ClassDef) -> bool:
    if _has_option(node, "slots"):
        return True
    values = [each.value for each in node.body if isinstance(each, ast.Assign) and "__slots__" in _bound(each)]
    written = {each.value for value in values for each in ast.walk(value) if isinstance(each, ast.Constant)}
    is_literal = all(isinstance(value, ast.Constant | ast.Tuple | ast.List) for value in values)
    return bool(values) and is_literal and not {"__dict__", "__weakref__"} <= written


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement of a class binds, if it is a function or an assignment."""
    match statement:
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(name), value=ast.expr()):
            yield name


def _root(base: ast.expr) -> str:
    while isinstance(base, ast.Attribute):
        base = base.value
    return base.id if isinstance(base, ast.Name) else ""


def are_bindings(module: str, packages: Sequence[str]) -> bool:
    """Whether a module is one of the packages with bindings, or in one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def _names_of(tree: ast.Module, packages: Sequence[str]) -> set[str]:
    """The names in the module for the bindings and parts of them."""
    names: set[str] = set()
    for node in top_level(tree):
        match node:
            case ast.ImportFrom(module=str(module), level=0):
                found = [alias for alias in node.names if are_bindings(f"{module}.{alias.name}", packages)]
                names |= {alias.asname or alias.name for alias in found}
            case ast.Import(aliases):
                found = [alias for alias in aliases if are_bindings(alias.name, packages)]
                # `import sdk.wit` binds `sdk`, which has other modules as well.
                tops = [alias.asname or alias.name.partition(".")[0] for alias in found]
                names |= {name for alias, name in zip(found, tops, strict=True) if alias.asname or name in packages}
    return names
