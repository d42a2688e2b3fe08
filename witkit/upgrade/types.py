"""Types of 2022 in today's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from witkit.syntax import nodes
from witkit.syntax.keywords import identifier
from witkit.text import Diagnostic, Severity, Span, error
from witkit.upgrade.legacy import Legacy

NO_TYPE_FOR_UNIT = "WIT0133"
STREAM_END_LOST = "WIT0134"
HANDLE_IN_TYPE = "WIT0135"


class Role(Enum):
    """What a type is for: it decides whether a handle is lent or given."""

    PARAMETER = auto()
    RESULT = auto()
    DEFINITION = auto()


@dataclass(slots=True)
class TodaysTypes:
    """Makes today's types of those of one file, and gathers what could not be said."""

    legacy: Legacy
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def today(self, of: nodes.Type, role: Role) -> nodes.Type:
        """The type as today's tree has it. `unit` has none by itself and becomes `bool`, with a finding."""
        match of:
            case nodes.Primitive(name="unit"):
                help = "give it a type in the old file; today a value needs one"
                message = "`unit` is not allowed here in today's WIT"
                self.diagnostics.append(error(NO_TYPE_FOR_UNIT, message, of.span, help=help))
                return nodes.Primitive("bool", of.span)
            case nodes.Primitive():
                return of
            case nodes.Named(id=id):
                if id.name in self.legacy.handles:
                    return self._handle(id, of.span, role)
                return nodes.Named(self.name(id), of.span)
            case nodes.Handle(resource=resource):
                return self._handle(resource, of.span, role)
            case nodes.Generic():
                return self._generic(of, role)

    def name(self, id: nodes.Id) -> nodes.Id:
        """What a type of the file is called today."""
        return nodes.Id(self.legacy.renames.get(id.name, id.name), id.span)

    def _handle(self, id: nodes.Id, span: Span, role: Role) -> nodes.Type:
        """A handle: lent to a parameter, given in a result. In a definition it can only be given."""
        if role is Role.DEFINITION:
            message = f"a handle of `{id.name}` inside a type becomes owned: whoever gets the value gets the resource"
            help = "if it should only be lent, make it a parameter of its own"
            self.diagnostics.append(note(HANDLE_IN_TYPE, message, span, help))
        name = self.name(id)
        return nodes.Handle("borrow", name, span) if role is Role.PARAMETER else nodes.Named(name, span)

    def _generic(self, of: nodes.Generic, role: Role) -> nodes.Generic:
        if of.constructor not in {"expected", "future", "stream"}:
            arguments = [None if a is None else self.today(a, role) for a in of.arguments]
            return nodes.Generic(of.constructor, arguments, of.length, of.span)
        made = [None if a is None or is_nothing(a) else self.today(a, role) for a in of.arguments]
        if of.constructor == "stream" and (end := made[1]) is not None:
            message = f"a stream has no value at its end any more: `{spelt(end)}` is left out"
            self.diagnostics.append(note(STREAM_END_LOST, message, of.span, "return it beside the stream"))
        kept = made if of.constructor == "expected" else made[:1]
        while kept and kept[-1] is None:
            kept = kept[:-1]
        return nodes.Generic("result" if of.constructor == "expected" else of.constructor, kept, None, of.span)


def is_nothing(of: nodes.Type | None) -> bool:
    """Whether a type of 2022 says that there is no value."""
    return of is None or (isinstance(of, nodes.Primitive) and of.name == "unit")


def spelt(of: nodes.Type | None) -> str:
    """A type of today as text."""
    match of:
        case None:
            return "_"
        case nodes.Primitive(name=name):
            return name
        case nodes.Named(id=id):
            return identifier(id.name)
        case nodes.Handle(ownership=ownership, resource=resource):
            return f"{ownership}<{identifier(resource.name)}>"
        case nodes.Generic(constructor=constructor, arguments=arguments):
            return f"{constructor}<{', '.join(map(spelt, arguments))}>" if arguments else constructor


def note(code: str, message: str, span: Span | None, help: str) -> Diagnostic:
    """A decision that was taken for the user, who may want another; `help` says how to get it."""
    return Diagnostic(code, Severity.NOTE, message, span, help=help)
