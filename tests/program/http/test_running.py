"""Servers: how they begin and end, TLS, and what they say about themselves."""

from __future__ import annotations

import http.client
import socket
import ssl
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.patience import eventually
from tests.program.http.certificates import locked, make
from tests.program.http.serving import ANYWHERE, Site, answer
from witkit.program.triggers.http.addresses import Address
from witkit.program.triggers.http.application import HttpApplication
from witkit.program.triggers.http.exchange import Endpoint, Request, Response
from witkit.program.triggers.http.running import Running, running
from witkit.program.triggers.http.server import Server
from witkit.program.triggers.http.settings import HttpSettings, Tls
from witkit.text import WitkitError


class Held:
    """A front without a guest. Its answer to `/held` waits until `let` is set."""

    def __init__(self) -> None:
        self.held, self.let = Event(), Event()

    def find(self, method: str, path: str) -> Endpoint:
        return Endpoint("held", path, self._answer)

    def _answer(self, request: Request) -> Response:
        if request.path == "/held":
            self.held.set()
            assert self.let.wait(60)
        return Response(200, (), b"done")


@contextmanager
def held(settings: HttpSettings, grace: float = 60.0) -> Iterator[tuple[Held, Running, Site]]:
    front = Held()
    application = HttpApplication(front, settings, calls=2, wait=60.0)
    with running(application, settings, ANYWHERE, grace) as found:
        yield front, found, Site(found.server, application, settings)
    front.let.set()
    application.close()


def ask_monitoring(found: Running, path: str) -> tuple[int, bytes]:
    assert found.monitoring is not None
    connection = http.client.HTTPConnection(found.monitoring.address.host, found.monitoring.address.port, timeout=60)
    connection.request("GET", path)
    got = answer(connection.getresponse())
    connection.close()
    return got.status, got.body


def test_a_stopped_server_finishes_what_it_answers_and_accepts_no_more() -> None:
    with held(HttpSettings(monitoring=ANYWHERE)) as (front, found, site):
        idle = site.connection()
        idle.request("GET", "/")
        idle.getresponse().read()
        connection = site.connection()
        connection.request("GET", "/held")
        assert front.held.wait(60)
        assert ask_monitoring(found, "/healthz") == (200, b"ok\n")
        stopping = Thread(target=found.server.stop, args=(60.0,))
        stopping.start()
        while site_accepts(site):
            pass
        assert ask_monitoring(found, "/healthz") == (503, b"stopping\n")
        front.let.set()
        response = connection.getresponse()
        assert (response.status, response.read(), response.getheader("connection")) == (200, b"done", "close")
        stopping.join(60)
        assert idle.sock is not None
        assert idle.sock.recv(1) == b""  # a connection without a request is closed at once
        idle.close()
        connection.close()


def site_accepts(site: Site) -> bool:
    try:
        site.open().close()
    except (ConnectionRefusedError, ConnectionResetError):  # reset if the server stops in the middle
        return False
    return True


def test_a_request_that_takes_longer_than_the_grace_is_answered_503() -> None:
    with held(HttpSettings(), grace=0.0) as (front, _, site):
        connection = site.connection()
        connection.request("GET", "/held")
        assert front.held.wait(60)
    assert connection.getresponse().status == 503
    connection.close()


def test_metrics_count_requests_by_route_and_not_by_path() -> None:
    with held(HttpSettings(monitoring=ANYWHERE)) as (_, found, site):
        for _ in range(3):
            assert site.ask("GET", "/one").status == 200
        site.ask("GET", "/two")
        wanted = b'witkit_http_requests_total{method="GET",route="/one",status="200"} 3.0'
        status, text = ask_monitoring(found, "/metrics")
        while wanted not in text:  # the last request may be counted after its response
            status, text = ask_monitoring(found, "/metrics")
        assert status == 200
        assert b'witkit_http_request_seconds_bucket{le="+Inf",route="/one"} 3.0' in text
        assert b"witkit_http_requests_running 0.0" in text
        assert ask_monitoring(found, "/else") == (404, b"Not Found\n")
        assert site.ask("GET", "/metrics").body == b"done"  # which is the guest's on its own port


