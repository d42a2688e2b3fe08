"""Requests to servers of this machine: what arrives there, what comes back, and what is refused before."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.http_client.servers import OK, Received, certified, client, response, serving
from tests.services.private.ports import free_port
from witkit.backends.failure import Failure, Kind
from witkit.backends.http_client.protocol import RefusedByProxy, Request
from witkit.text import WitkitError

LOOK_UP = socket.getaddrinfo


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Addresses of names that only this test knows; each look-up takes the first of several texts `A,B` off."""
    known: dict[str, list[str]] = {}

    def look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if host not in known:
            return LOOK_UP(host, *arguments, **options)
        answer = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return [each for address in answer.split(",") for each in LOOK_UP(address, *arguments, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def refusal(kind: Kind, **settings: Any) -> Any:
    """The failure of a request with these settings."""
    url, request = settings.pop("url"), settings.pop("request", {})
    with client(**settings) as http, pytest.raises(Failure) as refused:
        http.send(Request("GET", url, **request))
    assert refused.value.kind is kind, refused.value.shown
    return refused.value


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_a_request_arrives_as_it_is_and_the_response_comes_back(method: str) -> None:
    body = None if method in ("GET", "HEAD") else b"\0tea\xff"
    answer = response("418 I'm a teapot", "X-Kind: pot", "x-kind: caf\xe9", body=b"" if method == "HEAD" else b"short")
    with serving(answer) as server, client(allow=[server.url]) as http:
        found = http.send(Request(method, f"{server.url}/a?b=c", [("X-One", "1"), ("x-one", "2")], body))
        assert (found.status, found.body) == (418, b"" if method == "HEAD" else b"short")
        assert [field for field in found.headers if field[0].lower() == "x-kind"] == [
            ("X-Kind", "pot"),
            ("x-kind", "café"),
        ]
        (received,) = server.received
        assert received.line == f"{method} /a?b=c HTTP/1.1"
        assert (received.body, received.headers["host"]) == (body or b"", f"127.0.0.1:{server.port}")
        assert received.headers["x-one"] == "2"


def test_nothing_is_added_to_a_request() -> None:
    with serving() as server, client(allow=[server.url]) as http:
        http.send(Request("GET", server.url))
        http.send(Request("POST", server.url))
        assert [set(each.headers) for each in server.received] == [{"host"}, {"host", "content-length"}]


def test_connections_are_used_again_by_all_threads() -> None:
    with serving() as server, client(allow=[server.url], connections=2) as http:
        threads = [threading.Thread(target=http.send, args=(Request("GET", server.url),)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.received) == 8
        assert server.connections <= 2


def test_without_grants_nothing_is_requested() -> None:
    failure = refusal(Kind.DENIED, url="https://api.example.com/secret?key=1")
    assert failure.message == "this program may not send requests to https://api.example.com"


def test_an_address_of_this_machine_needs_a_grant_of_its_own(names: dict[str, list[str]]) -> None:
    names["shop.example"] = ["127.0.0.1"]
    with serving() as server:
        for url in (f"http://shop.example:{server.port}", f"http://localhost:{server.port}", server.url):
            refusal(Kind.DENIED, url=url, allow=["http://*:*"])
        assert server.connections == 0
        with client(allow=["http://*:*"], private=["127.0.0.0/8"]) as http:
            assert http.send(Request("GET", f"http://shop.example:{server.port}")).body == b"hello"
        with client(allow=[f"localhost:{server.port}"]) as http:
            assert http.send(Request("GET", f"http://localhost:{server.port}")).body == b"hello"


def test_what_is_connected_to_is_the_address_that_was_checked(names: dict[str, list[str]]) -> None:
    """A name that leads elsewhere when it is looked up a second time (DNS rebinding)."""
    names["shop.example"] = ["127.0.0.2", "127.0.0.1"]
    with serving(host="127.0.0.2") as server, client(allow=["http://shop.example:*"], private=["127.0.0.2"]) as http:
        assert http.send(Request("GET", f"http://shop.example:{server.port}")).body == b"hello"
        assert names["shop.example"] == ["127.0.0.1"]
        assert http.send(Request("GET", f"http://shop.example:{server.port}")).body == b"hello"
        assert server.connections == 1


def test_of_several_addresses_only_the_permitted_ones_are_tried(names: dict[str, list[str]]) -> None:
    names["shop.example"] = ["127.0.0.1,127.0.0.3,127.0.0.2"]
    with serving(host="127.0.0.2") as server:
        settings = {"allow": ["http://shop.example:*"], "private": ["127.0.0.2", "127.0.0.3"]}
        with client(**settings) as http:
            assert http.send(Request("GET", f"http://shop.example:{server.port}")).status == 200


def test_the_log_says_more_than_the_guest_learns(names: dict[str, list[str]]) -> None:
    names["shop.example"] = ["10.1.2.3"]
    failure = refusal(Kind.DENIED, url="http://shop.example/", allow=["shop.example"])
    assert failure.message == "this program may not connect to the address of the host"
    assert failure.detail == "shop.example: 10.1.2.3"


def test_a_host_that_cannot_be_found_or_reached() -> None:
    failure = refusal(Kind.UNREACHABLE, url="http://none.invalid/", allow=["*"])
    assert failure.message == "the host cannot be found"
    assert failure.detail.startswith("none.invalid: ")
    failure = refusal(Kind.UNREACHABLE, url=f"http://127.0.0.1:{free_port()}/", allow=["127.0.0.1:*"])
    assert failure.message == "there is no connection to the host"


@pytest.mark.parametrize(
    ("headers", "body", "said"),
    [
        ([("a", "b\r\nx: y")], None, "the header field `a` cannot be sent: its value has a line end"),
        ([("a\r\nb", "c")], None, "the name of a header field must be a token"),
        ([("", "c")], None, "the name of a header field must be a token"),
        ([("a b", "c")], None, "the name of a header field must be a token"),
        ([("a:", "c")], None, "the name of a header field must be a token"),
        ([("Transfer-Encoding", "chunked")], b"x", "`Transfer-Encoding` cannot be sent: it is about the connection"),
        ([("Connection", "close")], None, "`Connection` cannot be sent: it is about the connection"),
        ([("Host", "other.example")], None, "`Host` cannot be sent: it differs from the address"),
        ([("content-length", "7")], b"x", "`content-length` cannot be sent: the body has another length"),
        ([("a", "b" * 70_000)], None, "the header fields have more than 65,536 bytes"),
    ],
)
def test_header_fields_that_belong_to_the_host_or_break_out_are_refused(
    headers: list[tuple[str, str]], body: bytes | None, said: str
) -> None:
    with serving() as server:
        request = {"headers": headers, "body": body}
        failure = refusal(Kind.INVALID_REQUEST, url=server.url, allow=[server.url], request=request)
        assert said in failure.message
        assert server.connections == 0


def test_header_fields_that_repeat_the_request_may_be_sent() -> None:
    with serving() as server, client(allow=[server.url]) as http:
        own = [("Host", f"127.0.0.1:{server.port}"), ("Content-Length", "3"), ("x-name", "Zoë")]
        http.send(Request("POST", server.url, own, b"tea"))
        (received,) = server.received
        assert received.headers == {"host": own[0][1], "content-length": "3", "x-name": "Zoë"}


def redirecting(status: str, location: str, then: bytes = OK) -> Any:
    """The answers of a server that leads from `/` to another address."""

    def answer(received: Received) -> bytes:
        return response(status, f"location: {location}") if received.line.split()[1] == "/" else then

    return answer


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        ("301 Moved", "POST", "GET"),
        ("302 Found", "POST", "GET"),
        ("302 Found", "PUT", "PUT"),
        ("303 See Other", "PUT", "GET"),
        ("303 See Other", "HEAD", "HEAD"),
        ("307 Temporary", "POST", "POST"),
        ("308 Permanent", "PUT", "PUT"),
    ],
)
def test_a_redirect_is_followed(status: str, method: str, then: str) -> None:
    with serving(redirecting(status, "/next")) as server, client(allow=[server.url]) as http:
        http.send(Request(method, server.url, [("content-type", "text/plain")], b"tea"))
        assert [each.line.split()[:2] for each in server.received] == [[method, "/"], [then, "/next"]]
        assert server.received[1].body == (b"tea" if then == method else b"")
        assert ("content-type" in server.received[1].headers) == (then == method)


def test_what_authorizes_a_guest_does_not_go_to_another_origin() -> None:
    with serving() as other, serving(redirecting("302 Found", f"{other.url}/next")) as server:
        with client(allow=[server.url, other.url]) as http:
            http.send(Request("GET", server.url, [("Authorization", "Bearer x"), ("cookie", "a=b"), ("x-one", "1")]))
        assert set(other.received[0].headers) == {"host", "x-one"}


def test_a_redirect_is_checked_as_a_request_is(names: dict[str, list[str]]) -> None:
    names["inside.example"] = ["127.0.0.1"]
    with serving() as other:
        for target in (other.url, f"http://inside.example:{other.port}/", f"http://[::ffff:127.0.0.1]:{other.port}/"):
            with serving(redirecting("302 Found", target)) as server:
                failure = refusal(Kind.DENIED, url=server.url, allow=[server.url, "http://inside.example:*"])
                assert "127" not in failure.message
                assert "inside" not in failure.message
        assert other.connections == 0


def test_a_redirect_to_something_else_than_http_is_refused() -> None:
    with serving(redirecting("302 Found", "file:///etc/passwd")) as server:
        refusal(Kind.INVALID_NAME, url=server.url, allow=[server.url])


def test_redirects_end() -> None:
    with serving(response("302 Found", "location: /")) as server:
        failure = refusal(Kind.OTHER, url=server.url, allow=[server.url], redirects=3)
        assert failure.message == "the server redirects more than 3 times"
        assert len(server.received) == 4
        with client(allow=[server.url], redirects=0) as http:
            assert http.send(Request("GET", server.url)).status == 302


def test_a_relative_address_goes_to_the_base() -> None:
    with serving() as server, client(base=f"{server.url}/v1/") as http:
        http.send(Request("GET", "orders?n=1"))
        assert server.received[0].line == "GET /v1/orders?n=1 HTTP/1.1"


def test_tls_needs_a_certificate_that_is_trusted_for_the_name(tmp_path: Path, names: dict[str, list[str]]) -> None:
    names["shop.example"], names["other.example"] = ["127.0.0.1"], ["127.0.0.1"]
    context, trusted = certified(tmp_path, "shop.example", "127.0.0.1")
    with serving(context=context) as server:
        settings = {"allow": ["https://*:*"], "private": ["127.0.0.1"]}
        with client(**settings, certificates=trusted) as http:
            for host in ("shop.example", "127.0.0.1"):
                assert http.send(Request("GET", f"https://{host}:{server.port}/")).body == b"hello"
        failure = refusal(Kind.PROTOCOL, url=f"https://shop.example:{server.port}/", **settings)
        assert failure.message == "a secure connection to the host cannot be made"
        url = f"https://other.example:{server.port}/"
        refusal(Kind.PROTOCOL, url=url, certificates=trusted, **settings)
        assert len(server.received) == 2


def test_certificates_are_read_when_the_backend_is_opened(tmp_path: Path) -> None:
    with pytest.raises(WitkitError) as refused:
        client(certificates=tmp_path / "none.pem").__enter__()
    assert refused.value.diagnostics[0].code == "WIT0802"


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as proxy, serving() as server:
        for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(variable, proxy.url)
        with client(allow=[server.url]) as http:
            http.send(Request("GET", server.url))
        assert (proxy.connections, server.connections) == (0, 1)


def test_a_proxy_of_the_settings_gets_the_requests_and_may_refuse_them() -> None:
    def answer(received: Received) -> bytes:
        return response("403 Forbidden") if received.line.startswith("CONNECT") else OK

    with serving(answer) as proxy, client(allow=["*"], proxy=f"http://u:w@127.0.0.1:{proxy.port}") as http:
        assert http.send(Request("GET", "http://shop.example/a")).body == b"hello"
        with pytest.raises(RefusedByProxy) as refused:
            http.send(Request("GET", "https://shop.example/"))
        assert refused.value.status == 403
        with pytest.raises(Failure, match="may not send requests"):
            http.send(Request("GET", "http://127.0.0.1/"))
        assert [each.line for each in proxy.received] == [
            "GET http://shop.example/a HTTP/1.1",
            "CONNECT shop.example:443 HTTP/1.1",
        ]
        assert all(each.headers["proxy-authorization"] == "Basic dTp3" for each in proxy.received)


@pytest.mark.parametrize("wrong", ["ftp://proxy.example", "http://", "http://proxy.example:x"])
def test_a_proxy_must_be_a_url(wrong: str) -> None:
    with pytest.raises(WitkitError, match="`proxy` is not the URL of a proxy"):
        client(proxy=wrong).__enter__()


def test_a_closed_client_says_so_and_ends_what_waits(caplog: pytest.LogCaptureFixture) -> None:
    arrived, kinds = threading.Event(), list[Kind]()

    def answer(received: Received) -> Iterator[bytes]:
        arrived.set()
        threading.Event().wait()
        yield b""

    def wait() -> None:
        with pytest.raises(Failure) as refused:
            http.send(Request("GET", server.url))
        kinds.append(refused.value.kind)

    with caplog.at_level(logging.WARNING), serving(answer) as server:
        with client(allow=[server.url]) as http:
            thread = threading.Thread(target=wait)
            thread.start()
            assert arrived.wait(60)
        thread.join(60)
        assert kinds == [Kind.CLOSED]
        with pytest.raises(Failure, match="the HTTP client has been closed"):
            http.send(Request("GET", server.url))
