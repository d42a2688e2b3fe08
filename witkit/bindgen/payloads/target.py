"""The target `payloads`, for the table of targets: what generates is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from witkit.bindgen.common.python import PythonTarget, check_package
from witkit.bindgen.target import FileDraft, GenerationRequest, TargetOption

if TYPE_CHECKING:
    from witkit.ir.model import World


class _Payloads(PythonTarget):
    name = "payloads"
    help = (
        "Generate functions that convert a guest's messages.\n\nThe module `payloads` has `encode_…` and"
        " `decode_…` for each type of messages. It needs the guest's bindings, but not witkit, so it belongs beside the"
        " guest's own modules."
    )
    options = (
        TargetOption("types", "The types, with commas between them: `shop:orders/types@0.1.0#order-placed`."),
        TargetOption("package", "Name of the bindings' package (default: wit_world).", ("--world-module", "--package")),
    )

    def drafts(self, world: World, request: GenerationRequest) -> Iterable[FileDraft]:
        """One module. Raises `WitkitError` for types that the world does not have or that JSON cannot express."""
        from witkit.bindgen.common.templates import Templates
        from witkit.bindgen.payloads.module import drafts

        check_package(request.package, dotted=True)
        request.names.check(world)
        names = [name for part in str(request.settings.get("types", "")).split(",") if (name := part.strip())]
        return drafts(world, names, request, Templates(self.name, request.templates))


PAYLOADS: Final = _Payloads()
"""Messages with types, for guests: componentize-py brings the bindings' classes, but nothing that knows their JSON."""
