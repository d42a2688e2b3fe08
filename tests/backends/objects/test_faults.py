"""Object stores whose server is away or slow: what is raised, when, and what is there afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.backends.errors import AWAY
from tests.backends.objects import places
from tests.backends.objects.opened import blobs, content, fails, may_fail, put, stores
from tests.backends.objects.places import AZURE, S3, place
from tests.patience import LONG
from tests.services.azure import make_container
from tests.services.private.azure import PrivateAzure
from tests.services.private.s3 import PrivateS3
from tests.services.proxy import Proxy, proxy
from tests.services.s3 import make_bucket
from witkit.backends.failure import Kind
from witkit.backends.objects.writing import PART

TIMEOUT = 3.0
"""The time limit for a server that does not answer."""

PATIENT = 30.0
"""The time limit for all others, also on a busy machine."""


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
    return {**place(service, request), "endpoint": between.url, "timeout": PATIENT}


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
    with blobs(service, settings) as photos, blobs(service, {**settings, "timeout": TIMEOUT}) as hasty:
        put(photos, "cat", b"one")
        between.swallow()
        for use in (lambda: content(hasty, "cat"), lambda: put(hasty, "cat", b"two")):
            began = time.monotonic()
            with fails(Kind.TIMEOUT):
                use()
            assert time.monotonic() - began < LONG
        between.pass_on()
        between.cut()
        assert content(photos, "cat") in (b"one", b"two")


def test_a_frozen_server_is_a_timeout_and_goes_on_when_it_is_thawed() -> None:
    with PrivateS3() as server:
        settings = places.s3(server.url, bucket=make_bucket(server.url), timeout=PATIENT)
        with blobs("s3", settings) as photos, blobs("s3", {**settings, "timeout": TIMEOUT}) as hasty:
            put(photos, "cat", b"one")
            server.freeze()
            with fails(Kind.TIMEOUT):
                hasty.names("photos")
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
        settings = places.azure(server.url, container=make_container(server.url), timeout=PATIENT)
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
