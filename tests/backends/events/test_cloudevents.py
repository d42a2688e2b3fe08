"""CloudEvents: what witkit writes is read by the package of the project, and the other way round."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent as Theirs
from hypothesis import given
from hypothesis import strategies as st

from witkit.backends.cloudevents import CloudEvent, InvalidEvent, from_http, from_json, new_id, now

ALL = CloudEvent(
    type="com.example.order.placed",
    source="https://shop.example/orders?x=1#a",
    id="a-1",
    data=b'{"item": "tea", "number": 9007199254740993}',
    datacontenttype="application/json; charset=utf-8",
    dataschema="https://shop.example/schema#order",
    subject='order "1" of Zoë, 100%',
    time="2026-11-26T20:15:30.123456Z",
    extensions={"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "partition1": "7"},
)
DATA = [
    (None, None),
    (b"\0\xff", None),
    (b"\0\xff", "application/octet-stream"),
    (b"tea", "text/plain"),
    ("Zoë".encode(), "text/plain; charset=utf-8"),
    (b"\xff", "text/plain"),
    (b"[1, 2]", "application/json"),
    (b"not JSON", "application/json"),
    (b'{"a": NaN}', "application/vnd.shop+json"),
    (b'"\\ud800"', "application/json"),
    (b"[1e999]", "application/json"),
    (b'{"a": 1, "a": 2}', "application/json"),
    (b"[" * 100_000 + b"]" * 100_000, "application/json"),
]


def simple(data: bytes | None, content: str | None) -> CloudEvent:
    return CloudEvent("t", "s", "i", data, content)


def theirs(headers: dict[str, str], body: bytes) -> Any:
    """What the package of the project reads."""
    return from_http_event(HTTPMessage(headers=headers, body=body))


def same(event: CloudEvent, found: Any) -> None:
    """All attributes arrived."""
    attributes = found.get_attributes()
    wanted = event.attributes()
    if wanted.get("time"):
        assert attributes["time"] == datetime.fromisoformat(wanted["time"])
    assert {**attributes, "time": wanted.get("time")} == {"time": None, **wanted}


def test_an_event_in_json_is_read_by_others() -> None:
    found = theirs({"content-type": "application/cloudevents+json"}, ALL.to_json())
    same(ALL, found)
    assert found.get_data() == {"item": "tea", "number": 9007199254740993}


def test_an_event_in_headers_is_read_by_others() -> None:
    headers, body = ALL.to_http()
    assert dict(headers)["ce-subject"] == "order%20%221%22%20of%20Zo%C3%AB,%20100%25"
    same(ALL, theirs(dict(headers), body))
    assert body == ALL.data


@pytest.mark.parametrize(("data", "content"), DATA)
def test_data_of_every_kind_goes_out_and_comes_back(data: bytes | None, content: str | None) -> None:
    event = simple(data, content)
    assert from_json(event.to_json()) == event
    assert from_http(*event.to_http()) == event


@pytest.mark.parametrize("data", [b"\0\xff", b"tea"])
def test_bytes_are_read_by_others(data: bytes) -> None:
    event = simple(data, "application/octet-stream")
    assert theirs({"content-type": "application/cloudevents+json"}, event.to_json()).get_data() == data


@pytest.mark.parametrize("form", [to_binary_event, to_structured_event])
def test_events_of_others_are_read(form: Any) -> None:
    attributes = {**ALL.attributes(), "time": datetime.fromisoformat(ALL.time or "")}
    message = form(Theirs(attributes, {"item": "tea"}))
    found = from_http(message.headers.items(), message.body)
    assert {**found.attributes(), "time": now()}.keys() == ALL.attributes().keys()
    assert found.subject == ALL.subject
    assert json.loads(found.data or b"") == {"item": "tea"}


@given(
    st.builds(
        CloudEvent,
        type=st.text('ab/. é€😀"%\\', min_size=1),
        source=st.just("/a"),
        id=st.text("ab ,;=é%", min_size=1).filter(lambda text: text == text.strip()),
        data=st.none() | st.binary(min_size=1),
        datacontenttype=st.none() | st.sampled_from(["application/octet-stream", "text/plain"]),
    )
)
def test_an_event_survives_both_modes(event: CloudEvent) -> None:
    assert from_json(event.to_json()) == event
    assert from_http(*event.to_http()) == event


@pytest.mark.parametrize(
    ("attribute", "value", "said"),
    [
        ("id", "", "`id` must be a text that is not empty"),
        ("type", "a\nb", "`type` must be a text that is not empty, without control characters"),
        ("source", "a b", "`source` is not a URI reference"),
        ("source", "é", "`source` is not a URI reference"),
        ("specversion", "0.3", "`specversion` is not `1.0`"),
        ("dataschema", "/relative", "`dataschema` is not a URI"),
        ("datacontenttype", "json", "`datacontenttype` is not a media type"),
        ("time", "yesterday", "`time` is not a time as in RFC 3339"),
        ("time", "2026-13-01T00:00:00Z", "`time` is not a time as in RFC 3339"),
        ("time", "2026-11-26T20:15:30+99:99", "`time` is not a time as in RFC 3339"),
        ("time", "2026-11-26T20:15:30", "`time` is not a time as in RFC 3339"),
        ("subject", "", "`subject` must be a text that is not empty"),
        ("extensions", {"Upper": "x"}, "the name of an extension"),
        ("extensions", {"data": "x"}, "the name of an extension"),
        ("extensions", {"a": "\0"}, "`a` must be a text"),
    ],
)
def test_an_attribute_that_is_not_what_it_has_to_be_is_refused(attribute: str, value: Any, said: str) -> None:
    with pytest.raises(InvalidEvent) as refused:
        CloudEvent(**{"type": "t", "source": "s", "id": "i", attribute: value})
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the event is not JSON"),
        (b"[" * 100_000, "the event is not JSON"),
        (b"[]", "the event is not an object"),
        (b"{}", "`specversion` is missing"),
        (b'{"specversion": "1.0", "id": 1, "source": "s", "type": "t"}', "`id` is not a text"),
        (b'{"specversion": "1.0", "id": "1", "source": "s"}', "`type` is missing"),
        (
            b'{"specversion":"1.0","id":"1","source":"s","type":"t","data":1,"data_base64":""}',
            "`data` and `data_base64`",
        ),
        (b'{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"?"}', "`data_base64` is not base64"),
        (b'{"specversion":"1.0","id":"1","source":"s","type":"t","x":{}}', "`x` is not a text"),
        (b'{"specversion":"1.0","id":"1","source":"s","type":"t","id":"2"}', "the event is not JSON"),
        (b'{"specversion":"1.0","id":"1","source":"s","type":"t","data":1e999}', "the event is not JSON"),
    ],
)
def test_json_that_is_not_an_event_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(InvalidEvent) as refused:
        from_json(content)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ([], "`specversion` is missing"),
        ([("Content-Type", "application/cloudevents-batch+json")], "batches, and other formats than JSON"),
        ([("ce-id", "%ff")], "a header field is not percent-encoded UTF-8"),
        ([("ce-datacontenttype", "text/plain")], "`datacontenttype` belongs into `content-type`"),
        ([("ce-id", "1"), ("Ce-Id", "2")], "there are two header fields `ce-id`"),
        ([("content-type", "text/plain"), ("content-type", "text/html")], "two header fields `content-type`"),
    ],
)
def test_a_message_without_an_event_is_refused(headers: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(InvalidEvent) as refused:
        from_http(headers, b"")
    assert said in str(refused.value)


def test_numbers_and_quoted_values_of_others_are_texts() -> None:
    event = from_json(b'{"specversion": "1.0", "id": "1", "source": "s", "type": "t", "n": 7, "b": true, "data": null}')
    assert (event.extensions, event.data) == ({"n": "7", "b": "true"}, None)
    headers = [("CE-SpecVersion", "1.0"), ("ce-id", '"a\\"b"'), ("ce-source", "s"), ("ce-type", "t")]
    assert from_http(headers, b"").id == 'a"b'


def test_ids_are_unique_and_times_are_of_now() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000
    assert CloudEvent("t", "s", new_id(), time=now()).time is not None
