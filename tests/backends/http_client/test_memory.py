"""Fixed answers, for tests of guests."""

from __future__ import annotations

from typing import Any

import pytest

import witkit.backends
from witkit.abi import Err
from witkit.interfaces.http.http_types import HttpError_InvalidUrl, HttpError_UnexpectedError, Method, Request, Response
from witkit.text import WitkitError

ANSWERS = {
    "GET https://api.example.com/price": "3.20",
    "POST /orders": {"status": 201, "headers": {"location": "/orders/1"}},
}


def test_a_request_gets_the_answer_that_is_configured_for_it() -> None:
    with witkit.backends.open("http-client", "memory", answers=ANSWERS) as http:
        price = Request(Method.GET, "HTTPS://api.example.com:443/price", [], [], None)
        assert http.request(price) == Response(200, [], b"3.20")
        order = Request(Method.POST, "http://localhost/orders", [("a", "b")], [], b"tea")
        assert http.request(order) == Response(201, [("location", "/orders/1")], b"")
        client: Any = http.client
        assert [(each.method, each.body) for each in client.requests] == [("GET", None), ("POST", b"tea")]


def test_any_other_request_names_what_is_missing() -> None:
    with witkit.backends.open("http-client", "memory", answers=ANSWERS) as http:
        with pytest.raises(Err) as refused:
            http.request(Request(Method.GET, "/orders", [], [], None))
        assert refused.value.value == HttpError_UnexpectedError("`answers` has none for GET http://localhost/orders")
        with pytest.raises(Err) as refused:
            http.request(Request(Method.GET, "ftp://x", [], [], None))
        assert isinstance(refused.value.value, HttpError_InvalidUrl)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"GET ftp://x": ""}, "the answer `GET ftp://x` is wrong: the address cannot be used"),
        ({"GET /": {"status": 99}}, "the answer `GET /` is wrong: `status` must be a number from 200 to 599"),
        ({"GET /": {"stat": 200}}, "the answer `GET /` is wrong: there is no `stat`"),
        ({"GET /": 5}, "the answer `GET /` is wrong: `body` must be a text"),
    ],
)
def test_an_answer_that_cannot_be_given_is_refused_when_the_backend_is_opened(answers: Any, said: str) -> None:
    with pytest.raises(WitkitError) as refused:
        witkit.backends.open("http-client", "memory", answers=answers)
    assert said in refused.value.diagnostics[0].message
