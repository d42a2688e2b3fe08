"""Signals that end a program: the exit code says which, and what the guest has written so far is there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import IO

import pytest

from tests.run.conftest import Guest, Witkit
from tests.run.plugins import install, memory
from tests.run.projects import project
from witkit.program.ending import GRACE, Ending, ended_in_order
from witkit.program.temporary import temporary_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

WORLD = """
world app {
  import spiderlightning:keyvalue/keyvalue@0.5.1;
  import spiderlightning:blob-store/blob-store@0.5.1;
  export wait: func();
}
"""

APP = """
import sys, time
import wit_world
from wit_world.imports import blob_store, keyvalue

class WitWorld(wit_world.WitWorld):
    def wait(self):
        store = keyvalue.Keyvalue.open("orders")
        store.set("tea", b"1")
        stream = blob_store.Container.open("photos").write_object("cat")
        stream.write(b"half")
        sys.stdout.write("written")
        try:
            sys.stderr.write("ready\\n")
            time.sleep(600)
        except Exception:
            pass
        finally:
            sys.stdout.write(" and ended")
        time.sleep(600)
"""

CALLING_WORLD = """
world app {
  import spiderlightning:keyvalue/keyvalue@0.5.1;
  export call: func();
}
"""
CALLING = """
import wit_world
from wit_world.imports import keyvalue

class WitWorld(wit_world.WitWorld):
    def call(self):
        store = keyvalue.Keyvalue.open("counter")
        store.set("runs", b"1")
        print("holding", flush=True)
        while True:
            try:
                store.get("runs")
            except Exception:
                pass
"""

SIGNALS = [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)]


def started(folder: Path, *arguments: str | Path, stdin: int | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "witkit", "run", "-q", *map(str, arguments)]
    environment = {**os.environ, "WITKIT_CACHE_DIR": str(folder / "cache")}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for(output: IO[str] | None, line: str) -> None:
    assert output
    while (said := output.readline()) != line:
        assert said, "the program has ended"


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_guest_under_python_ends_as_a_component_does(number: signal.Signals, code: int, tmp_path: Path) -> None:
    process = started(tmp_path, "--invoke", "wait", project(tmp_path, WORLD, APP, "keyvalue", "blob-store"))
    wait_for(process.stderr, "ready\n")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (code, "written and ended", "")
    data = tmp_path / ".witkit"
    assert not (data / "key-value.db-wal").exists()  # which SQLite removes when it is closed
    assert [file.name for file in (data / "blobs").rglob("*") if file.is_file()] == [".container"]


@pytest.mark.thorough
def test_a_backend_that_is_being_opened_does_not_stop_a_signal(
    guest: Guest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = "import sys, time; sys.stderr.write('ready\\n'); sys.stderr.flush(); time.sleep(600)"
    install(tmp_path, memory(open=hangs))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    app = project(tmp_path, WORLD, APP, "keyvalue", "blob-store")
    process = started(tmp_path, "--key-value", "remote", "--invoke", "wait", app)
    wait_for(process.stderr, "ready\n")
    process.terminate()
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 143


@pytest.mark.parametrize("function", ["spin", "call", "read"])
@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_component_stops_and_its_backends_are_closed(
    number: signal.Signals, code: int, function: str, guest: Guest, tmp_path: Path
) -> None:
    read, write = os.pipe()  # what `read` waits for
    process = started(tmp_path, "--invoke", function, guest("holding"), stdin=read)
    wait_for(process.stdout, "holding\n")
    os.close(read)
    assert (tmp_path / ".witkit" / "key-value.db-wal").exists()
    process.send_signal(number)
    assert process.communicate(timeout=60) == ("", "")
    os.close(write)
    assert process.returncode == code
    assert not (tmp_path / ".witkit" / "key-value.db-wal").exists()


def test_ctrl_c_ends_a_program_that_computes_without_end(guest: Guest, tmp_path: Path) -> None:
    process = started(tmp_path, guest("spinning"))
    wait_for(process.stdout, "spinning\n")
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode in (-signal.SIGINT, 130)


@pytest.mark.parametrize("function", ["spin", "call", "read"])
def test_a_timeout_ends_a_component_whatever_it_does(function: str, guest: Guest, tmp_path: Path) -> None:
    read, write = os.pipe()
    for timeout in (4.0, 30.0):
        process = started(tmp_path, "--timeout", f"{timeout}", "--invoke", function, guest("holding"), stdin=read)
        out, err = process.communicate(timeout=60)
        if out:  # A busy machine may need more than four seconds to get there.
            break
    os.close(read)
    os.close(write)
    assert (process.returncode, out) == (1, "holding\n")
    assert "ran longer than its timeout" in err
    assert f"`timeout` in [limits] or `--timeout` sets the limit; it is {timeout} seconds" in err
    assert not (tmp_path / ".witkit" / "key-value.db-wal").exists()


@pytest.mark.thorough
def test_a_signal_that_was_ignored_before_is_ignored(guest: Guest, tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = started(tmp_path, "--invoke", "spin", guest("holding"))
    finally:
        signal.signal(signal.SIGHUP, before)
    wait_for(process.stdout, "holding\n")
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.terminate()
    assert process.wait(60) == 143


@pytest.mark.thorough
def test_a_second_signal_does_not_wait_for_backends_that_do_not_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = "import sys, time; sys.stderr.write('closing\\n'); sys.stderr.flush(); time.sleep(600)"
    install(tmp_path, memory(close=close))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    app = project(tmp_path, CALLING_WORLD, CALLING, "keyvalue")
    process = started(tmp_path, "--key-value", "remote", "--invoke", "call", app)
    wait_for(process.stdout, "holding\n")
    process.send_signal(signal.SIGINT)
    wait_for(process.stderr, "closing\n")
    time.sleep(GRACE)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130


CLOSING = """
import time
from witkit.program import ending

