"""A client for NATS that reads every message of a stream.

Whoever may publish chooses the headers, and the server does not look at them. At some that are malformed, the client
library stops reading for good and says nothing. A status in them it takes for a word of the server.
"""

from __future__ import annotations

from typing import Final

from nats.aio.client import Client

_LINE: Final = b"NATS/1.0"
_END: Final = b"\r\n\r\n"
_STORED: Final = b"$JS.ACK."
"""What the subject for the acknowledgement of a message of a stream begins with."""


class ReadingClient(Client):
    """The client of the library, which is given only headers that it can read."""

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        if headers:
            headers = readable(headers, is_stored=reply.startswith(_STORED))
        await super()._process_msg(sid, subject, reply, data, headers)


def readable(headers: bytes, *, is_stored: bool) -> bytes:
    """The headers of a message: none if they are malformed, and without a status that is not the server's. The server
    puts none into messages of a stream, and writes ASCII."""
    line, _, rest = headers.partition(b"\r\n")
    if not line.startswith(_LINE) or not headers.endswith(_END):
        return b""
    is_foreign = line != _LINE and (is_stored or not headers.isascii())
    return _LINE + b"\r\n" + rest if is_foreign else headers
