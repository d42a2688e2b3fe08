"""What a guest answers is sent only if HTTP has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witkit.program.triggers.http.answers import sendable
from witkit.program.triggers.http.exchange import GuestFailed, Response

ALLOWED = set(b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")


@given(st.integers(0, 700), st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8))), st.binary(max_size=8))
def test_whatever_a_guest_answers_nothing_malformed_is_sent(
    status: int, headers: list[tuple[str, str]], body: bytes
) -> None:
    try:
        sent, payload = sendable(Response(status, headers, body), "GET")
    except GuestFailed:
        return
    assert 200 <= status <= 599
    assert all(name and set(name) <= ALLOWED for name, _ in sent)
    assert all(not set(value) & set(b"\0\r\n\x7f") for _, value in sent)
    lengths = [value for name, value in sent if name == b"content-length"]
    assert lengths == ([] if status in (204, 304) else [b"%d" % len(payload)])


@pytest.mark.parametrize("value", ["6", "05x", "-5", "5, 5", "", "9" * 30, "\u0665"])
def test_a_length_that_is_not_that_of_the_body_is_an_error(value: str) -> None:
    with pytest.raises(GuestFailed, match="content-length"):
        sendable(Response(200, [("Content-Length", value)], b"hello"), "GET")


def test_lengths_are_checked_one_by_one() -> None:
    with pytest.raises(GuestFailed):
        sendable(Response(200, [("content-length", "5"), ("content-length", "6")], b"hello"), "GET")
    sent, _ = sendable(Response(200, [("content-length", "5"), ("content-length", "5")], b"hello"), "GET")
    assert sent == [(b"content-length", b"5")]


def test_a_response_to_head_has_the_length_of_the_body_that_it_leaves_out() -> None:
    assert sendable(Response(200, (), b"hello"), "HEAD") == ([(b"content-length", b"5")], b"")
    assert sendable(Response(200, [("content-length", "70")]), "HEAD") == ([(b"content-length", b"70")], b"")


def test_the_connection_the_time_and_the_id_are_the_servers() -> None:
    copied = [("Connection", "close"), ("Transfer-Encoding", "chunked"), ("X-Request-Id", "a"), ("Date", "now")]
    copied.append(("Accept", "*/*"))
    assert sendable(Response(200, copied, b"x"), "GET")[0] == [(b"accept", b"*/*"), (b"content-length", b"1")]


@pytest.mark.parametrize("status", [204, 304])
def test_a_response_without_body_has_no_length_even_if_the_guest_copied_one(status: int) -> None:
    assert sendable(Response(status, [("content-length", "3")]), "PUT") == ([], b"")
    with pytest.raises(GuestFailed, match="has no body"):
        sendable(Response(status, (), b"x"), "PUT")


def test_a_value_may_have_every_character_of_latin_1() -> None:
    assert sendable(Response(200, [("x", " caf\xe9\t")], b""), "GET")[0][0] == (b"x", b"caf\xe9")
    with pytest.raises(GuestFailed, match="Latin-1"):
        sendable(Response(200, [("x", "€")], b""), "GET")
