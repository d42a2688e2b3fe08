"""The target `host`, for the table of targets: what generates is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from witkit.bindgen.common.python import PythonTarget, check_package
from witkit.bindgen.target import FileDraft, GenerationRequest, TargetOption

if TYPE_CHECKING:
    from witkit.ir.model import World


class _Host(PythonTarget):
    name = "host"
    help = "Generate Python for a program that loads a component. PATH is a WIT package or a component."
    options = (
        TargetOption("package", "Name of the Python package (default: that of the world)."),
        TargetOption("arrays", "Give lists of numbers as array.array instead of list.", is_flag=True),
    )

    def drafts(self, world: World, request: GenerationRequest) -> Iterable[FileDraft]:
        """A package with one module per interface, the world in `__init__`, and `py.typed`."""
        from witkit.bindgen.common.templates import Templates
        from witkit.bindgen.host.package import drafts

        check_package(request.package)
        request.names.check(world, together=True)
        return drafts(world, request, Templates(self.name, request.templates))


HOST: Final = _Host()
