"""Blob stores: what the backends promise."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.errors import fails_with
from tests.backends.objects.places import AZURE, S3, SERVICES, place
from tests.backends.opening import opened
from witkit.abi import drops
from witkit.backends.blob.memory import MemoryBlobs, MemorySettings
from witkit.backends.blob.protocol import CHUNK
from witkit.backends.fronts.spiderlightning.blob import Containers
from witkit.backends.limits import Limits
from witkit.backends.selector import Selector
from witkit.interfaces.blob_store import blob_store as api

NAMES = [
    *(
        "a/b",
        "..",
        "../up",
        ".",
        ".container",
        "%container",
        "nul\0",
        "con",
        "%2e",
        "%",
        "é",
        "key-a",
        "",
        " ",
        "A",
        "a",
    ),
    *("a//b", "/", "a/", "a/.", "a\\b", "x.", "\uffff", "😀", "?a=b&c#d", "n" * 800),
]
LONG = "\0é" * 341
"""Whose key is a hash in object stores."""


@pytest.fixture(params=["filesystem", "memory", *SERVICES])
def backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def settings(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """The settings for a place of the test's own."""
    (tmp_path / "blobs").mkdir()
    if backend in ("filesystem", "memory"):
        return {"path": tmp_path / "blobs"} if backend == "filesystem" else {}
    return place(backend, request)


@pytest.fixture
def blobs(backend: str, settings: dict[str, Any]) -> Iterator[api.BlobStore]:
    with opened("blob-store", backend, **settings) as found:
        yield found


@pytest.fixture
def photos(blobs: api.BlobStore) -> api.Container:
    return blobs.Container.open("photos")


def put(container: api.Container, name: str, *parts: bytes) -> None:
    stream = container.write_object(name)
    for part in parts:
        stream.write(part)
    stream.close()


def content(container: api.Container, name: str, size: int = 1 << 30) -> bytes:
    stream, parts = container.read_object(name), []
    while (part := stream.read(size)) is not None:
        parts.append(part)
    return b"".join(parts)


def test_an_object_is_read_as_it_was_written(photos: api.Container) -> None:
    put(photos, "cat", b"one ", b"", b"two")
    assert content(photos, "cat") == b"one two"
    assert content(photos, "cat", size=3) == b"one two"


def test_an_empty_object_is_an_object(photos: api.Container) -> None:
    put(photos, "cat")
    assert photos.has_object("cat")
    assert photos.read_object("cat").read(10) is None


def test_a_large_object_survives(photos: api.Container) -> None:
    data = bytes(range(256)) * 20_000
    put(photos, "cat", data[:3_000_000], data[3_000_000:])
    assert content(photos, "cat") == data


def test_one_read_gives_no_more_than_the_host_wants_to_hold(photos: api.Container) -> None:
    put(photos, "cat", bytes(CHUNK + 1))
    stream = photos.read_object("cat")
    assert len(stream.read(2**64 - 1) or b"") == CHUNK
    assert stream.available() == 1


def test_reading_nothing_is_not_the_end(photos: api.Container) -> None:
    put(photos, "cat", b"one")
    stream = photos.read_object("cat")
    assert stream.read(0) == b""
    assert stream.available() == 3


def test_available_counts_down(photos: api.Container) -> None:
    put(photos, "n" * 500, b"12345")
    stream = photos.read_object("n" * 500)
    assert [stream.available(), stream.read(2), stream.available()] == [5, b"12", 3]


def test_an_object_appears_when_its_stream_is_closed(photos: api.Container) -> None:
    put(photos, "cat", b"old")
    stream = photos.write_object("cat")
    stream.write(b"new")
    assert content(photos, "cat") == b"old"
    stream.close()
    assert content(photos, "cat") == b"new"


def drop(stream: Any) -> None:
    """What the runtime does when a guest drops its handle."""
    drops.notify(stream)


def test_a_stream_that_the_guest_drops_makes_the_object(photos: api.Container) -> None:
    stream = photos.write_object("cat")
    stream.write(b"new")
    drop(stream)
    assert content(photos, "cat") == b"new"


def test_a_stream_that_was_closed_does_nothing_when_it_is_dropped(photos: api.Container) -> None:
    stream = photos.write_object("cat")
    stream.close()
    put(photos, "cat", b"newer")
    drop(stream)
    assert content(photos, "cat") == b"newer"


def test_a_stream_that_nobody_ends_leaves_nothing(photos: api.Container, tmp_path: Path) -> None:
    stream = photos.write_object("cat")
    stream.write(b"new")
    del stream
    gc.collect()
    assert photos.list_objects() == []
    assert not list((tmp_path / "blobs").glob(".tmp-*"))


def test_a_closed_stream_takes_nothing_more(photos: api.Container) -> None:
    stream = photos.write_object("cat")
    stream.close()
    with fails_with(api.Error_UnexpectedError):
        stream.write(b"more")
    with fails_with(api.Error_UnexpectedError):
        stream.close()


def test_a_read_stream_shows_the_object_as_it_was(photos: api.Container) -> None:
    put(photos, "cat", b"old")
    put(photos, "dog", b"old")
    streams = photos.read_object("cat"), photos.read_object("dog")
    put(photos, "cat", b"new and longer")
    photos.delete_object("dog")
    assert [stream.read(100) for stream in streams] == [b"old", b"old"]


