"""A stream of a blob store that is not closed: what is stored, of a component and of the same guest under Python."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from tests.backends.disks import fill, small_disk
from tests.run.conftest import Guest, Witkit
from tests.run.projects import project

CAT = Path(".witkit/blobs/container-photos/key-cat")

WORLD = """
world blobs {
  import spiderlightning:blob-store/blob-store@0.5.1;
  export drop: func(size: u32);
  export keep: func();
  export trap: func();
}
"""

APP = """
import wit_world
from wit_world.imports import blob_store

kept = []

def begun(size):
    stream = blob_store.Container.open("photos").write_object("cat")
    stream.write(b"meow".ljust(size, b"."))
    return stream

class WitWorld(wit_world.WitWorld):
    def drop(self, size):
        stream = begun(size)

    def keep(self):
        kept.append(begun(4))

    def trap(self):
        stream = begun(4)
        raise ValueError("no")
"""


@pytest.fixture(params=["component", "native"])
def program(request: pytest.FixtureRequest, guest: Guest, tmp_path: Path) -> Path:
    return guest("blobs") if request.param == "component" else project(tmp_path, WORLD, APP, "blob-store")


def test_a_stream_that_is_dropped_stores_its_object(witkit: Witkit, program: Path, tmp_path: Path) -> None:
    assert witkit("run", "--invoke", "drop", program, "4").code == 0
    assert (tmp_path / CAT).read_bytes() == b"meow"


@pytest.mark.parametrize(("function", "code"), [("keep", 0), ("trap", 1)])
def test_a_stream_that_the_guest_holds_when_it_ends_or_traps_stores_nothing(
    witkit: Witkit, program: Path, tmp_path: Path, function: str, code: int
) -> None:
    assert witkit("run", "-q", "--invoke", function, program).code == code
    assert not (tmp_path / CAT).exists()
    gc.collect()  # what the guest's module held, if it ran in this process
    assert not list((tmp_path / ".witkit" / "blobs").glob(".tmp-*"))


def test_a_dropped_stream_that_cannot_be_stored_is_an_error(witkit: Witkit, program: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path, 64) as disk:
        run = ("run", "-q", "--set", f"blob-store.path={disk}", "--invoke", "drop", program)
        assert witkit(*run, "4").code == 0
        fill(disk)
        outcome = witkit(*run, "100")
        assert (disk / "container-photos" / "key-cat").read_bytes() == b"meow"
    assert outcome.code == 1
    said = "error[WIT0809]: the backend for blob-store failed in `[drop]write-stream`: NotStored: "
    assert said + "an object that the guest wrote was not stored: No space left on device" in outcome.err


def test_a_dropped_stream_with_a_write_that_failed_stores_nothing(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    with small_disk(tmp_path, 64) as disk:
        run = ("run", "-q", "--set", f"blob-store.path={disk}", "--invoke", "drop", guest("blobs"))
        witkit(*run, "4")
        outcome = witkit(*run, "100000")
        assert (outcome.code, outcome.err) == (0, "")  # the guest got the error and continued
        assert (disk / "container-photos" / "key-cat").read_bytes() == b"meow"
