"""CloudEvents 1.0: an event with all its attributes, as JSON and as HTTP messages.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md, with the JSON event format and the HTTP protocol
binding in structured and binary mode. It knows no WIT: fronts make records of it.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, unquote

from witkit.text import Error

VERSION: Final = "1.0"
STRUCTURED: Final = "application/cloudevents+json"

_URI: Final = re.compile(r"[!#$&'()*+,/0-9:;=?@A-Z_a-z~.\[\]-]|%[0-9A-Fa-f]{2}")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.")
_TOKEN: Final = r"[\w!#$&^.+-]+"
_MEDIA_TYPE: Final = re.compile(rf'{_TOKEN}/{_TOKEN}( *; *{_TOKEN}=("[^"\\]*"|{_TOKEN}))*', re.ASCII)
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)
_EXTENSION: Final = re.compile(r"[a-z0-9]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PRINTABLE: Final = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


class InvalidEvent(Error, ValueError):
    """What is not an event: the message names the attribute, and not its value."""


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """One event. Raises InvalidEvent if an attribute is not what the specification demands.

    `source` is a URI reference, `dataschema` a URI, `time` a time stamp of RFC 3339, `datacontenttype` a media type.
    `extensions` has further attributes: names of lower-case letters and digits.
    """

    type: str
    source: str
    id: str
    data: bytes | None = None
    datacontenttype: str | None = None
    dataschema: str | None = None
    subject: str | None = None
    time: str | None = None
    specversion: str = VERSION
    extensions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.attributes().items():
            if not isinstance(value, str) or not value or _CONTROL.search(value):
                raise InvalidEvent(f"`{name}` must be a text that is not empty, without control characters")
            if not _FORMS.get(name, _anything)(value):
                raise InvalidEvent(f"`{name}` is not {_WANTED[name]}")
        for name in self.extensions:
            if not _EXTENSION.fullmatch(name) or name in _OWN:
                raise InvalidEvent("the name of an extension must have lower-case letters and digits only")

    def attributes(self) -> dict[str, str]:
        """The attributes that it has, by their names."""
        own = {name: value for name in _ATTRIBUTES if (value := getattr(self, name)) is not None}
        return {**own, **self.extensions}

    def to_json(self) -> bytes:
        """The event in JSON (media type `application/cloudevents+json`).

        Data of JSON types is a value of JSON, that of text types a text, and all other data is in base64.
        """
        try:
            return _dumped({**self.attributes(), **self._json_data()})
        except RecursionError:  # Writing may have to nest deeper than reading.
            return _dumped({**self.attributes(), **_in_base64(self.data or b"")})

    def to_http(self) -> tuple[list[tuple[str, str]], bytes]:
        """Header fields and body of an HTTP message in binary mode."""
        attributes = self.attributes()
        content = attributes.pop("datacontenttype", None)
        headers = [(f"ce-{name}", quote(value, safe=_PRINTABLE)) for name, value in attributes.items()]
        return [*headers, *([("content-type", content)] if content else [])], self.data or b""

    def _json_data(self) -> dict[str, Any]:
        if self.data is None:
            return {}
        if _is_json(self.datacontenttype):
            try:
                return {"data": _parsed(self.data)}
            except (ValueError, RecursionError):
                pass  # Bytes that are not what their type says stay as they are.
        elif (self.datacontenttype or "").lower().startswith("text/"):
            try:
                return {"data": self.data.decode()}
            except UnicodeDecodeError:
                pass
        return _in_base64(self.data)


def _in_base64(data: bytes) -> dict[str, Any]:
    return {"data_base64": base64.b64encode(data).decode()}


def new_id() -> str:
    """An id that no other event has."""
    return str(uuid.uuid4())


def now() -> str:
    """The time as RFC 3339 has it, in UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_json(content: bytes | str) -> CloudEvent:
    """The event in a text of JSON. Raises InvalidEvent."""
    try:
        found = _parsed(content)
    except (ValueError, RecursionError):
        raise InvalidEvent("the event is not JSON") from None
    if not isinstance(found, dict):
        raise InvalidEvent("the event is not an object")
    data = _data_of(found)
    return _event({name: value for name, value in found.items() if name not in ("data", "data_base64")}, data)


