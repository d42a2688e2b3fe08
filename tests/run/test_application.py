"""Applications: guests that are called, from any number of threads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import pytest

from tests.run.conftest import Guest
from tests.run.projects import project
from witkit.abi import Err
from witkit.program.application import Application, open_application
from witkit.program.pool import Busy, Closed, PoolSettings
from witkit.program.providers import Provider
from witkit.program.settings import RunSettings
from witkit.program.stopped import Stopped
from witkit.runtime import Limits, Reason
from witkit.text import WitkitError

WORK = "example:programs/work@0.1.0"
GATE = "example:programs/gate@0.1.0"
SOON = 30.0
"""Seconds that a test waits for what is about to happen."""

APP = """
import wit_world
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import gate

calls = 0

class WitWorld(wit_world.WitWorld):
    def answer(self):
        return 42

class Work(exports.Work):
    def count(self):
        global calls
        calls += 1
        return calls
    def fail(self):
        raise Err("no luck")
    def stop(self):
        raise RuntimeError("broken")
    def spin(self):
        pass
    def wait(self):
        gate.pass_()
"""
WORLD = """
interface work {
  count: func() -> u32;
  fail: func() -> result<_, string>;
  stop: func();
  spin: func();
  wait: func();
}
interface gate { pass: func(); }
world app {
  import gate;
  export work;
  export answer: func() -> u32;
}
"""


class Gate:
    """What the guest waits for: `arrived` is released by each guest that waits, `open` lets all pass."""

    def __init__(self) -> None:
        self.arrived, self.open, self.broken = Semaphore(0), Event(), False

    def pass_(self) -> None:
        self.arrived.release()
        assert self.open.wait(SOON)
        if self.broken:
            raise OSError("the gate is broken")


@pytest.fixture
def gate() -> Gate:
    return Gate()


class Open:
    """Opens applications, which are closed after the test, and calls them from threads."""

    def __init__(self, path: Path, gate: Gate, stack: ExitStack, prefix: str) -> None:
        self.path, self._gate, self._stack, self.work = path, gate, stack, f"{prefix}/work@0.1.0"
        self._threads = stack.enter_context(ThreadPoolExecutor(16))
        stack.callback(gate.open.set)
        self.settings = RunSettings(providers={f"{prefix}/gate@0.1.0": Provider("gate", None, [gate])})

    def __call__(self, grace: float = SOON, limits: Limits | None = None, **pool: Any) -> Application:
        settings = replace(self.settings, limits=limits or Limits())
        opened = open_application(self.path, settings, PoolSettings(**pool), grace=grace)
        self.close = ExitStack()
        self._stack.enter_context(self.close)
        return self.close.enter_context(opened)

    def waiting(self, application: Application) -> Future[None]:
        """A call that is inside of the guest, and waits."""
        future = self._threads.submit(application.call, self.work, "wait")
        assert self._gate.arrived.acquire(timeout=SOON)
        return future

    def later(self, application: Application, function: str) -> Future[Any]:
        return self._threads.submit(application.call, self.work, function)


@pytest.fixture
def component(guest: Guest, gate: Gate) -> Iterator[Open]:
    with ExitStack() as stack:
        yield Open(guest("called"), gate, stack, "example:programs")


@pytest.fixture
def native(tmp_path: Path, gate: Gate) -> Iterator[Open]:
    with ExitStack() as stack:
        yield Open(project(tmp_path, WORLD, APP), gate, stack, "example:project")


@pytest.fixture(params=["component", "native"])
def opened(request: pytest.FixtureRequest) -> Open:
    found: Open = request.getfixturevalue(request.param)
    return found


def test_exports_of_interfaces_and_of_the_world_can_be_called(opened: Open) -> None:
    application = opened()
    assert set(application.exports) == {opened.work, "answer"}
    assert application.call(None, "answer") == 42
    assert [func.name for func in application.interface(opened.work).functions][:2] == ["count", "fail"]


def test_a_fresh_instance_has_no_state(opened: Open) -> None:
    application = opened()
    assert [application.call(opened.work, "count") for _ in range(3)] == [1, 1, 1]


def test_kept_instances_are_replaced_after_so_many_calls(opened: Open) -> None:
    application = opened(instances="pooled", size=1, calls=3)
    assert [application.call(opened.work, "count") for _ in range(7)] == [1, 2, 3, 1, 2, 3, 1]


def test_an_error_is_an_answer(opened: Open) -> None:
    application = opened(instances="pooled", size=1)
    application.call(opened.work, "count")
    with pytest.raises(Err) as refused:
        application.call(opened.work, "fail")
    assert refused.value.value == "no luck"
    assert application.call(opened.work, "count") == 2


def test_a_trap_costs_one_call(opened: Open) -> None:
    application = opened(instances="pooled", size=1)
    application.call(opened.work, "count")
    with pytest.raises(Stopped) as stopped:
        application.call(opened.work, "stop")
    assert stopped.value.diagnostic.code in ("WIT0804", "WIT0806")
    assert application.call(opened.work, "count") == 1


def test_a_time_limit_costs_one_call(component: Open) -> None:
    application = component(instances="pooled", limits=Limits(timeout=2))
    with pytest.raises(Stopped) as stopped:
        application.call(WORK, "spin")
    assert stopped.value.reason is Reason.TIMEOUT
    assert "sets the limit" in stopped.value.diagnostic.help
    assert application.call(WORK, "count") == 1


def test_a_failed_host_function_costs_one_call(opened: Open, gate: Gate) -> None:
    application = opened(instances="pooled", size=1)
    gate.broken = True
    gate.open.set()
    with pytest.raises(WitkitError) as failed:
        application.call(opened.work, "wait")
    assert failed.value.diagnostics[0].code == "WIT0809"
    assert application.call(opened.work, "count") == 1


def test_as_many_calls_run_at_once_as_there_are_instances(component: Open, gate: Gate) -> None:
    application = component(size=3, wait=SOON)
    running = [component.waiting(application) for _ in range(3)]
    assert application.pool.running == 3
    waiting = component.later(application, "count")
    gate.open.set()
    assert waiting.result(SOON) == 1
    assert [each.result(SOON) for each in running] == [None] * 3


def test_who_would_wait_behind_too_many_is_refused_at_once(opened: Open, gate: Gate) -> None:
    application = opened(size=1, waiting=0, wait=SOON)
    running = opened.waiting(application)
    with pytest.raises(Busy, match="no more are taken"):
        application.call(opened.work, "count")
    gate.open.set()
    running.result(SOON)
    assert application.call(opened.work, "count") == 1


def test_who_waits_too_long_is_refused(opened: Open, gate: Gate) -> None:
    application = opened(size=1, wait=0.01)
    running = opened.waiting(application)
    with pytest.raises(Busy, match="none ended within"):
        application.call(opened.work, "count")
    gate.open.set()
    running.result(SOON)


def test_closing_waits_for_calls_that_run_and_refuses_those_that_wait(opened: Open, gate: Gate) -> None:
    application = opened(size=1, wait=SOON)
    running = opened.waiting(application)
    waiting = opened.later(application, "count")
    while not application.pool.waiting:
        Event().wait(0.001)
    with ThreadPoolExecutor(1) as closing:
        closed = closing.submit(opened.close.close)
        with pytest.raises(Closed):
            waiting.result(SOON)
        assert not closed.done()
        gate.open.set()
        closed.result(SOON)
    assert running.result(SOON) is None
    with pytest.raises(Closed):
        application.call(opened.work, "count")


def test_closing_interrupts_calls_that_do_not_end(component: Open) -> None:
    application = component(grace=0, size=1)
    spinning = component.later(application, "spin")
    while not application.pool.running:
        Event().wait(0.001)
    component.close.close()
    with pytest.raises(Closed):
        spinning.result(SOON)


def test_what_prevents_calls_is_reported_before_any(guest: Guest) -> None:
    with pytest.raises(WitkitError) as refused, open_application(guest("called")):
        pass
    assert [each.code for each in refused.value.diagnostics] == ["WIT0803"]
