"""What servers of objects answer, as failures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.backends.objects import places
from tests.backends.objects.opened import fails, put
from witkit.backends.failure import Kind
from witkit.backends.objects.blobs import ObjectBlobs
from witkit.backends.objects.keyvalue import ObjectStores
from witkit.backends.objects.s3 import S3Settings, service
from witkit.backends.objects.writing import PART
from witkit.backends.settings import read


class Answering(BaseHTTPRequestHandler):
    """Answers every request with the status in the last part of the key."""

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(int(self.path.partition("?")[0].rpartition("/")[2]))
        self.send_header("content-length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_POST = do_PUT

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The URL of a server with this handler."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def answering() -> Iterator[str]:
    with serving(Answering) as url:
        yield url


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, Kind.DENIED),
        (403, Kind.DENIED),
        (408, Kind.TIMEOUT),
        (413, Kind.INVALID_VALUE),
        (418, Kind.IO),
        (429, Kind.OTHER),
        (500, Kind.IO),
        (501, Kind.UNSUPPORTED),
        (503, Kind.OTHER),
        (507, Kind.FULL),
    ],
)
def test_what_a_server_answers_becomes_a_kind_of_failure(answering: str, status: int, kind: Kind) -> None:
    shop = service(read(S3Settings, places.s3(answering, bucket="shop")))
    orders, photos = ObjectStores(shop), ObjectBlobs(shop)
    uses: list[Callable[[], Any]] = [
        lambda: orders.set("orders", f"{status}", b"1"),
        lambda: orders.get("orders", f"{status}"),
        lambda: put(photos, f"{status}", bytes(PART + 1)),
    ]
    for use in uses:
        with fails(kind) as failed:
            use()
        assert failed[0].message


class Unconditional(Answering):
    """An S3 that does not know conditions and says so."""

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        conditional = "if-match" in self.headers or "if-none-match" in self.headers
        self.send_response(501 if conditional else 200)
        self.send_header("etag", '"1"')
        self.send_header("content-length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        answer = b"<DeleteResult><Deleted><Key>any</Key></Deleted></DeleteResult>"
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


def test_a_server_that_does_not_know_conditions_gets_no_swaps() -> None:
    with serving(Unconditional) as url:
        orders = ObjectStores(service(read(S3Settings, places.s3(url, bucket="shop"))))
        orders.set("orders", "tea", b"1")
        for _ in range(2):
            with fails(Kind.UNSUPPORTED):
                orders.swap("orders", "tea", None, b"2")
