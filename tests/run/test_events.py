"""Programs that watch keys and handle the events themselves: as guests under CPython and as components."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import witkit.backends
from tests.guest.building import built
from witkit.abi import Err
from witkit.backends.connect import Choice
from witkit.program.application import Calls, open_application
from witkit.program.native import invoke_native
from witkit.program.run import Answer, invoke
from witkit.program.settings import RunSettings
from witkit.program.within import described

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "events"
SECONDS = "120"
"""How long the guests watch at most. Each of them is ended by an event that it refuses."""

# One process builds the component.
pytestmark = pytest.mark.xdist_group("component of the example of events")


@pytest.fixture(params=["python", "component"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Answer]:
    """Calls a function of the example, with its stores in the test's folder."""
    if not EXAMPLE.is_dir():
        pytest.skip("the examples are not here")
    settings = RunSettings({"key-value": Choice("sqlite", {"path": str(tmp_path / "stores.db")})})
    if request.param == "python":
        return lambda name, *values: invoke_native(EXAMPLE / "app.py", name, values, settings)
    component = built(EXAMPLE, "change-log", tmp_path)
    return lambda name, *values: invoke(component, name, values, settings)


@contextmanager
def changing(path: Path, last: bytes) -> Iterator[None]:
    """Another program makes changes again and again: of one key `value 1`, `value 2` …, and of the other `last`."""
    ended = threading.Event()

    def change() -> None:
        with witkit.backends.open("key-value", "sqlite", path=path) as stores:
            settings, log = stores.Keyvalue.open("settings"), stores.Keyvalue.open("changes")
            number = 0
            while not ended.wait(0.1):
                number += 1
                settings.set("theme", b"value %d" % number)
                if len(log.keys()) >= 3:
                    settings.set("size", last)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_each_change_is_handled_until_a_handler_refuses_one(run: Callable[..., Answer], tmp_path: Path) -> None:
    with changing(tmp_path / "stores.db", b"\xff"):
        answer = run("follow", '["theme", "size"]', SECONDS)
    assert (answer.failed, answer.value) == (True, "the value of size is not text")
    changes: Any = run("changes").value
    numbers = [int(line.removeprefix("theme = value ")) for line in changes]
    assert len(numbers) >= 3
    assert numbers == sorted(numbers)


def test_a_watch_ends_with_its_time(run: Callable[..., Answer]) -> None:
    answer = run("follow", '["theme"]', "0")
    assert (answer.failed, run("changes").value) == (False, [])


def test_a_key_that_cannot_exist_is_refused(run: Callable[..., Answer]) -> None:
    answer = run("follow", '[""]', "1")
    assert (answer.failed, answer.value) == (True, "a key must have at least one character")


def test_a_guest_that_is_called_may_have_its_own_events_handled(tmp_path: Path) -> None:
    """Under Python there is one instance, which `follow` keeps while the handler needs another."""
    if not EXAMPLE.is_dir():
        pytest.skip("the examples are not here")
    settings = RunSettings({"key-value": Choice("sqlite", {"path": str(tmp_path / "stores.db")})})
    with open_application(EXAMPLE / "app.py", settings, caller=Calls(types=described())) as application:
        with changing(tmp_path / "stores.db", b"\xff"), pytest.raises(Err) as refused:
            application.call(None, "follow", ["theme", "size"], int(SECONDS))
        assert refused.value.value == "the value of size is not text"
        assert len(application.call(None, "changes")) >= 3
