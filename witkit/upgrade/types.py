"""Types of 2022 in today's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from witkit.syntax import nodes
from witkit.syntax.keywords import word
from witkit.text import Diagnostic, Related, Span, error
from witkit.text.diagnostic import Severity
from witkit.upgrade.legacy import Legacy

NO_TYPE_FOR_UNIT = "WIT0133"
STREAM_END_LOST = "WIT0134"
HANDLE_IN_TYPE = "WIT0135"


class Place(Enum):
    """Where a type stands: it decides whether a handle is lent or given."""

    PARAMETER = auto()
    RESULT = auto()
    DEFINITION = auto()


@dataclass(slots=True)
class TypeWriter:
    """Writes the types of one file, and gathers what could not be said."""

    legacy: Legacy
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def write(self, of: nodes.Type, place: Place) -> str:
        """The type as text. `unit` has none by itself and becomes `bool`, with a finding."""
        match of:
            case nodes.Primitive(name="unit"):
                help = "give it a type in the old file; today a value needs one"
                message = "`unit` cannot stand here in today's WIT"
                self.diagnostics.append(error(NO_TYPE_FOR_UNIT, message, of.span, help=help))
                return "bool"
            case nodes.Primitive(name=name):
                return name
            case nodes.Named(id=id):
                return self._named(id.name, of.span, place)
            case nodes.Handle(resource=resource):
                return self._handle(resource.name, of.span, place)
            case nodes.Generic():
                return self._generic(of, place)

    def _named(self, name: str, span: Span, place: Place) -> str:
        if name in self.legacy.handles:
            return self._handle(name, span, place)
        return word(self.legacy.renames.get(name, name))

    def _handle(self, name: str, span: Span, place: Place) -> str:
        """A handle: lent to a parameter, given in a result. In a definition it can only be given."""
        text = word(self.legacy.renames.get(name, name))
        if place is Place.DEFINITION:
            message = f"a handle of `{name}` inside a type becomes owned: whoever gets the value gets the resource"
            help = "where it should only be lent, make it a parameter of its own"
            self.diagnostics.append(note(HANDLE_IN_TYPE, message, span, help))
        return f"borrow<{text}>" if place is Place.PARAMETER else text

    def _generic(self, of: nodes.Generic, place: Place) -> str:
        if of.constructor not in {"expected", "future", "stream"}:
            return f"{of.constructor}<{', '.join(self.write(a, place) for a in of.arguments if a is not None)}>"
        texts = [None if a is None or self.is_nothing(a) else self.write(a, place) for a in of.arguments]
        match of.constructor, texts:
            case "expected", [None, None]:
                return "result"
            case "expected", [ok, None]:
                return f"result<{ok}>"
            case "expected", [ok, err]:
                return f"result<{ok or '_'}, {err}>"
            case "stream", [_, str(end)]:
                message = f"a stream has no value at its end any more: `{end}` is left out"
                self.diagnostics.append(note(STREAM_END_LOST, message, of.span, "return it beside the stream"))
            case _:
                pass
        return f"{of.constructor}<{texts[0]}>" if texts[0] else of.constructor

    def is_nothing(self, of: nodes.Type | None) -> bool:
        """Whether a type says that there is no value."""
        return of is None or (isinstance(of, nodes.Primitive) and of.name == "unit")


def note(code: str, message: str, span: Span, help: str, related: tuple[Related, ...] = ()) -> Diagnostic:
    """A decision that was taken for the user, who may want another."""
    return Diagnostic(code, Severity.NOTE, message, span, related=related, help=help)
