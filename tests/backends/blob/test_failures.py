"""A write stream that failed once stores nothing, whatever is done with it afterwards."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.blob.test_contract import content, drop, put
from tests.backends.disks import small_disk
from tests.backends.errors import fails_with
from tests.backends.opening import opened
from tests.full_disk import files_up_to
from witkit.backends.drafts import ABANDONED_AFTER
from witkit.backends.fronts.spiderlightning.blob import NotStored
from witkit.interfaces.blob_store import blob_store as api


@pytest.fixture
def photos(tmp_path: Path) -> Iterator[api.Container]:
    with opened("blob-store", "filesystem", path=tmp_path / "blobs") as blobs:
        photos = blobs.Container.open("photos")
        put(photos, "cat", b"good")
        yield photos


def is_as_before(photos: api.Container, root: Path) -> bool:
    gc.collect()
    return content(photos, "cat") == b"good" and photos.list_objects() == ["cat"] and not list(root.rglob(".tmp-*"))


@pytest.mark.parametrize("parts", [[100_000], [100, 100_000], [9_000, 9_000]], ids=str)
def test_a_stream_with_a_write_that_failed_fails_at_close(
    photos: api.Container, tmp_path: Path, parts: list[int]
) -> None:
    stream = photos.write_object("cat")
    with files_up_to(10_000):
        for part in parts[:-1]:
            stream.write(bytes(part))
        with fails_with(api.Error_UnexpectedError):
            stream.write(bytes(parts[-1]))
    uses: list[Callable[[], None]] = [lambda: stream.write(b"more"), stream.close, stream.close]
    for use in uses:
        with fails_with(api.Error_UnexpectedError):
            use()
    assert is_as_before(photos, tmp_path)


def test_the_errors_after_a_failure_say_what_it_was(photos: api.Container) -> None:
    stream = photos.write_object("cat")
    with files_up_to(10_000), fails_with(api.Error_UnexpectedError) as first:
        stream.write(bytes(100_000))
    with fails_with(api.Error_UnexpectedError) as then:
        stream.close()
    assert (first, then) == (["File too large"], ["the stream failed before: File too large"])


def test_what_is_left_in_the_buffer_fails_at_close(photos: api.Container, tmp_path: Path) -> None:
    stream = photos.write_object("cat")
    with files_up_to(10):
        stream.write(bytes(100))
        with fails_with(api.Error_UnexpectedError):
            stream.close()
    assert is_as_before(photos, tmp_path)


def test_a_stream_that_failed_stores_nothing_when_it_is_dropped(photos: api.Container, tmp_path: Path) -> None:
    stream = photos.write_object("cat")
    with files_up_to(10_000), fails_with(api.Error_UnexpectedError):
        stream.write(bytes(100_000))
    drop(stream)
    assert is_as_before(photos, tmp_path)


def test_a_dropped_stream_that_cannot_be_stored_stops_the_guest(photos: api.Container, tmp_path: Path) -> None:
    stream = photos.write_object("cat")
    with files_up_to(10):
        stream.write(bytes(100))
        with pytest.raises(NotStored, match="was not stored: File too large"):
            drop(stream)
    assert is_as_before(photos, tmp_path)


def test_on_a_full_disk_the_old_object_stays_and_can_be_deleted(tmp_path: Path) -> None:
    with small_disk(tmp_path, 512) as disk, opened("blob-store", "filesystem", path=disk) as blobs:
        photos = blobs.Container.open("photos")
        put(photos, "cat", b"good")
        stream = photos.write_object("cat")
        stream.write(bytes(300_000))
        with fails_with(api.Error_UnexpectedError) as payload:
            stream.write(bytes(300_000))
        assert payload == ["No space left on device"]
        (disk / "other").write_bytes(bytes(1000))  # what the stream had taken is free again
        with fails_with(api.Error_UnexpectedError):
            stream.close()
        assert is_as_before(photos, disk)
        photos.delete_object("cat")
        assert photos.list_objects() == []


@pytest.mark.parametrize("removed", ["container-photos", "."])
def test_a_container_that_was_removed_is_an_error_that_does_not_name_it(
    photos: api.Container, tmp_path: Path, removed: str
) -> None:
    open_before = photos.write_object("dog")
    open_before.write(b"bark")
    shutil.rmtree(tmp_path / "blobs" / removed)
    payloads: list[list[str]] = []
    uses: list[Any] = [
        open_before.close,
        lambda: put(photos, "dog", b"bark"),
        photos.list_objects,
        lambda: photos.read_object("cat"),
        lambda: photos.object_info("cat"),
        lambda: photos.has_object("cat"),
        lambda: photos.delete_object("cat"),
        photos.clear,
        photos.info,
    ]
    for use in uses:
        with fails_with(api.Error_UnexpectedError) as payload:
            use()
        payloads.append(payload)
    assert payloads == [["the container has been removed"]] * len(uses)


def test_a_container_that_was_removed_can_be_opened_again(tmp_path: Path) -> None:
    with opened("blob-store", "filesystem", path=tmp_path / "blobs") as blobs:
        blobs.Container.open("photos")
        shutil.rmtree(tmp_path / "blobs" / "container-photos")
        put(blobs.Container.open("photos"), "cat", b"good")
        shutil.rmtree(tmp_path / "blobs")
        with fails_with(api.Error_UnexpectedError) as payload:
            blobs.Container.open("photos")
    assert payload == ["the folder of the containers has been removed"]


def test_a_folder_that_was_renamed_takes_nothing_more(photos: api.Container, tmp_path: Path) -> None:
    stream = photos.write_object("cat")
    (tmp_path / "blobs").rename(tmp_path / "elsewhere")
    stream.write(b"new")
    with fails_with(api.Error_UnexpectedError):
        stream.close()
    assert (tmp_path / "elsewhere" / "container-photos" / "key-cat").read_bytes() == b"good"


@pytest.mark.parametrize("replaced", [False, True])
def test_a_draft_that_somebody_removed_or_replaced_is_reported(
    replaced: bool, photos: api.Container, tmp_path: Path
) -> None:
    stream = photos.write_object("dog")
    for draft in (tmp_path / "blobs").glob(".tmp-*"):
        draft.unlink()
        if replaced:
            draft.write_bytes(b"not what the guest wrote")
    with fails_with(api.Error_UnexpectedError) as payload:
        stream.close()
    assert payload == ["what was written has been removed"]
    assert not photos.has_object("dog")


def test_an_object_that_is_cut_off_while_it_is_read_is_an_error(photos: api.Container, tmp_path: Path) -> None:
    put(photos, "cat", bytes(200_000))
    stream = photos.read_object("cat")
    stream.read(10)
    os.truncate(tmp_path / "blobs" / "container-photos" / "key-cat", 100)
    with fails_with(api.Error_UnexpectedError) as payload:
        while stream.read(50_000) is not None:
            pass
    assert payload == ["the object has been cut off"]


OTHER = """
import sys, witkit.backends
witkit.backends.open("blob-store", path=sys.argv[1]).close()
"""


def test_a_stream_that_is_idle_for_long_is_left_alone_by_other_processes(photos: api.Container, tmp_path: Path) -> None:
    stream = photos.write_object("dog")
    stream.write(b"bark")
    (draft,) = (tmp_path / "blobs").glob(".tmp-*")
    long_ago = draft.stat().st_mtime - ABANDONED_AFTER - 100
    os.utime(draft, (long_ago, long_ago))
    subprocess.run([sys.executable, "-c", OTHER, str(tmp_path / "blobs")], check=True)
    stream.write(b"bark")
    stream.close()
    assert content(photos, "dog") == b"barkbark"


KILLED = """
import os, sys, witkit.backends
photos = witkit.backends.open("blob-store", path=sys.argv[1]).Container.open("photos")
stream = photos.write_object("cat")
stream.write(bytes(100_000))
print("written", flush=True)
sys.stdin.read()
"""


def test_a_process_that_is_killed_in_the_middle_leaves_the_old_object(photos: api.Container, tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "blobs")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"written\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert content(photos, "cat") == b"good"
    (draft,) = (tmp_path / "blobs").glob(".tmp-*")
    long_ago = draft.stat().st_mtime - ABANDONED_AFTER - 100
    os.utime(draft, (long_ago, long_ago))
    subprocess.run([sys.executable, "-c", OTHER, str(tmp_path / "blobs")], check=True)
    assert is_as_before(photos, tmp_path / "blobs")


def test_what_objects_in_memory_hold_is_bounded() -> None:
    with opened("blob-store", "memory", memory=100_000) as blobs:
        photos = blobs.Container.open("photos")
        put(photos, "cat", bytes(50_000))
        stream = photos.write_object("cat")
        stream.write(bytes(40_000))
        with fails_with(api.Error_UnexpectedError) as payload:
            stream.write(bytes(40_000))
        with fails_with(api.Error_UnexpectedError):
            stream.close()
        assert payload == ["its memory of 100,000 bytes is full"]
        for _ in range(10):
            put(photos, "cat", bytes(40_000))
            photos.write_object("dog").write(bytes(40_000))
            gc.collect()
        assert len(content(photos, "cat")) == 40_000
        photos.clear()
        put(photos, "dog", bytes(90_000))
