"""Prints resolved packages as canonical WIT text, which resolves to the same JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from witkit.ir import model
from witkit.ir.model import (
    Element,
    Function,
    FunctionKind,
    Interface,
    Package,
    Resolve,
    TypeDef,
    World,
    WorldInterface,
    WorldItem,
)
from witkit.ir.resolve.elaborate import used_interface
from witkit.ir.show.docs import comment_lines
from witkit.ir.show.order import NamedInterface, extra_uses
from witkit.ir.show.types import (
    attribute_lines,
    package_text,
    path_text,
    signature_text,
    structure_text,
    type_text,
)
from witkit.ir.written import Entry, IncludeText, Written
from witkit.syntax.keywords import identifier

_STEP = "  "
_Extra = Sequence[NamedInterface]


def to_wit(resolve: Resolve, written: Written | None = None) -> str:
    """All packages as one file: the first main package at the top, the others nested below it.

    Items are in the order of their ids. With what was `written` (`Loaded.written`), reading the text with the same
    features numbers them alike: worlds have their own items and `include`s, and gated functions `left-out-N` take the
    place of items that the features leave out if anonymous types in those have ids. Without it, as for a binary,
    worlds have all that they import and export. Comments that are not documentation are dropped.
    """
    written = written or Written()
    if not resolve.packages:
        return ""
    main = resolve.main[0] if resolve.main else resolve.packages[-1]
    # A package from a binary has no text whose order could be kept.
    extra = extra_uses(resolve, written) if main.span is not None else {}
    lines = _file(main, written, extra.get(main, []))
    for package in resolve.packages:
        if package is not main:
            lines += [*comment_lines(package.docs, ""), f"package {package_text(package.name)} {{"]
            lines += _trimmed(_Printer(package, written).package(_STEP, extra.get(package, [])))
            lines += ["}", ""]
    return "\n".join(_trimmed(lines)) + "\n"


def package_to_wit(package: Package) -> str:
    """One package as a file of its own."""
    return "\n".join(_trimmed(_file(package, Written(), []))) + "\n"


def _file(package: Package, written: Written, extra: _Extra) -> list[str]:
    head = [*comment_lines(package.docs, ""), f"package {package_text(package.name)};", ""]
    return [*head, *_Printer(package, written).package("", extra)]


@dataclass(frozen=True, slots=True, eq=False)
class _Member:
    """The lines of one member. Functions of a resource are printed in its body."""

    item: WorldItem
    lines: list[str]

    @property
    def resource(self) -> TypeDef | None:
        return self.item.resource if isinstance(self.item, Function) else None


@dataclass(frozen=True, slots=True, eq=False)
class _Printer:
    """Prints what one package owns."""

    home: Package
    written: Written

    def package(self, indent: str, extra: _Extra) -> list[str]:
        lines = [f"{indent}use {path_text(i, self.home)} as {identifier(name)};" for i, name in extra]
        lines += [""] if extra else []
        for interface in self.written.interfaces_of(self.home):
            body = self.interface_body(interface, indent + _STEP)
            lines += [*_head(interface, indent), *_block(f"{indent}interface {identifier(interface.name or '')}", body)]
            lines.append("")
        for world in self.written.worlds_of(self.home):
            body = self.world_body(world, indent + _STEP)
            lines += [*_head(world, indent), *_block(f"{indent}world {identifier(world.name)}", body), ""]
        return lines

    def interface_body(self, interface: Interface, indent: str) -> list[str]:
        functions = [_Member(f, self.function(f, indent)) for f in self.written.functions_of(interface)]
        # In text, `use`d names are numbered before defined types; in a binary, they can come between those.
        types = sorted(interface.types.values(), key=lambda t: used_interface(t) is None)
        return self.members(types, functions, indent)

    def world_body(self, world: World, indent: str) -> list[str]:
        text = self.written.text_of(world)
        includes = [line for include in text.includes for line in self.include(include, indent)]
        members = [_Member(entry.item, self.entry(entry, indent)) for entry in text.entries]
        return _trimmed([*includes, "", *self.members(text.types, members, indent)])

    def members(self, types: Iterable[TypeDef], members: list[_Member], indent: str) -> list[str]:
        """Types and other members, each in their order; functions of a resource are in its body."""
        lines: list[str] = []
        of_resource: dict[TypeDef, list[_Member]] = {}
        for member in members:
            if member.resource is not None:
                of_resource.setdefault(member.resource, []).append(member)
        waiting = iter(members)
        for used, group in groupby(types, key=_use_key):
            if used is not None:
                lines += self.use(used[0], list(group), indent)
                continue
            for type_ in group:
                functions = of_resource.get(type_, [])
                if functions:
                    lines += _until(waiting, functions[0])
                lines += ["", *self.type(type_, functions, indent), ""]
        lines.append("")
        for member in waiting:
            if member.resource is None:
                lines += member.lines
        return _trimmed(lines)

    def use(self, source: Interface, types: list[TypeDef], indent: str) -> list[str]:
        names = [_used_name(t) for t in types]
        first = types[0]
        text = f"{indent}use {path_text(source, self.home)}.{{{', '.join(names)}}};"
        return [*attribute_lines(first.stability, first.external_id, indent), text]

    def type(self, type_: TypeDef, functions: list[_Member], indent: str) -> list[str]:
        name, head = identifier(type_.name or ""), _head(type_, indent, type_.external_id)
        inner = indent + _STEP
        match type_.kind:
            case model.Record(fields):
                body = [_member(f, f"{inner}{identifier(f.name)}: {type_text(f.type)},", inner) for f in fields]
                return [*head, *_block(f"{indent}record {name}", _flat(body))]
            case model.Variant(cases):
                body = [_member(c, f"{inner}{identifier(c.name)}{_payload(c)},", inner) for c in cases]
                return [*head, *_block(f"{indent}variant {name}", _flat(body))]
            case model.Enum(cases) | model.Flags(cases):
                word = "enum" if isinstance(type_.kind, model.Enum) else "flags"
                body = [_member(c, f"{inner}{identifier(c.name)},", inner) for c in cases]
                return [*head, *_block(f"{indent}{word} {name}", _flat(body))]
            case model.Resource():
                if not functions:
                    return [*head, f"{indent}resource {name};"]
                body = [[_STEP + line if line else line for line in member.lines] for member in functions]
                return [*head, *_block(f"{indent}resource {name}", _flat(body))]
            case _:
                return [*head, f"{indent}type {name} = {structure_text(type_)};"]

    def function(self, function: Function, indent: str, verb: str = "") -> list[str]:
        head = _head(function, indent, function.external_id)
        signature = signature_text(function)
        if function.kind is FunctionKind.CONSTRUCTOR:
            return [*head, f"{indent}constructor{signature};"]
        if function.kind is FunctionKind.STATIC:
            signature = f"static {signature}"
        return [*head, f"{indent}{verb}{identifier(function.item_name)}: {signature};"]

    def entry(self, entry: Entry, indent: str) -> list[str]:
        key, item, verb = entry.key, entry.item, "export " if entry.is_export else "import "
        if isinstance(item, Function):
            return self.function(item, indent, "" if item.resource else verb)
        assert isinstance(item, WorldInterface)
        interface = item.interface
        label = f"{identifier(key)}: " if isinstance(key, str) else ""
        if interface.name is None:
            head = [*comment_lines(interface.docs, indent), *attribute_lines(item.stability, item.external_id, indent)]
            return [*head, *_block(f"{indent}{verb}{label}interface", self.interface_body(interface, indent + _STEP))]
        head = _head(item, indent, item.external_id)
        return [*head, f"{indent}{verb}{label}{path_text(interface, self.home)};"]

    def include(self, include: IncludeText, indent: str) -> list[str]:
        text = f"{indent}include {path_text(include.world, self.home)}"
        head = attribute_lines(include.stability, None, indent)
        if not include.renames:
            return [*head, f"{text};"]
        renames = ", ".join(f"{identifier(a)} as {identifier(b)}" for a, b in include.renames)
        return [*head, f"{text} with {{ {renames} }}"]


def _head(element: Element, indent: str, external_id: str | None = None) -> list[str]:
    return [*comment_lines(element.docs, indent), *attribute_lines(element.stability, external_id, indent)]


def _member(element: Element, text: str, indent: str) -> list[str]:
    return [*comment_lines(element.docs, indent), text]


def _payload(case: model.Case) -> str:
    return "" if case.type is None else f"({type_text(case.type)})"


def _block(head: str, body: list[str]) -> list[str]:
    return [f"{head} {{", *body, f"{head[: len(head) - len(head.lstrip())]}}}"] if body else [f"{head} {{}}"]


def _flat(parts: Iterable[list[str]]) -> list[str]:
    return [line for part in parts for line in part]


def _use_key(type_: TypeDef) -> tuple[Interface, str] | None:
    """What the types of one `use` have in common; None for a type that its owner defines."""
    source = used_interface(type_)
    return None if source is None else (source, "\n".join(attribute_lines(type_.stability, type_.external_id, "")))


def _used_name(type_: TypeDef) -> str:
    assert isinstance(type_.kind, model.Alias)
    target = type_.kind.type
    assert isinstance(target, TypeDef)
    old, new = identifier(target.name or ""), identifier(type_.name or "")
    return old if old == new else f"{old} as {new}"


def _until(waiting: Iterator[_Member], stop: _Member) -> list[str]:
    """Take the members up to `stop`: the lines of those before it, without functions of resources."""
    lines: list[str] = []
    for member in waiting:
        if member is stop:
            break
        if member.resource is None:
            lines += member.lines
    return lines


def _trimmed(lines: Iterable[str]) -> list[str]:
    """The lines without blank lines at the ends, and without two in a row."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return kept[:-1] if kept and not kept[-1] else kept