def from_http(headers: Iterable[tuple[str, str]], body: bytes) -> CloudEvent:
    """The event of an HTTP message in structured or binary mode. Raises InvalidEvent, also if it has none."""
    known: dict[str, str] = {}
    for name, value in headers:
        if (lower := name.lower()) in known and lower.startswith(("ce-", "content-type")):
            raise InvalidEvent(f"there are two header fields `{lower}`")
        known[lower] = value
    content = known.get("content-type")
    if (content or "").lower().startswith("application/cloudevents"):
        if (content or "").partition(";")[0].strip().lower() != STRUCTURED:
            raise InvalidEvent("batches, and other formats than JSON, are not supported")
        return from_json(body)
    attributes = {name[3:]: _unquoted(value) for name, value in known.items() if name.startswith("ce-")}
    if "datacontenttype" in attributes:
        raise InvalidEvent("`datacontenttype` belongs into `content-type`")
    if content:
        attributes["datacontenttype"] = content
    return _event(attributes, body or None)


def _event(attributes: Mapping[str, Any], data: bytes | None) -> CloudEvent:
    """The event with these attributes. Raises InvalidEvent."""
    given = {name: _spelled(name, value) for name, value in attributes.items() if value is not None}
    for name in ("specversion", "id", "source", "type"):
        if name not in given:
            raise InvalidEvent(f"`{name}` is missing")
    own = {name: given.pop(name) for name in _ATTRIBUTES if name in given}
    return CloudEvent(**own, data=data, extensions=given)


def _spelled(name: str, value: Any) -> str:
    """A value of JSON as the text that it is in other formats; attributes can be numbers and booleans, too."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and name not in _ATTRIBUTES:
        return str(value)
    if not isinstance(value, str):
        raise InvalidEvent(f"`{name}` is not a text")
    return value


def _data_of(found: Mapping[str, Any]) -> bytes | None:
    if "data_base64" in found:
        if "data" in found:
            raise InvalidEvent("there is `data` and `data_base64`")
        try:
            return base64.b64decode(found["data_base64"], validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise InvalidEvent("`data_base64` is not base64") from None
    if found.get("data") is None:
        return None
    content = found.get("datacontenttype")
    if isinstance(found["data"], str) and isinstance(content, str) and not _is_json(content):
        try:
            return found["data"].encode()
        except UnicodeEncodeError:
            raise InvalidEvent("`data` has half of a character") from None
    try:
        return _dumped(found["data"])
    except RecursionError:
        raise InvalidEvent("`data` is nested too deep") from None


def _parsed(content: bytes | str) -> Any:
    """A value of JSON that all readers understand alike. Raises ValueError and, for deep nesting, RecursionError."""
    return json.loads(content, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_object)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(text)  # Writers would make `Infinity` of it, which JSON does not have.
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(made := dict(pairs)) != len(pairs):
        raise ValueError("an object has a name twice")
    return made


def _dumped(value: Any) -> bytes:
    """JSON in UTF-8; escapes are for halves of characters only, which JSON can have."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


def _unquoted(value: str) -> str:
    """A value of a header field, which may be quoted and percent-encoded."""
    text = value.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise InvalidEvent("a header field is not percent-encoded UTF-8") from None


def _is_json(content: str | None) -> bool:
    kind = (content or "").partition(";")[0].strip().lower()
    return kind.endswith(("/json", "+json"))


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _anything(value: str) -> bool:
    return True


def _is_time(value: str) -> bool:
    parts = _TIME.fullmatch(value)
    try:
        return parts is not None and datetime.fromisoformat((parts[1] + parts[3]).upper()) is not None
    except ValueError:
        return False


def _is_reference(value: str) -> bool:
    return not _URI.sub("", value)


_FORMS: Final = {
    "specversion": lambda value: value == VERSION,
    "source": _is_reference,
    "dataschema": lambda value: _is_reference(value) and _SCHEME.match(value) is not None,
    "datacontenttype": lambda value: _MEDIA_TYPE.fullmatch(value) is not None,
    "time": _is_time,
}
_WANTED: Final = {
    "specversion": f"`{VERSION}`",
    "source": "a URI reference",
    "dataschema": "a URI",
    "datacontenttype": "a media type",
    "time": "a time as in RFC 3339",
}
_ATTRIBUTES: Final = ("specversion", "id", "source", "type", "datacontenttype", "dataschema", "subject", "time")
_OWN: Final = frozenset({each.name for each in fields(CloudEvent)} | {"data"})
