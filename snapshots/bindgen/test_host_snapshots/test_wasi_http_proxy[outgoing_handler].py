# Source: wasi:http/outgoing-handler@0.2.8

"""The imported interface `wasi:http/outgoing-handler@0.2.8`."""

from __future__ import annotations

from typing import Protocol

from witkit import abi

from . import types
from .types import ErrorCode, FutureIncomingResponse, OutgoingRequest, RequestOptions

__all__ = [
    "INTERFACE",
    "ErrorCode",
    "FutureIncomingResponse",
    "OutgoingHandler",
    "OutgoingRequest",
    "RequestOptions",
]


class OutgoingHandler(Protocol):
    """The interface `wasi:http/outgoing-handler@0.2.8`."""

    def handle(
        self, request: OutgoingRequest, options: RequestOptions | None, /
    ) -> FutureIncomingResponse:
        """The function `handle`.

        Raises:
            Err: with a value of type `ErrorCode`.
        """
        ...


# What the runtime knows of these types and functions.
INTERFACE = abi.Interface(
    "wasi:http/outgoing-handler@0.2.8",
    functions=(
        abi.Func(
            "handle",
            "handle",
            (
                abi.Param("request", abi.Own(types.OUTGOING_REQUEST_TYPE)),
                abi.Param("options", abi.Option(abi.Own(types.REQUEST_OPTIONS_TYPE))),
            ),
            abi.Result(
                abi.Own(types.FUTURE_INCOMING_RESPONSE_TYPE), types.ERROR_CODE_TYPE
            ),
            raises=True,
        ),
    ),
)