ending.CLOSING = 0.5
with ending.ended_in_order():
    try:
        print("holding", flush=True)
        time.sleep(600)
    finally:
        time.sleep(600)
"""


def test_what_ends_with_a_run_has_a_bounded_time() -> None:
    process = subprocess.Popen([sys.executable, "-c", CLOSING], stdout=subprocess.PIPE, text=True)
    wait_for(process.stdout, "holding\n")
    process.terminate()
    assert process.wait(60) == 143


LATE = """
import hashlib, time
from threading import Event
from witkit.program import ending

ending.GRACE, ending.LAST = 0.0, 60.0
noticed = Event()
with ending.ended_in_order() as end:
    try:
        with end.closing(noticed.wait):
            print("holding", flush=True)
            while True:
                hashlib.pbkdf2_hmac("sha256", b"", b"", 100_000)  # which no signal interrupts
    finally:
        noticed.set()
        time.sleep(0.5)
        print("closed", flush=True)
"""


def test_a_program_that_notices_a_signal_late_ends_in_order_all_the_same() -> None:
    process = subprocess.Popen([sys.executable, "-c", LATE], stdout=subprocess.PIPE, text=True)
    wait_for(process.stdout, "holding\n")
    process.terminate()
    assert process.communicate(timeout=60)[0] == "closed\n"


def test_a_signal_at_the_end_of_a_run_finds_no_closed_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    said, over = list[str](), Event()
    monkeypatch.setattr(sys, "unraisablehook", lambda raised: said.append(f"{raised.err_msg}: {raised.exc_value}"))

    def send() -> None:
        while not over.is_set():
            os.kill(os.getpid(), signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, lambda number, frame: None)
    sending = Thread(target=send)
    sending.start()
    try:
        for _ in range(300):
            with ended_in_order():
                pass
    finally:
        over.set()
        sending.join()
        signal.signal(signal.SIGUSR1, before)
    assert said == []


def _interrupt_removal(folder: Path, files: int) -> None:
    with suppress(FileNotFoundError):  # all of it can be gone before this thread has its turn
        while len(os.listdir(folder)) == files:  # noqa: PTH208 - as fast as possible
            pass
    os.kill(os.getpid(), signal.SIGINT)


def test_a_signal_while_the_folder_of_a_run_is_removed_leaves_nothing_of_it() -> None:
    files, removed = 5000, Event()
    with pytest.raises(KeyboardInterrupt), ended_in_order() as ending:  # noqa: PT012
        with temporary_folder("witkit-run-", ending) as folder:
            for number in range(files):
                (folder / str(number)).touch()
            Thread(target=_interrupt_removal, args=(folder, files)).start()
        removed.wait(60)
    assert not folder.exists()


def test_the_folder_of_a_run_that_nothing_can_interrupt_is_removed() -> None:
    ending = Ending()
    with temporary_folder("witkit-run-", ending) as folder:
        ending._close()
        assert not folder.exists()


def test_handlers_of_signals_are_as_before_after_a_run(witkit: Witkit, guest: Guest) -> None:
    numbers = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
    before = [signal.getsignal(number) for number in numbers]
    assert witkit("run", "-q", "--key-value", "memory", guest("counter")).code == 0
    assert [signal.getsignal(number) for number in numbers] == before
    assert signal.set_wakeup_fd(-1) == -1


@pytest.mark.thorough
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_what_is_watched_ends_with_the_watcher(number: signal.Signals, code: int, tmp_path: Path) -> None:
    process = started(tmp_path, "--watch", "--invoke", "wait", project(tmp_path, WORLD, APP, "keyvalue", "blob-store"))
    wait_for(process.stderr, "ready\n")
    process.send_signal(number)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (code, "written and ended")
    assert not (tmp_path / ".witkit" / "key-value.db-wal").exists()
