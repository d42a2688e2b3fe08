"""The target `guest`, for the table of targets: what generates is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from witkit.bindgen.common.python import PythonTarget, check_package
from witkit.bindgen.target import FileDraft, GenerationRequest, TargetOption

if TYPE_CHECKING:
    from witkit.ir.model import World
    from witkit.text import Diagnostic

WORLD_MODULE: Final = "wit_world"
"""The package of the bindings, if no other name is given; componentize-py has the same default."""


class _Guest(PythonTarget):
    name = "guest"
    help = (
        "Generate Python for the component itself. PATH is a WIT package or a component; several packages and worlds"
        " become one. Without PATH, generate what the guest of the project needs beside its SDKs."
    )
    options = (
        TargetOption(
            "package",
            f"Name of the bindings' package, as componentize-py is given it (default: {WORLD_MODULE}).",
            # The name that componentize-py has for it, and the one that the host has.
            ("--world-module", "--package"),
        ),
        TargetOption("allow", "Generate even if componentize-py cannot build the world.", is_flag=True),
    )
    unites = True
    folders = ("imports", "exports")

    def check(self, world: World, request: GenerationRequest) -> Sequence[Diagnostic]:
        """What componentize-py cannot build, and what the guest will find that it cannot do."""
        from witkit.bindgen.guest.limits import check_guest

        return check_guest(world, request.names, request.package or WORLD_MODULE)

    def drafts(self, world: World, request: GenerationRequest) -> Iterable[FileDraft]:
        """The bindings, and the modules that all bindings share."""
        from witkit.bindgen.common.templates import Templates
        from witkit.bindgen.guest.bindings import drafts

        check_package(request.package, dotted=True)
        request.names.check(world)
        templates = Templates(self.name, request.templates)
        return drafts(world, request.package or WORLD_MODULE, request.names, templates)


GUEST: Final = _Guest()
