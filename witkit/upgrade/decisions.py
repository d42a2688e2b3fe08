"""Notes on what was decided for the user when an interface of 2022 was rewritten."""

from __future__ import annotations

from dataclasses import dataclass

from witkit.syntax import nodes
from witkit.text import Diagnostic
from witkit.upgrade.legacy import Legacy
from witkit.upgrade.types import note

NEW_NAME = "WIT0136"
UNION = "WIT0137"
SUBTYPE = "WIT0143"


@dataclass(frozen=True, slots=True)
class Decisions:
    """Adds to `diagnostics` what was decided about the items of one file."""

    legacy: Legacy
    diagnostics: list[Diagnostic]

    def about(self, node: nodes.Node) -> None:
        """What a definition becomes if today's WIT has nothing that is the same."""
        if isinstance(node, nodes.Variant) and node.span.text.startswith("union"):
            message = f"the union `{node.name.name}` becomes a variant: its cases get numbers for names"
            self.diagnostics.append(note(UNION, message, node.name.span, "give the cases names that say what they are"))
        elif isinstance(node, nodes.Resource) and node.implements is not None:
            self._about_subtype(node.name.name, node.implements)

    def _about_subtype(self, name: str, base: nodes.Id) -> None:
        if base.name not in self.legacy.handles:
            return
        message = (
            f"resource `{name}` does not take the place of `{base.name}` any more: today's resources have no subtypes"
        )
        help = (
            f"if a function takes a `{base.name}`, add one that takes a `{name}`, "
            f"or a method that gives the `{base.name}`"
        )
        self.diagnostics.append(note(SUBTYPE, message, base.span, help))

    def about_name(self, name: str, new: str) -> None:
        """A type that has another name today, because a function has the one that it had."""
        if name == new:
            return
        function = next(f for f in self.legacy.functions if f.name.name == name)
        message = f"a function and a type are both called `{name}`, which today's WIT does not allow"
        help = f"the type is called `{new}` here; another name for either may read better"
        self.diagnostics.append(note(NEW_NAME, message, function.name.span, help))
