# Source: wasi:http/incoming-handler@0.2.8

"""The exported interface `wasi:http/incoming-handler@0.2.8`."""

from __future__ import annotations

from typing import Literal

from witkit import abi, runtime

from . import types
from .types import IncomingRequest, ResponseOutparam

__all__ = [
    "INTERFACE",
    "IncomingHandler",
    "IncomingRequest",
    "ResponseOutparam",
]


class IncomingHandler(runtime.ExportedInterface[Literal["wasi:http/incoming-handler"]]):
    """The interface `wasi:http/incoming-handler@0.2.8`."""

    def __init__(
        self, instance: runtime.Instance, interface: abi.Interface | None = None
    ) -> None:
        """Bind the interface to an instance; `interface` is that of a labelled export."""
        super().__init__(instance, interface or INTERFACE)

    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        """The function `handle`."""
        self._exports["handle"](request, response_out)


# What the runtime knows of these types and functions.
INTERFACE = abi.Interface(
    "wasi:http/incoming-handler@0.2.8",
    functions=(
        abi.Func(
            "handle",
            "handle",
            (
                abi.Param("request", abi.Own(types.INCOMING_REQUEST_TYPE)),
                abi.Param("response-out", abi.Own(types.RESPONSE_OUTPARAM_TYPE)),
            ),
        ),
    ),
)
