"""Resolved packages back to canonical WIT text, which resolves to the same JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from witkit.ir import model
from witkit.ir.model import (
    Element,
    Function,
    FunctionKind,
    Include,
    Interface,
    Package,
    Resolve,
    TypeDef,
    World,
    WorldInterface,
    WorldItem,
    WorldKey,
)
from witkit.ir.resolve.elaborate import used_interface
from witkit.ir.show.docs import comment_lines
from witkit.ir.show.order import extra_uses, written_of
from witkit.ir.show.types import (
    attribute_lines,
    package_text,
    path_text,
    signature_text,
    structure_text,
    type_text,
)
from witkit.syntax.keywords import identifier

_STEP = "  "
_T = TypeVar("_T")
_Extra = Sequence[tuple[Interface, str]]


def to_wit(resolve: Resolve) -> str:
    """All packages as one file: the first main package at the top, the others nested below it.

    Items stand in the order of their ids, so that reading the text with the same features numbers them
    alike, unless they come from binaries. Items that the features left out are not there, but for gated
    functions `left-out-N` where anonymous types that they mentioned still have ids. Comments that are no
    documentation are gone.
    """
    if not resolve.packages:
        return ""
    main = resolve.main[0] if resolve.main else resolve.packages[-1]
    # What was decoded from a binary has no text whose order could be kept.
    extra = extra_uses(resolve) if main.span is not None else {}
    lines = _file(main, extra.get(main, []))
    for package in resolve.packages:
        if package is not main:
            lines += [*comment_lines(package.docs, ""), f"package {package_text(package.name)} {{"]
            lines += _trimmed(_Printer(package).package(_STEP, extra.get(package, [])))
            lines += ["}", ""]
    return "\n".join(_trimmed(lines)) + "\n"


def package_to_wit(package: Package) -> str:
    """One package as a file of its own."""
    return "\n".join(_trimmed(_file(package, []))) + "\n"


def _file(package: Package, extra: _Extra) -> list[str]:
    head = [*comment_lines(package.docs, ""), f"package {package_text(package.name)};", ""]
    return [*head, *_Printer(package).package("", extra)]


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """Lines of one member; functions of a resource are kept for its body."""

    item: WorldItem
    lines: list[str]

    @property
    def resource(self) -> TypeDef | None:
        return self.item.resource if isinstance(self.item, Function) else None


@dataclass(frozen=True, slots=True, eq=False)
class _Printer:
    """Prints what one package owns."""

    home: Package

    def package(self, indent: str, extra: _Extra) -> list[str]:
        lines = [f"{indent}use {path_text(i, self.home)} as {identifier(name)};" for i, name in extra]
        lines += [""] if extra else []
        for interface in _or(self.home.written_interfaces, self.home.interfaces.values()):
            body = self.interface_body(interface, indent + _STEP)
            lines += [*_head(interface, indent), *_block(f"{indent}interface {identifier(interface.name or '')}", body)]
            lines.append("")
        for world in _or(self.home.written_worlds, self.home.worlds.values()):
            body = self.world_body(world, indent + _STEP)
            lines += [*_head(world, indent), *_block(f"{indent}world {identifier(world.name)}", body), ""]
        return lines

    def interface_body(self, interface: Interface, indent: str) -> list[str]:
        entries = [_Entry(f, self.function(f, indent)) for f in _or(interface.written, interface.functions.values())]
        # In a text, names that are used are known before types are; in a binary they may come between those.
        types = sorted(interface.types.values(), key=lambda t: used_interface(t) is None)
        return self.members(types, entries, indent)

    def world_body(self, world: World, indent: str) -> list[str]:
        written = written_of(world)
        includes = [line for include in written.includes for line in self.include(include, indent)]
        entries = [_Entry(item, self.world_item(e, key, item, indent)) for e, key, item in written.items]
        return _trimmed([*includes, "", *self.members(written.types, entries, indent)])

    def members(self, types: Iterable[TypeDef], entries: list[_Entry], indent: str) -> list[str]:
        """Types in their order; what is not a type in its own, a resource's functions in its body."""
        lines: list[str] = []
        of_resource: dict[TypeDef, list[_Entry]] = {}
        for entry in entries:
            if entry.resource is not None:
                of_resource.setdefault(entry.resource, []).append(entry)
        waiting = iter(entries)
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
        for entry in waiting:
            if entry.resource is None:
                lines += entry.lines
        return _trimmed(lines)

    def use(self, source: Interface, types: list[TypeDef], indent: str) -> list[str]:
        names = [_used_name(t) for t in types]
        first = types[0]
        text = f"{indent}use {path_text(source, self.home)}.{{{', '.join(names)}}};"
        return [*attribute_lines(first.stability, first.external_id, indent), text]

    def type(self, type_: TypeDef, functions: list[_Entry], indent: str) -> list[str]:
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
                body = [[_STEP + line if line else line for line in entry.lines] for entry in functions]
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

    def world_item(self, is_export: bool, key: WorldKey, item: WorldItem, indent: str) -> list[str]:
        verb = "export " if is_export else "import "
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

    def include(self, include: Include, indent: str) -> list[str]:
        text = f"{indent}include {path_text(include.world, self.home)}"
        head = attribute_lines(include.stability, None, indent)
        if not include.renames:
            return [*head, f"{text};"]
        renames = ", ".join(f"{identifier(a)} as {identifier(b)}" for a, b in include.renames)
        return [*head, f"{text} with {{ {renames} }}"]


def _or(written: list[_T] | None, there: Iterable[_T]) -> Iterable[_T]:
    return there if written is None else written


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
    """What types of one `use` have in common; None for a type defined where it stands."""
    source = used_interface(type_)
    return None if source is None else (source, "\n".join(attribute_lines(type_.stability, type_.external_id, "")))


def _used_name(type_: TypeDef) -> str:
    assert isinstance(type_.kind, model.Alias)
    target = type_.kind.type
    assert isinstance(target, TypeDef)
    old, new = identifier(target.name or ""), identifier(type_.name or "")
    return old if old == new else f"{old} as {new}"


def _until(waiting: Iterator[_Entry], stop: _Entry) -> list[str]:
    """Lines of the entries before `stop`, which is taken too; functions of resources are printed elsewhere."""
    lines: list[str] = []
    for entry in waiting:
        if entry is stop:
            break
        if entry.resource is None:
            lines += entry.lines
    return lines


def _trimmed(lines: Iterable[str]) -> list[str]:
    """No blank line at the ends, and never two in a row."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return kept[:-1] if kept and not kept[-1] else kept
