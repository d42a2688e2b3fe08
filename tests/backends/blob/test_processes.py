"""Several real processes that write and read the same objects."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backends.blob.test_contract import content
from tests.backends.objects.places import AZURE, S3, place
from tests.backends.opening import opened
from tests.sampled import crowd

WORK = """
import json, sys
import witkit.backends

own, size = sys.argv[3].encode(), 100_000
with witkit.backends.open("blob-store", sys.argv[1], **json.loads(sys.argv[2])) as blobs:
    photos = blobs.Container.open("photos")
    for number in range(5):
        for name in ("shared", f"{sys.argv[3]}/{number}"):
            with_parts = photos.write_object(name)
            for _ in range(4):
                with_parts.write(own * (size // 4))
            with_parts.close()
        found, stream = b"", photos.read_object("shared")
        while (part := stream.read(size)) is not None:
            found += part
        assert (len(found), len(set(found))) == (size, 1), "the object is torn"
"""


@pytest.mark.parametrize(
    ("backend", "count"),
    [("filesystem", 8), pytest.param(*S3.values, 3, marks=S3.marks), pytest.param(*AZURE.values, 3, marks=AZURE.marks)],
)
def test_processes_never_see_a_torn_object_and_lose_none(
    backend: str, count: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    settings = {"path": str(tmp_path)} if backend == "filesystem" else {**place(backend, request), "timeout": 30}
    command = [sys.executable, "-c", WORK, backend, json.dumps(settings)]
    owns = range(crowd(count))
    processes = [subprocess.Popen([*command, f"{own}"], stderr=subprocess.PIPE, text=True) for own in owns]
    for process in processes:
        _, complaints = process.communicate(timeout=120)
        assert (process.returncode, complaints) == (0, "")
    with opened("blob-store", backend, **settings) as blobs:
        photos = blobs.Container.open("photos")
        assert photos.list_objects() == sorted([*(f"{p}/{n}" for p in owns for n in range(5)), "shared"])
        assert content(photos, "0/4") == b"0" * 100_000