def test_an_idle_client_with_tls_does_not_hold_up_the_end(tmp_path: Path) -> None:
    certificate, key = make(tmp_path)
    trusted = ssl.create_default_context(cafile=str(certificate))
    with (
        held(HttpSettings(tls=Tls(certificate, key))) as (_, found, site),
        trusted.wrap_socket(site.open(), server_hostname="127.0.0.1") as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
        began = time.monotonic()
        found.server.stop(60.0)
        assert time.monotonic() - began < 20.0  # asyncio would wait 30 seconds for the client's goodbye


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/else"])
def test_those_who_watch_only_read(path: str) -> None:
    with held(HttpSettings(monitoring=ANYWHERE)) as (_, found, _site):
        assert found.monitoring is not None
        watched = Site(found.monitoring, None)
        answer = watched.ask("POST", path, b"x")
        assert (answer.status, answer.header("allow"), answer.body) == (405, ["GET, HEAD"], b"Method Not Allowed\n")
        assert (watched.ask("HEAD", path).status == 200) == (path != "/else")


def test_figures_are_in_the_format_of_prometheus() -> None:
    odd = "/a\\c{}'=,"
    with held(HttpSettings(monitoring=ANYWHERE)) as (_, found, site):
        for _ in range(2):
            site.raw(f"GET {odd} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n".encode())
        assert eventually(lambda: samples(found).get(("witkit_http_requests_total", odd)) == 2.0)
        assert samples(found)["witkit_http_request_seconds_count", odd] == 2.0


def samples(found: Running) -> dict[tuple[str, str | None], float]:
    """The figures by name and route."""
    from prometheus_client.parser import text_string_to_metric_families

    families = text_string_to_metric_families(ask_monitoring(found, "/metrics")[1].decode())
    return {(each.name, each.labels.get("route")): each.value for family in families for each in family.samples}


def test_a_server_speaks_tls(tmp_path: Path) -> None:
    certificate, key = make(tmp_path)
    settings = HttpSettings(tls=Tls(certificate, key))
    with held(settings) as (_, found, _site):
        assert found.url == f"https://{found.server.address}"
        trusted = ssl.create_default_context(cafile=str(certificate))
        connection = http.client.HTTPSConnection(
            found.server.address.host, found.server.address.port, timeout=60, context=trusted
        )
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"done"
        connection.close()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("no certificate", "cannot read `certificate` of `[http.tls]`: no such file or directory"),
        ("no key", "cannot read `key` of `[http.tls]`: no such file or directory"),
        ("no PEM", "cannot use `certificate` and `key` of `[http.tls]`: "),
        ("a key with a password", "cannot use `certificate` and `key` of `[http.tls]`: "),
    ],
)
def test_files_for_tls_that_cannot_be_used_are_an_error_at_the_start(wrong: str, said: str, tmp_path: Path) -> None:
    certificate, key = make(tmp_path)
    match wrong:
        case "no certificate":
            certificate.unlink()
        case "no key":
            key.unlink()
        case "no PEM":
            key.write_text("nothing")
        case _:
            locked(key)
    with pytest.raises(WitkitError) as refused:
        Server(None, HttpSettings(tls=Tls(certificate, key)), ANYWHERE)
    assert refused.value.diagnostics[0].code == "WIT0916"
    assert refused.value.diagnostics[0].message.startswith(f"TLS is not possible: {said}")


def test_an_address_that_is_taken_is_an_error_at_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = Address("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(WitkitError) as refused:
            address.listen()
    assert str(address) in refused.value.diagnostics[0].message
    assert "in use" in refused.value.diagnostics[0].message


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may give all connections to one")
def test_servers_that_share_a_port_each_get_connections() -> None:
    settings, front = HttpSettings(reuse_port=True), Held()
    first = HttpApplication(front, settings, calls=1, wait=60.0)
    second = HttpApplication(front, settings, calls=1, wait=60.0)
    answered = Counter[str]()
    first.watch(lambda exchange: answered.update(["first"]))
    second.watch(lambda exchange: answered.update(["second"]))
    with running(first, settings, ANYWHERE, 60.0) as one, running(second, settings, one.server.address, 60.0) as other:
        site = Site(other.server, second, settings)
        assert {site.ask("GET", "/").status for _ in range(64)} == {200}
    assert answered.total() == 64
    assert answered.keys() == {"first", "second"}  # by chance only one is as likely as 64 coins on one side
    first.close()
    second.close()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:80", Address("127.0.0.1", 80)),
        ("[::1]:0", Address("::1", 0)),
        ("shop.test:65535", Address("shop.test", 65535)),
    ],
)
def test_an_address_is_a_host_and_a_port(text: str, address: Address) -> None:
    assert Address.parse(text) == address
    assert str(address) == text


@pytest.mark.parametrize("text", ["", "80", ":80", "a:b", "a:65536", "::1:80", "http://a:80", "a:80/", "a b:80", 80])
def test_other_texts_are_not(text: object) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        Address.parse(text)
