"""One interface of 2022 as the text of a file of today's WIT."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from witkit.syntax import nodes
from witkit.syntax.keywords import identifier
from witkit.text import Diagnostic
from witkit.upgrade.comments import Comments, as_docs
from witkit.upgrade.legacy import Legacy
from witkit.upgrade.types import Place, Types, is_nothing, note, spelt

NEW_NAME = "WIT0136"
UNION = "WIT0137"
SUBTYPE = "WIT0143"

_INDENT = "  "


class InterfaceWriter:
    """Writes one file; `diagnostics` then has what had to be decided or could not be said."""

    def __init__(self, legacy: Legacy, files: dict[str, Legacy]) -> None:
        self._legacy = legacy
        self._files = files
        self._comments = Comments(legacy.file, legacy.items)
        self._types = Types(legacy)

    @property
    def diagnostics(self) -> list[Diagnostic]:
        return self._types.diagnostics

    def write(self, package: str) -> str:
        """The whole file, with the package's header."""
        blocks = [self._uses()] if any(pairs for _, pairs in self._legacy.uses) else []
        blocks += [self._item(item) for item in self._legacy.items if not isinstance(item, nodes.Use)]
        blocks += [as_docs(notes, "//") for notes in [self._comments_of_uses()] if notes]
        body: list[str] = []
        for block in blocks:
            body += ["", *block] if body else block
        head = [*as_docs(self._comments.interface), f"interface {identifier(self._legacy.name)} {{"]
        lines = [f"package {package};", "", *head, *_indented(body), "}"]
        return "\n".join(lines) + "\n"

    def _comments_of_uses(self) -> list[nodes.Comment]:
        uses = [item for item in self._legacy.items if isinstance(item, nodes.Use)]
        return [comment for use in uses for comment in self._comments.of(use).after]

    def _uses(self) -> list[str]:
        lines: list[str] = []
        for file, pairs in self._legacy.uses:
            names = [self._used(file, remote, local) for remote, local in pairs]
            if names:
                lines.append(f"use {identifier(file)}.{{{', '.join(names)}}};")
        return lines

    def _used(self, file: str, remote: str, local: str) -> str:
        remote = self._files[file].renames.get(remote, remote)
        new = self._legacy.renames.get(local, local)
        if new != local:
            self._tell_rename(local, new)
        return identifier(remote) if remote == new else f"{identifier(remote)} as {identifier(new)}"

    def _tell_rename(self, name: str, new: str) -> None:
        function = next(f for f in self._legacy.functions if f.name.name == name)
        message = f"a function and a type are both called `{name}`, which today's WIT does not allow"
        help = f"the type is called `{new}` here; another name for either may read better"
        self.diagnostics.append(note(NEW_NAME, message, function.name.span, help))

    # ---- items ----------------------------------------------------------------------------------

    def _item(self, item: nodes.InterfaceItem) -> list[str]:
        return self._with_comments(item, self._definition(item))

    def _definition(self, item: nodes.InterfaceItem) -> list[str]:
        match item:
            case nodes.Function():
                return [self._function(item)]
            case nodes.Alias(type=of):
                return [f"type {self._name(item)} = {self._type(of, Place.DEFINITION)};"]
            case nodes.Record(fields=fields):
                return self._braced("record", item, [(f, f"{self._field(f)},") for f in fields])
            case nodes.Variant(cases=cases):
                self._tell_union(item)
                return self._braced("variant", item, [(c, f"{self._case(c)},") for c in cases])
            case nodes.Enum(cases=cases):
                return self._braced("enum", item, [(c, f"{identifier(c.name.name)},") for c in cases])
            case nodes.Flags(flags=flags):
                return self._braced("flags", item, [(c, f"{identifier(c.name.name)},") for c in flags])
            case nodes.Resource(functions=functions):
                self._tell_subtype(item)
                methods = [(f, self._function(f)) for f in functions]
                return self._braced("resource", item, methods, apart=True)
            case nodes.Use():
                raise AssertionError("uses are written together")

    def _braced(
        self, keyword: str, item: nodes.TypeDefinition, parts: Sequence[tuple[nodes.Item, str]], apart: bool = False
    ) -> list[str]:
        """`keyword name { … }`, every part on a line of its own, parts with comments a blank line `apart`."""
        if not parts:
            return [f"{keyword} {self._name(item)};" if keyword == "resource" else f"{keyword} {self._name(item)} {{}}"]
        body: list[str] = []
        for element, text in parts:
            lines = self._with_comments(element, [text])
            body += ["", *lines] if body and apart else lines
        return [f"{keyword} {self._name(item)} {{", *_indented(body), "}"]

    def _with_comments(self, element: nodes.Item, lines: list[str]) -> list[str]:
        notes = self._comments.of(element)
        return [*as_docs(notes.docs), *lines, *as_docs(notes.after, "//")]

    def _name(self, item: nodes.TypeDefinition) -> str:
        name = item.name.name
        new = self._legacy.renames.get(name, name)
        if new != name:
            self._tell_rename(name, new)
        return identifier(new)

    def _tell_union(self, item: nodes.Variant) -> None:
        if item.span.text.startswith("union"):
            message = f"the union `{item.name.name}` becomes a variant: its cases get numbers for names"
            self.diagnostics.append(note(UNION, message, item.name.span, "give the cases names that say what they are"))

    def _tell_subtype(self, item: nodes.Resource) -> None:
        if item.implements is not None and item.implements.name in self._legacy.handles:
            name, base = item.name.name, item.implements.name
            message = f"resource `{name}` does not stand in for `{base}` any more: today's resources have no subtypes"
            help = (
                f"where a function takes a `{base}`, add one that takes a `{name}`, or a method that gives the `{base}`"
            )
            self.diagnostics.append(note(SUBTYPE, message, item.implements.span, help))

    def _type(self, of: nodes.Type, place: Place) -> str:
        return spelt(self._types.today(of, place))

    def _field(self, item: nodes.Field) -> str:
        return f"{identifier(item.name.name)}: {self._type(item.type, Place.DEFINITION)}"

    def _case(self, item: nodes.Case) -> str:
        if item.payload is None or is_nothing(item.payload):
            return identifier(item.name.name)
        return f"{identifier(item.name.name)}({self._type(item.payload, Place.DEFINITION)})"

    def _function(self, item: nodes.Function) -> str:
        signature = item.signature
        params = [f"{identifier(p.name.name)}: {self._type(p.type, Place.PARAMETER)}" for p in signature.params]
        keywords = ("static " if item.kind is nodes.FunctionKind.STATIC else "") + (
            "async " if signature.is_async else ""
        )
        result = signature.result
        arrow = "" if result is None or is_nothing(result) else f" -> {self._type(result, Place.RESULT)}"
        return f"{identifier(item.name.name)}: {keywords}func({', '.join(params)}){arrow};"


def _indented(lines: Iterable[str]) -> list[str]:
    return [_INDENT + line if line else "" for line in lines]
