"""Several real processes on one storage, and processes that die in the middle of their work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backends.errors import fails_with
from tests.backends.keyvalue.backends import Backend, backend_in
from tests.sampled import crowd
from witkit.interfaces.keyvalue import keyvalue as kv

OPEN = """
import json, sys
from contextlib import ExitStack
from witkit.backends.connect import Choice
from witkit.backends.fronts.spiderlightning.keyvalue import Stores
from witkit.backends.openings import Openings
from witkit.backends.selector import Selector
from witkit.backends.table import CAPABILITIES

stack = ExitStack()
spoken = Openings(stack).open(CAPABILITIES["key-value"], Choice(sys.argv[1], json.loads(sys.argv[2])))
store = Stores(Selector(spoken)).Keyvalue.open("orders")
"""

COUNT = """
for number in range(int(sys.argv[4])):
    store.set(f"{sys.argv[3]}/{number}", str(number).encode())
    store.set("shared", sys.argv[3].encode() * 1000)
    assert len(set(store.get("shared"))) == 1
"""

INCREMENT = """
for number in range(int(sys.argv[3])):
    spoken.increment("orders", "count", 1)
stack.close()
"""

FORK = """
import os, sys
spoken.set("orders", "book", b"1")
child = os.fork()
if not child:
    assert spoken.get("orders", "book") == b"1"
    spoken.set("orders", "child", b"2")
    os._exit(0)
for number in range(50):
    assert spoken.get("orders", "book") == b"1"
assert os.waitpid(child, 0)[1] == 0
assert spoken.get("orders", "child") == b"2"
stack.close()
"""

ACKNOWLEDGE = """
number = 0
while True:
    key, value = (f"{number}", b"%d" % number * 500) if number % 2 else ("k" * 300 + f"{number}", b"%d" % number)
    store.set(key, value)
    store.set("last", b"%d" % number)
    if number >= 3:
        store.delete("1")
    print(number, flush=True)
    number += 1
"""


def settings_of(backend: Backend) -> str:
    return json.dumps({name: str(value) for name, value in backend.settings.items()})


def started(backend: Backend, script: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OPEN + script, backend.name, settings_of(backend), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_that_begin_at_once_lose_nothing(kept: Backend) -> None:
    processes = [started(kept, COUNT, str(number), "15") for number in range(3)]
    for process in processes:
        _, complaints = process.communicate(timeout=120)
        assert (process.returncode, complaints) == (0, "")
    with kept.opened() as stores:
        store = stores.Keyvalue.open("orders")
        assert store.keys() == sorted([*(f"{p}/{n}" for p in range(3) for n in range(15)), "shared"])
        assert len(set(store.get("shared"))) == 1


def test_many_processes_count_without_losing_one(kept: Backend) -> None:
    count, writers = kept.times(25), crowd(8)
    processes = [started(kept, INCREMENT, str(count)) for _ in range(writers)]
    for process in processes:
        _, complaints = process.communicate(timeout=120)
        assert (process.returncode, complaints) == (0, "")
    with kept.spoken() as spoken:
        spoken.create("orders")
        assert spoken.get("orders", "count") == b"%d" % (writers * count)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_of_a_fork_has_a_connection_of_its_own(server: Backend) -> None:
    process = started(server, FORK)
    _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (0, "")


def test_a_process_sees_what_another_has_just_stored(kept: Backend) -> None:
    with kept.opened() as stores:
        store = stores.Keyvalue.open("orders")
        store.set("book", b"before")
        done = subprocess.run(
            [sys.executable, "-c", OPEN + "store.set('book', b'after')", kept.name, settings_of(kept)],
            check=True,
            timeout=60,
        )
        assert done.returncode == 0
        assert store.get("book") == b"after"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("acknowledged", [1, 12])
def test_a_killed_process_loses_nothing_that_was_acknowledged(kept: Backend, acknowledged: int) -> None:
    process = started(kept, ACKNOWLEDGE)
    assert process.stdout
    last = max(int(process.stdout.readline()) for _ in range(acknowledged))
    process.send_signal(signal.SIGKILL)
    last = max([last, *map(int, process.stdout.read().split())])
    process.wait(timeout=60)
    with kept.opened() as stores:
        store = stores.Keyvalue.open("orders")
        assert int(store.get("last")) >= last
        for number in range(0, last + 1, 2):
            assert store.get("k" * 300 + f"{number}") == b"%d" % number
        for number in range(3, last + 1, 2):
            assert store.get(f"{number}") == b"%d" % number * 500
        if last >= 3:
            with fails_with(kv.KeyvalueError_KeyNotFound):
                store.get("1")


def test_a_writer_that_died_leaves_no_key_behind(tmp_path: Path) -> None:
    durable = backend_in("filesystem", tmp_path)
    with durable.opened() as stores:
        stores.Keyvalue.open("orders").set("book", b"2")
        (tmp_path / "stores" / ".tmp-1-2").write_bytes(b"half")
        assert stores.Keyvalue.open("orders").keys() == ["book"]