def test_a_missing_object_is_an_error_that_names_it(photos: api.Container) -> None:
    with fails_with(api.Error_UnexpectedError) as read:
        photos.read_object("cat")
    with fails_with(api.Error_UnexpectedError) as info:
        photos.object_info("cat")
    assert read == info == ["there is no object `cat`"]
    assert not photos.has_object("cat")


def test_deleting_a_missing_object_succeeds(photos: api.Container) -> None:
    put(photos, "cat", b"one")
    photos.delete_object("dog")
    photos.delete_objects(["cat", "dog", "cat"])
    assert photos.list_objects() == []


def test_names_of_any_kind_are_kept_apart(blobs: api.BlobStore, photos: api.Container, tmp_path: Path) -> None:
    for name in NAMES:
        put(photos, name, name.encode())
        put(blobs.Container.open(name), "cat", name.encode())
    assert photos.list_objects() == sorted(NAMES)
    assert [content(photos, name) for name in NAMES] == [name.encode() for name in NAMES]
    assert [content(blobs.Container.open(name), "cat") for name in NAMES] == [name.encode() for name in NAMES]
    assert [path.name for path in tmp_path.iterdir()] == ["blobs"]


@pytest.mark.parametrize("backend", ["filesystem", "memory", S3, AZURE])
def test_an_object_with_a_long_name_is_an_object_like_any_other(photos: api.Container) -> None:
    for name, data in ((LONG, b""), (LONG[:-1], b"one"), ("n" * 1024, bytes(6 << 20))):
        put(photos, name, data)
        assert content(photos, name) == data
    put(photos, LONG, b"two")
    assert photos.list_objects() == sorted([LONG, LONG[:-1], "n" * 1024])
    photos.delete_object(LONG)
    assert photos.list_objects() == sorted([LONG[:-1], "n" * 1024])


def test_a_container_of_any_length_has_a_place_of_its_own(blobs: api.BlobStore) -> None:
    for name in ("n" * 5000, "n" * 5001):
        put(blobs.Container.open(name), "cat", name.encode())
    assert content(blobs.Container.open("n" * 5000), "cat") == b"n" * 5000


def test_containers_of_different_names_share_nothing(blobs: api.BlobStore, photos: api.Container) -> None:
    put(photos, "cat", b"one")
    assert blobs.Container.open("Photos").list_objects() == []
    assert blobs.Container.open("photos").list_objects() == ["cat"]


def test_clear_removes_all_objects_and_leaves_the_container(photos: api.Container) -> None:
    for name in NAMES[::5]:
        put(photos, name, b"one")
    before = photos.info()
    photos.clear()
    assert photos.list_objects() == []
    assert photos.info() == before


def test_a_container_knows_its_name_and_age(blobs: api.BlobStore) -> None:
    began = int(time.time())
    container = blobs.Container.open("photos")
    assert container.name() == "photos"
    assert container.info().name == "photos"
    assert began - 2 <= container.info().created_at <= time.time() + 2


def test_an_object_knows_its_size_and_age(photos: api.Container) -> None:
    began = int(time.time())
    put(photos, "n" * 500, b"12345")
    info = photos.object_info("n" * 500)
    assert (info.name, info.container, info.size) == ("n" * 500, "photos", 5)
    assert began - 2 <= info.created_at <= time.time() + 2


@pytest.mark.parametrize("backend", ["filesystem", *SERVICES])
def test_objects_are_there_when_the_backend_is_opened_again(backend: str, settings: dict[str, Any]) -> None:
    with opened("blob-store", backend, **settings) as blobs:
        put(blobs.Container.open("photos"), "cat", b"one")
    with opened("blob-store", backend, **settings) as blobs:
        photos = blobs.Container.open("photos")
        assert photos.list_objects() == ["cat"]
        assert content(photos, "cat") == b"one"


@pytest.mark.parametrize("backend", SERVICES)
def test_a_name_beyond_the_limit_is_refused_before_anything_is_sent(backend: str, settings: dict[str, Any]) -> None:
    with opened("blob-store", backend, **settings) as blobs:
        photos = blobs.Container.open("photos")
        put(photos, "n" * 1024, b"one")
        uses: list[Any] = [
            lambda name: photos.write_object(name),
            lambda name: photos.read_object(name),
            lambda name: photos.has_object(name),
            lambda name: photos.delete_objects(["cat", name]),
        ]
        for use in uses:
            with fails_with(api.Error_UnexpectedError) as payload:
                use("n" * 1025)
            assert payload == ["the key has 1,025 bytes, and the limit is 1,024"]


def test_a_stream_beyond_the_limit_of_an_object_stores_nothing() -> None:
    blobs = MemoryBlobs(MemorySettings())
    blobs.limits = Limits(value=10)
    photos = Containers(Selector(blobs)).Container.open("photos")
    put(photos, "cat", b"12345", b"67890")
    stream = photos.write_object("cat")
    stream.write(b"1234567890")
    with fails_with(api.Error_UnexpectedError) as payload:
        stream.write(b"1")
    assert payload == ["the value has 11 bytes, and the limit is 10"]
    with fails_with(api.Error_UnexpectedError):
        stream.close()
    assert content(photos, "cat") == b"1234567890"


def test_a_lone_surrogate_is_an_error_of_the_interface(blobs: api.BlobStore, photos: api.Container) -> None:
    with fails_with(api.Error_UnexpectedError):
        photos.has_object("a\ud800")
    with fails_with(api.Error_UnexpectedError):
        blobs.Container.open("a\ud800")
