"""What accompanies the payload of a message, and how servers with names and values carry it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import quote, unquote

from witkit.backends.failure import Failure, Kind

MOST: Final = 32_768
"""The most bytes of all headers of a message, in UTF-8."""
ENTRIES: Final = 128
"""The most entries of its metadata."""
NAME: Final = 200
"""The most bytes of a name in its metadata, and of its content type."""

CONTENT_TYPE: Final = "content-type"
REPLY_TO: Final = "reply-to"
CORRELATION: Final = "correlation-id"
"""The name in metadata by which a sender knows which of its messages a reply is for."""

Spelling: TypeAlias = Callable[[str], str]

_PRINTABLE: Final = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "%")
_TOKEN: Final = "!#$&'*+-.^_`|~"
_PLANES: Final = "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
_CONTROL: Final = re.compile(rf"[\x00-\x1f\x7f-\x9f\ufdd0-\ufdef{_PLANES}]|%(?=[0-9A-Fa-f]{{2}})")


def printable(text: str) -> str:
    """A text without control characters and what Unicode keeps free. `unquote` reads it."""
    return _CONTROL.sub(lambda found: _percent(found[0]), text)


def token(text: str) -> str:
    """A text in the characters that names of HTTP's header fields have. `unquote` reads it."""
    return quote(text, safe=_TOKEN)


def visible(text: str) -> str:
    """A text in ASCII characters without control characters, and without spaces at its ends. `unquote` reads it."""
    return quote(text, safe=_PRINTABLE if text != text.strip(" ") else f"{_PRINTABLE} ")


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


@dataclass(frozen=True, slots=True)
class Headers:
    """`content_type` is the format of the payload, `metadata` has any names and values.

    `reply_to` is the topic of the same broker on which the sender waits for replies.
    """

    content_type: str | None = None
    reply_to: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __bool__(self) -> bool:
        return self.content_type is not None or self.reply_to is not None or bool(self.metadata)

    @property
    def texts(self) -> list[str]:
        """All texts in it, for those who count their room."""
        own = [each for each in (self.content_type, self.reply_to) if each is not None]
        return [*own, *(text for entry in self.metadata.items() for text in entry)]

    @property
    def correlation(self) -> dict[str, str]:
        """The metadata that a reply to this message must have."""
        return {name: value for name, value in self.metadata.items() if name.lower() == CORRELATION}

    def check(self) -> None:
        """Raise Failure (INVALID_VALUE) for what not every backend can carry."""
        try:
            sizes = [len(text.encode()) for text in self.texts]
            named = [len(name.encode()) for name in (*self.metadata, *filter(None, [self.content_type]))]
        except UnicodeEncodeError:
            raise Failure(Kind.INVALID_VALUE, "the headers have a lone surrogate") from None
        if "" in self.metadata or any(size > NAME for size in named):
            raise Failure(
                Kind.INVALID_VALUE,
                f"a content type and a name of metadata must have at most {NAME} bytes, and a name one",
            )
        if sum(sizes) > MOST or len(self.metadata) > ENTRIES:
            raise Failure(
                Kind.INVALID_VALUE, f"the headers have more than {MOST:,} bytes, or more than {ENTRIES} entries"
            )


NO_HEADERS: Final = Headers()


def to_fields(
    headers: Headers, reserved: re.Pattern[str], name: Spelling = printable, value: Spelling = str
) -> list[tuple[str, str]]:
    """The headers as one list of names and values, for servers that have such a list.

    A name of metadata that means something to the server (`reserved`), or to witkit, has its first character
    percent-encoded. `name` and `value` spell the others.
    """
    own = ((CONTENT_TYPE, headers.content_type), (REPLY_TO, headers.reply_to))
    fields = [(key, value(text)) for key, text in own if text is not None]
    return [*fields, *((_named(key, reserved, name), value(text)) for key, text in headers.metadata.items())]


def from_fields(
    fields: Iterable[tuple[str, str]], reserved: re.Pattern[str], value: Callable[[str], str] = str
) -> Headers:
    """The headers of such a list. Names that are `reserved` are left out: they are the server's."""
    own: dict[str, str] = {}
    metadata: dict[str, str] = {}
    for name, text in fields:
        if name.lower() in (CONTENT_TYPE, REPLY_TO):
            own[name.lower()] = value(text)
        elif not reserved.match(name):
            metadata[unquote(name)] = value(text)
    return Headers(own.get(CONTENT_TYPE), own.get(REPLY_TO), metadata) if own or metadata else NO_HEADERS


def _named(name: str, reserved: re.Pattern[str], spelling: Spelling) -> str:
    if reserved.match(name) or name.lower() in (CONTENT_TYPE, REPLY_TO):
        return f"{_percent(name[0])}{spelling(name[1:])}"
    return spelling(name)


def to_json(headers: Headers) -> str:
    """The headers as a text; empty if there are none."""
    if not headers:
        return ""
    found = {CONTENT_TYPE: headers.content_type, REPLY_TO: headers.reply_to, "metadata": dict(headers.metadata)}
    return json.dumps({name: each for name, each in found.items() if each not in (None, {})}, ensure_ascii=False)


def from_json(text: str | None) -> Headers:
    """The headers of such a text."""
    if not text:
        return NO_HEADERS
    found: dict[str, Any] = json.loads(text)
    return Headers(found.get(CONTENT_TYPE), found.get(REPLY_TO), found.get("metadata", {}))
