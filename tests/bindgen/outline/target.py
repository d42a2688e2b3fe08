"""A target of another distribution: an outline of each interface in Markdown, with comments of its own kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from witkit.bindgen.target import CommentStyle, FileDraft, GenerationRequest, Target, TargetOption
from witkit.ir.model import Interface, World, WorldInterface
from witkit.text import Diagnostic, Severity


class Outline(Target):
    name = "outline"
    help = "Write an outline in Markdown of each interface of the package at PATH."
    comment = CommentStyle("<!--", "-->")
    version = 3
    options = (
        TargetOption("package", "Folder of the outlines (default: outline)."),
        TargetOption("heading", "What is written before the name of an interface."),
        TargetOption("with-types", "List types, too.", is_flag=True),
    )

    def check(self, world: World, request: GenerationRequest) -> Sequence[Diagnostic]:
        """A warning for each interface without documentation."""
        return [
            Diagnostic("WIT9001", Severity.WARNING, f"the interface `{interface.name}` is not documented")
            for interface in _interfaces(world)
            if not interface.docs
        ]

    def drafts(self, world: World, request: GenerationRequest) -> Iterable[FileDraft]:
        """A file for each interface."""
        heading = request.settings.get("heading", "Interface")
        if heading == "broken":
            raise RuntimeError("no such heading")
        for interface in _interfaces(world):
            lines = [f"# {heading} `{interface.name}`", ""]
            lines += [f"- `{name}`" for name in interface.functions]
            if request.settings.get("with-types"):
                lines += [f"- type `{name}`" for name in interface.types]
            path = PurePosixPath(request.package or "outline", f"{interface.name}.md")
            yield FileDraft(path, "\n".join(lines) + "\n", interface.qualified_name or "")

    def is_same(self, text: str, other: str) -> bool:
        """Blank lines mean nothing here."""
        return [line for line in text.splitlines() if line] == [line for line in other.splitlines() if line]


def _interfaces(world: World) -> Iterator[Interface]:
    items = [*world.imports.values(), *world.exports.values()]
    yield from (item.interface for item in items if isinstance(item, WorldInterface))


OUTLINE = Outline()
