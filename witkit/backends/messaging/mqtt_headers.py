"""The headers of a message as properties of MQTT 5.

The content type has a property of its own, metadata are user properties, and the response topic is the topic of MQTT
that stands for the one to reply to. `correlation-id` in metadata is the correlation data. Those are bytes, so what is
not a visible character of ASCII is percent-encoded in metadata.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, unquote, unquote_to_bytes

from .headers import CONTENT_TYPE, CORRELATION, REPLY_TO, Headers, from_fields, printable, to_fields
from .spelling import spelled, unspelled

VISIBLE: Final = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "%")
"""The characters that stand for themselves in correlation data."""

RESERVED: Final = re.compile("(?!)")
"""No name of a user property means something to a broker."""


def properties_of(headers: Headers, prefix: str) -> Any:
    """The properties of a message. `prefix` is what the topics of its broker begin with."""
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    fields = dict(to_fields(replace(headers, content_type=None), RESERVED, value=printable))
    if headers.content_type is not None:
        properties.ContentType = printable(headers.content_type)
    if headers.reply_to is not None:
        properties.ResponseTopic = f"{prefix}{spelled(headers.reply_to)}"
        if unspelled(spelled(headers.reply_to)) is not None:
            del fields[REPLY_TO]  # The response topic says it.
    if fields.pop(CORRELATION, None) is not None:
        properties.CorrelationData = unquote_to_bytes(headers.metadata[CORRELATION])
    if fields:
        properties.UserProperty = list(fields.items())
    return properties


def headers_of(properties: Any, prefix: str) -> Headers:
    """The headers in such properties. A response topic outside of the prefix is left out."""
    fields = list(getattr(properties, "UserProperty", ()))
    if (content := getattr(properties, "ContentType", None)) is not None:
        fields.append((CONTENT_TYPE, content))
    if (data := getattr(properties, "CorrelationData", None)) is not None:
        fields.append((CORRELATION, quote(quote(data, safe=VISIBLE), safe=VISIBLE)))
    topic = getattr(properties, "ResponseTopic", "")
    if topic.startswith(prefix) and (found := unspelled(topic.removeprefix(prefix))) is not None:
        fields.append((REPLY_TO, printable(found)))
    return from_fields(fields, RESERVED, unquote)
