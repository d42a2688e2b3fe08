"""One interface of 2022 as a tree of today's WIT, at the places that it has in the old file."""

from __future__ import annotations

from collections.abc import Iterable

from witkit.syntax import nodes
from witkit.text import Source
from witkit.upgrade.comments import Comments, as_docs
from witkit.upgrade.legacy import Legacy
from witkit.upgrade.types import Place, Types, is_nothing


class TreeMaker:
    """Makes the tree of one file. Decisions are reported when the text is written, not here."""

    def __init__(self, legacy: Legacy, files: dict[str, Legacy]) -> None:
        self._legacy = legacy
        self._files = files
        self._comments = Comments(legacy.file, legacy.items)
        self._types = Types(legacy)

    def make(self, header: nodes.PackageHeader) -> nodes.File:
        """The whole file. Every name in it has to be known: `link` has found nothing."""
        items = [self._item(item) for item in self._legacy.items if not isinstance(item, nodes.Use)]
        source = self._legacy.file.source
        interface = nodes.Interface(
            comments=_as_comments(self._comments.interface),
            span=source.span(0, len(source.text)),
            name=nodes.Id(self._legacy.name, source.span(0, 0)),
            items=[*self._uses(), *items],
        )
        return nodes.File(source, header, [interface], [])

    def _uses(self) -> list[nodes.InterfaceItem]:
        old = [item for item in self._legacy.items if isinstance(item, nodes.Use)]
        found: list[nodes.InterfaceItem] = []
        for use, (file, pairs) in zip(old, self._legacy.uses, strict=True):
            names = [self._used(use, file, remote, local) for remote, local in pairs]
            if names:
                found.append(nodes.Use(span=use.span, path=use.path, names=names))
        return found

    def _used(self, use: nodes.Use, file: str, remote: str, local: str) -> nodes.UsedName:
        written = next((n for n in use.names if n.name.name == remote), None)
        span = written.span if written else use.span
        remote = self._files[file].renames.get(remote, remote)
        local = self._legacy.renames.get(local, local)
        alias = nodes.Id(local, span) if local != remote else None
        return nodes.UsedName(span=span, name=nodes.Id(remote, span), alias=alias)

    def _item(self, item: nodes.InterfaceItem) -> nodes.InterfaceItem:
        docs, span = self._docs(item), item.span
        match item:
            case nodes.Function():
                return self._function(item)
            case nodes.Alias(type=of):
                made = self._types.today(of, Place.DEFINITION)
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
            case nodes.Use():
                raise AssertionError("uses are made together")

    def _field(self, item: nodes.Field) -> nodes.Field:
        made = self._types.today(item.type, Place.DEFINITION)
        return nodes.Field(comments=self._docs(item), span=item.span, name=item.name, type=made)

    def _case(self, item: nodes.Case) -> nodes.Case:
        payload = item.payload
        made = None if payload is None or is_nothing(payload) else self._types.today(payload, Place.DEFINITION)
        return nodes.Case(comments=self._docs(item), span=item.span, name=item.name, payload=made)

    def _function(self, item: nodes.Function) -> nodes.Function:
        old = item.signature
        params = [
            nodes.Parameter(span=p.span, name=p.name, type=self._types.today(p.type, Place.PARAMETER))
            for p in old.params
        ]
        result = None if old.result is None or is_nothing(old.result) else self._types.today(old.result, Place.RESULT)
        signature = nodes.Signature(is_async=old.is_async, params=params, result=result, span=old.span)
        docs = self._docs(item)
        return nodes.Function(comments=docs, span=item.span, name=item.name, kind=item.kind, signature=signature)

    def _docs(self, element: nodes.Item) -> list[nodes.Comment]:
        return _as_comments(self._comments.of(element).docs)


def _as_comments(comments: Iterable[nodes.Comment]) -> list[nodes.Comment]:
    """Comments rewritten as documentation: texts of their own, as the old file does not have them so."""
    comments = list(comments)
    name = comments[0].span.source.name if comments else ""
    return [nodes.Comment(Source(name, line).span(0, len(line))) for line in as_docs(comments)]
