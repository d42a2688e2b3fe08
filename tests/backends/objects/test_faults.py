"""Object stores whose server is away, slow or refuses: what is raised, when, and what is there afterwards."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.backends.objects import places
from tests.backends.objects.opened import blobs, content, fails, may_fail, put, stores
from tests.backends.objects.places import AZURE, S3, place
from tests.services.azure import make_container
from tests.services.private.azure import ACCOUNT, PrivateAzure
from tests.services.private.s3 import PrivateS3
from tests.services.proxy import Proxy, proxy
from tests.services.s3 import make_bucket
from witkit.abi import Err
from witkit.backends.failure import Kind
from witkit.backends.fronts.spiderlightning.blob import Containers
from witkit.backends.objects.blobs import ObjectBlobs
from witkit.backends.objects.keyvalue import ObjectStores
from witkit.backends.objects.s3 import S3Settings
from witkit.backends.objects.s3 import service as s3_service
from witkit.backends.objects.writing import PART
from witkit.backends.route import Route
from witkit.backends.settings import read
from witkit.backends.table import CAPABILITIES
from witkit.text import WitkitError

AWAY = Kind.UNREACHABLE, Kind.TIMEOUT
TIMEOUT = 0.7


@pytest.fixture(params=[S3, AZURE])
def service(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def between(service: str, request: pytest.FixtureRequest) -> Iterator[Proxy]:
    """A proxy before the server."""
    with proxy(request.getfixturevalue(f"{service}_url")) as found:
        yield found


@pytest.fixture
def settings(service: str, between: Proxy, request: pytest.FixtureRequest) -> dict[str, Any]:
    """The settings for an empty bucket behind the proxy."""
    return {**place(service, request), "endpoint": between.url, "timeout": TIMEOUT}


def test_a_server_that_is_away_is_an_error_until_it_is_back(
    service: str, settings: dict[str, Any], between: Proxy
) -> None:
    with blobs(service, settings) as photos, stores(service, settings) as orders:
        put(photos, "cat", b"one")
        orders.set("orders", "tea", b"1")
        between.refuse()
        uses: list[Callable[[], Any]] = [
            lambda: put(photos, "cat", b"two"),
            lambda: photos.names("photos"),
            lambda: photos.read("photos", "cat"),
            lambda: photos.info("photos", "cat"),
            lambda: photos.delete("photos", ["cat"]),
            lambda: orders.set("orders", "tea", b"2"),
            lambda: orders.swap("orders", "tea", b"1", b"2"),
        ]
        for use in uses:
            with fails(*AWAY) as failed:
                use()
            assert "127.0.0.1" not in failed[0].message
            assert "127.0.0.1" in failed[0].detail
        between.pass_on()
        assert (content(photos, "cat"), orders.get("orders", "tea")) == (b"one", b"1")
        put(photos, "cat", b"two")
        assert orders.increment("orders", "tea", 1) == 2


def test_a_server_that_does_not_answer_is_a_timeout(service: str, settings: dict[str, Any], between: Proxy) -> None:
    with blobs(service, settings) as photos:
        put(photos, "cat", b"one")
        between.swallow()
        for use in (lambda: content(photos, "cat"), lambda: put(photos, "cat", b"two")):
            began = time.monotonic()
            with fails(Kind.TIMEOUT):
                use()
            assert time.monotonic() - began < TIMEOUT + 2
        between.pass_on()
        between.cut()
        assert content(photos, "cat") in (b"one", b"two")


def test_a_frozen_server_is_a_timeout_and_goes_on_when_it_is_thawed() -> None:
    with PrivateS3() as server:
        settings = places.s3(server.url, bucket=make_bucket(server.url), timeout=TIMEOUT)
        with blobs("s3", settings) as photos:
            put(photos, "cat", b"one")
            server.freeze()
            with fails(Kind.TIMEOUT):
                photos.names("photos")
            server.thaw()
            assert content(photos, "cat") == b"one"


def test_a_connection_that_is_cut_in_mid_answer_is_made_again_for_what_may_be_repeated(
    service: str, settings: dict[str, Any], between: Proxy
) -> None:
    data = bytes(range(256)) * 8000
    with blobs(service, settings) as photos, stores(service, settings) as orders:
        put(photos, "cat", data)
        for size in (10, 300_000):
            between.cut_after(size)
            with may_fail(*AWAY):
                assert content(photos, "cat") == data
        between.cut_after(10)
        orders.set("orders", "tea", b"1")
        assert orders.get("orders", "tea") == b"1"


def test_a_swap_that_is_cut_off_is_not_repeated(service: str, settings: dict[str, Any], between: Proxy) -> None:
    with stores(service, settings) as orders:
        assert orders.increment("orders", "count", 1) == 1
        for _ in range(5):
            before = int(orders.get("orders", "count") or b"")
            between.cut_after(700)  # in the answer to the read, or to the write
            with may_fail(*AWAY):
                orders.increment("orders", "count", 1)
            between.pass_on()
            assert int(orders.get("orders", "count") or b"") - before <= 1


def test_a_stream_whose_server_goes_away_fails_and_the_old_object_stays(
    service: str, settings: dict[str, Any], between: Proxy
) -> None:
    with blobs(service, settings) as photos:
        put(photos, "cat", b"good")
        writer = photos.write("photos", "cat")
        writer.write(bytes(PART + 1))
        between.refuse()
        with fails(*AWAY):
            for _ in range(10):
                writer.write(bytes(PART))
            writer.commit()
        writer.discard()
        between.pass_on()
        assert content(photos, "cat") == b"good"


def test_azure_has_what_it_acknowledged_after_it_was_stopped() -> None:
    with PrivateAzure() as server:
        settings = places.azure(server.url, container=make_container(server.url), timeout=TIMEOUT)
        with blobs("azure", settings) as photos:
            put(photos, "cat", b"one")
            writer = photos.write("photos", "dog")
            writer.write(b"bark")
            server.stop()
            with fails(*AWAY):
                writer.commit()
            writer.discard()
            server.start()
            assert (photos.names("photos"), content(photos, "cat")) == (["cat"], b"one")
            put(photos, "dog", b"bark")


class StrictS3(PrivateS3):
    """It knows no access key, and refuses what is signed with another one."""

    def __init__(self) -> None:
        super().__init__()
        self.environment = {**self.environment, "INITIAL_NO_AUTH_ACTION_COUNT": "0"}


@pytest.fixture(scope="module")
def strict() -> Iterator[StrictS3]:
    with StrictS3() as server:
        yield server


def refused(name: str, settings: dict[str, Any]) -> str:
    """What opening says, in less than the time limit and a bit."""
    began = time.monotonic()
    with pytest.raises(WitkitError) as caught, blobs(name, {"timeout": TIMEOUT, **settings}):
        pass
    assert time.monotonic() - began < TIMEOUT + 2
    (found,) = caught.value.diagnostics
    assert found.code == "WIT0802"
    return found.message


def test_wrong_credentials_are_refused_when_the_backend_is_opened(
    strict: StrictS3, azure_url: str, azure_container: str
) -> None:
    wrong = {"access-key": "AKIAWRONG", "secret-key": "planted/secret"}
    said = refused("s3", {**places.s3(strict.url, bucket="shop"), **wrong})
    assert "the server refuses the credentials" in said
    assert "planted" not in said
    said = refused("s3", {**places.s3(strict.url), **wrong})
    assert "the server refuses the credentials" in said
    key = "cGxhbnRlZCBzZWNyZXQ="
    for wrong_key in (key, "no base64"):
        said = refused("azure", {**places.azure(azure_url, container=azure_container), "key": wrong_key})
        assert "the server refuses the credentials" in said
        assert wrong_key not in said


def test_a_shared_access_signature_is_in_no_message(
    azure_url: str, azure_container: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = "sv=2021-08-06&ss=b&srt=sco&sp=rwdlac&se=2030-01-01T00:00:00Z&sig=cGxhbnRlZA%3D%3D"
    settings = {"endpoint": azure_url, "account": ACCOUNT, "container": azure_container, "sas-token": token}
    assert "cGxhbnRlZA" not in refused("azure", settings)
    backend = CAPABILITIES["blob-store"].backend("azure")
    opened: Any = backend.opened(read(backend.settings, settings))
    with pytest.raises(Err) as caught:
        Containers(Route(opened)).Container.open("photos")
    assert "the server refuses the credentials" in caplog.text
    assert "cGxhbnRlZA" not in f"{caught.value} {caplog.text} {''.join(traceback.format_exception(caught.value))}"


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
    service = s3_service(read(S3Settings, places.s3(answering, bucket="shop")))
    orders, photos = ObjectStores(service), ObjectBlobs(service)
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
        orders = ObjectStores(s3_service(read(S3Settings, places.s3(url, bucket="shop"))))
        orders.set("orders", "tea", b"1")
        for _ in range(2):
            with fails(Kind.UNSUPPORTED):
                orders.swap("orders", "tea", None, b"2")


def test_a_server_that_is_out_of_reach_is_reported_when_the_backend_is_opened() -> None:
    nowhere = "http://127.0.0.1:1"
    for name, settings in (
        ("s3", places.s3(nowhere, bucket="shop")),
        ("azure", places.azure(nowhere, container="shop")),
        ("gcs", places.gcs(nowhere, bucket="shop")),
        ("s3", places.s3(nowhere)),
    ):
        assert "the server cannot be reached" in refused(name, settings)
    assert "the server cannot be reached" in refused("s3", places.s3("https://host.invalid", bucket="shop"))


@pytest.mark.parametrize("service", [S3, AZURE], indirect=True)
def test_a_bucket_that_does_not_exist_is_reported_when_the_backend_is_opened(
    service: str, request: pytest.FixtureRequest
) -> None:
    bucket = {"container" if service == "azure" else "bucket": "no-such-bucket"}
    assert "there is no bucket for the container" in refused(service, {**place(service, request), **bucket})
