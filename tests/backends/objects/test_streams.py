"""Objects of many parts: what is stored, what is seen meanwhile, and how much memory it takes."""

from __future__ import annotations

import gc
import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.backends.objects.opened import blobs, content, fails, may_fail, put
from tests.backends.objects.places import AZURE, S3, SERVICES, place
from tests.sampled import every
from witkit.backends.failure import Kind
from witkit.backends.objects.reading import WINDOW
from witkit.backends.objects.writing import PART


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def settings(service: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    return {**place(service, request), "timeout": 30}


@pytest.mark.parametrize("sizes", [[PART], [PART + 1], [1, PART], [PART, PART, 1], [2 * PART + 3], [1 << 20] * 11])
def test_parts_are_put_together_in_their_order(service: str, settings: dict[str, Any], sizes: list[int]) -> None:
    parts = [bytes([number]) * size for number, size in enumerate(sizes, 1)]
    with blobs(service, settings) as photos:
        put(photos, "cat", *parts)
        assert content(photos, "cat") == b"".join(parts)
        info = photos.info("photos", "cat")
        assert info is not None
        assert info.size == sum(sizes)


def test_nobody_sees_an_object_before_it_is_committed(service: str, settings: dict[str, Any]) -> None:
    with blobs(service, settings) as photos:
        put(photos, "cat", b"old")
        writer = photos.write("photos", "cat")
        new = photos.write("photos", "dog")
        for each in (writer, new):
            each.write(bytes(2 * PART + 1))
        assert (content(photos, "cat"), photos.names("photos")) == (b"old", ["cat"])
        writer.commit()
        new.discard()
        assert photos.names("photos") == ["cat"]
        assert len(content(photos, "cat")) == 2 * PART + 1


def test_two_writers_of_one_object_are_never_mixed(service: str, settings: dict[str, Any]) -> None:
    """Azure refuses the later one, because the earlier one has removed its parts."""
    with blobs(service, settings) as photos:
        writers = [photos.write("photos", "cat") for _ in range(2)]
        for _ in range(3):
            for number, writer in enumerate(writers):
                writer.write(bytes([number]) * (PART - 1))
        for writer in writers:
            with may_fail(Kind.CONFLICT):
                writer.commit()
            found = content(photos, "cat")
            assert (len(found), len(set(found))) == (3 * PART - 3, 1)


def test_a_small_object_is_read_as_it_was_even_if_it_is_deleted(service: str, settings: dict[str, Any]) -> None:
    with blobs(service, settings) as photos:
        put(photos, "cat", b"old" * 100)
        reader = photos.read("photos", "cat")
        photos.delete("photos", ["cat"])
        assert reader.read(1000) == b"old" * 100


@pytest.mark.parametrize("change", ["replace", "delete"])
def test_a_large_object_that_changes_while_it_is_read_is_an_error(
    service: str, settings: dict[str, Any], change: str
) -> None:
    with blobs(service, settings) as photos:
        put(photos, "cat", b"1" * (WINDOW + 100))
        reader = photos.read("photos", "cat")
        assert reader.read(10) == b"1" * 10
        if change == "replace":
            put(photos, "cat", b"2" * (WINDOW + 100))
        else:
            photos.delete("photos", ["cat"])
        found = b""
        with fails(Kind.CONFLICT):
            while True:
                found += reader.read(1 << 20)
        assert found == b"1" * (WINDOW - 10)


@pytest.mark.s3
def test_what_is_discarded_leaves_no_upload_behind(s3_url: str, request: pytest.FixtureRequest) -> None:
    settings = place("s3", request)

    def uploads() -> int:
        with urllib.request.urlopen(f"{s3_url}/{settings['bucket']}?uploads") as answer:
            return int(answer.read().count(b"<UploadId>"))

    with blobs("s3", settings) as photos:
        for end in ("discard", "forget"):
            writer = photos.write("photos", "cat")
            for _ in range(3):
                writer.write(bytes(PART))
            assert uploads() == 1
            if end == "discard":
                writer.discard()
            del writer
            gc.collect()
            assert uploads() == 0
        assert photos.names("photos") == []


LARGE = """
import json, resource, sys
import witkit.backends

def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

with witkit.backends.open("blob-store", sys.argv[1], **json.loads(sys.argv[2])) as blobs:
    photos = blobs.Container.open("photos")
    first = photos.write_object("first")
    first.write(bytes(12 << 20))
    first.close()
    before = used()
    stream = photos.write_object("large")
    for number in range(int(sys.argv[3])):
        stream.write(bytes([number]) * (1 << 20))
    stream.close()
    stream = photos.read_object("large")
    for number in range(int(sys.argv[3])):
        size = 0
        while size < 1 << 20:
            part = stream.read((1 << 20) - size)
            assert set(part) == {number}
            size += len(part)
    assert stream.read(1) is None
    print(used() - before)
"""


@pytest.mark.parametrize("backend", ["filesystem", S3, AZURE])
def test_a_large_object_takes_the_memory_of_a_few_parts(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    settings = {"path": str(tmp_path)} if backend == "filesystem" else {**place(backend, request), "timeout": 30}
    mebibytes = 100 if every() == 1 else 60
    command = [sys.executable, "-c", LARGE, backend, json.dumps(settings), f"{mebibytes}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) < 40


KILLED = """
import json, sys
import witkit.backends

photos = witkit.backends.open("blob-store", sys.argv[1], **json.loads(sys.argv[2])).Container.open("photos")
stream = photos.write_object("cat")
for _ in range(int(sys.argv[3])):
    stream.write(bytes(1 << 20))
print("written", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("mebibytes", [1, 12])
def test_a_process_that_is_killed_in_the_middle_leaves_the_old_object(
    service: str, settings: dict[str, Any], mebibytes: int
) -> None:
    with blobs(service, settings) as photos:
        put(photos, "cat", b"good")
        command = [sys.executable, "-c", KILLED, service, json.dumps(settings), str(mebibytes)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert (content(photos, "cat"), photos.names("photos")) == (b"good", ["cat"])
