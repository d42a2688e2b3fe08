"""One interface of 2022 as a tree of today's WIT, at the places that it has in the old file."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.syntax import nodes
from witkit.upgrade.documentation import FileComments
from witkit.upgrade.legacy import Legacy
from witkit.upgrade.types import Role, TodaysTypes, is_nothing


class TreeMaker:
    """Makes the tree of one file. Decisions are reported when the text is written, not here."""

    def __init__(self, legacy: Legacy, files: dict[str, Legacy]) -> None:
        self._legacy = legacy
        self._files = files
        self._uses = iter(legacy.uses)
        self._types = TodaysTypes(legacy)
        self._docs = FileComments(legacy)

    def make(self, header: nodes.PackageHeader) -> nodes.File:
        """The whole file. Every name in it has to be known: `link` has found nothing."""
        source, head = self._legacy.file.source, self._docs.head
        items = [item for each in self._legacy.items for item in self._item(each)]
        if items:
            items[0].comments = items[0].comments[len(head) :]
        interface = nodes.Interface(
            comments=self._docs.today(head),
            span=source.span(0, len(source.text)),
            name=nodes.Id(self._legacy.name, source.span(0, 0)),
            items=items,
        )
        return nodes.File(source, header, [interface], [])

    def _use(self, use: nodes.Use) -> Iterator[nodes.Use]:
        """The names of a `use`; nothing if it takes none."""
        file, pairs = next(self._uses)
        names = [self._used(use, file, remote, local) for remote, local in pairs]
        if names:
            yield nodes.Use(span=use.span, path=use.path, names=names)

    def _used(self, use: nodes.Use, file: str, remote: str, local: str) -> nodes.UsedName:
        written = next((n for n in use.names if n.name.name == remote), None)
        span = written.span if written else use.span
        remote = self._files[file].renames.get(remote, remote)
        local = self._legacy.renames.get(local, local)
        alias = nodes.Id(local, span) if local != remote else None
        return nodes.UsedName(span=span, name=nodes.Id(remote, span), alias=alias)

    def _item(self, item: nodes.InterfaceItem) -> Iterator[nodes.InterfaceItem]:
        if isinstance(item, nodes.Use):
            yield from self._use(item)
        else:
            yield self._definition(item)

    def _definition(self, item: nodes.TypeDefinition | nodes.Function) -> nodes.TypeDefinition | nodes.Function:
        docs, span = self._docs.today(item.comments), item.span
        match item:
            case nodes.Function():
                return self._function(item)
            case nodes.Alias(type=of):
                made = self._types.today(of, Role.DEFINITION)
                return nodes.Alias(comments=docs, span=span, name=self._types.name(item.name), type=made)
            case nodes.Record(fields=fields):
                parts = [self._field(f) for f in fields]
                return nodes.Record(comments=docs, span=span, name=self._types.name(item.name), fields=parts)
            case nodes.Variant(cases=cases):
                made_cases = [self._case(c) for c in cases]
                return nodes.Variant(comments=docs, span=span, name=self._types.name(item.name), cases=made_cases)
            case nodes.Enum(cases=cases):
                made_cases = [self._case(c) for c in cases]
                return nodes.Enum(comments=docs, span=span, name=self._types.name(item.name), cases=made_cases)
            case nodes.Flags(flags=flags):
                made_cases = [self._case(c) for c in flags]
                return nodes.Flags(comments=docs, span=span, name=self._types.name(item.name), flags=made_cases)
            case nodes.Resource(functions=functions):
                methods = [self._function(f) for f in functions]
                return nodes.Resource(comments=docs, span=span, name=self._types.name(item.name), functions=methods)

    def _field(self, item: nodes.Field) -> nodes.Field:
        made = self._types.today(item.type, Role.DEFINITION)
        return nodes.Field(comments=self._docs.today(item.comments), span=item.span, name=item.name, type=made)

    def _case(self, item: nodes.Case) -> nodes.Case:
        payload = item.payload
        made = None if payload is None or is_nothing(payload) else self._types.today(payload, Role.DEFINITION)
        return nodes.Case(comments=self._docs.today(item.comments), span=item.span, name=item.name, payload=made)

    def _function(self, item: nodes.Function) -> nodes.Function:
        old = item.signature
        params = [
            nodes.Parameter(
                comments=p.comments, span=p.span, name=p.name, type=self._types.today(p.type, Role.PARAMETER)
            )
            for p in old.params
        ]
        result = None if old.result is None or is_nothing(old.result) else self._types.today(old.result, Role.RESULT)
        signature = nodes.Signature(is_async=old.is_async, params=params, result=result, span=old.span)
        docs = self._docs.today(item.comments)
        return nodes.Function(comments=docs, span=item.span, name=item.name, kind=item.kind, signature=signature)

    def _parameter(self, item: nodes.Parameter) -> nodes.Parameter:
        made = self._types.today(item.type, Role.PARAMETER)
        return nodes.Parameter(comments=self._docs.today(item.comments), span=item.span, name=item.name, type=made)
