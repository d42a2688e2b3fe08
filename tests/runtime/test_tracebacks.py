"""A guest in Python raises: the host sees its traceback. The reading of it, on texts that such guests wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.runtime import guests, python_guests
from witkit.program.run import invoke
from witkit.runtime import Engine, Instance, Trap, UntypedComponent, Wasi
from witkit.runtime.tracebacks import KEPT, Tail, endless_wait, exception_line, guest_panic, guest_traceback
from witkit.text import WitkitError

PANIC = """
thread '<unnamed>' (1) panicked at runtime/src/lib.rs:1268:25:
Python function threw an unexpected exception
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
"""
PLAIN = """Traceback (most recent call last):
  File "/0/app.py", line 27, in stumble
    raise LookupError("in the guest")
LookupError: in the guest"""
HANDLED = PLAIN.replace("in the guest", "and handled")
CAUSED = f"""{PLAIN}

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/0/app.py", line 30, in stumble
RuntimeError: two
lines"""
TWICE = CAUSED.replace("RuntimeError: two", "RuntimeError: two").replace(
    "The above exception was the direct cause of the following exception:",
    "During handling of the above exception, another exception occurred:",
)
GROUP = """  + Exception Group Traceback (most recent call last):
  |   File "/0/app.py", line 3, in stumble
  | ExceptionGroup: several (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/0/app.py", line 2, in one
    | ValueError: inner
    +------------------------------------"""


@pytest.mark.parametrize(
    ("written", "traceback", "line"),
    [
        (PLAIN, PLAIN, "LookupError: in the guest"),
        (f"a log line\n{PLAIN}", PLAIN, "LookupError: in the guest"),
        (f"{HANDLED}\n{PLAIN}", PLAIN, "LookupError: in the guest"),
        (f"{HANDLED}\n\n{PLAIN}", PLAIN, "LookupError: in the guest"),
        (CAUSED, CAUSED, "RuntimeError: two"),
        (f"{HANDLED}\n{CAUSED}", CAUSED, "RuntimeError: two"),
        (TWICE, TWICE, "RuntimeError: two"),
        (GROUP, GROUP, "ExceptionGroup: several (1 sub-exception)"),
        (PLAIN.replace(": in the guest", ""), PLAIN.replace(": in the guest", ""), "LookupError"),
        ("AttributeError: no attribute 'go'", "AttributeError: no attribute 'go'", "AttributeError: no attribute 'go'"),
        ("a log line\napp.Lost", "app.Lost", "app.Lost"),
    ],
)
def test_the_traceback_of_what_ended_the_guest_is_found(written: str, traceback: str, line: str) -> None:
    found = guest_traceback(f"{written}\n{PANIC}")
    assert found == traceback
    assert exception_line(found) == line


@pytest.mark.parametrize("written", ["", "a log line\n", HANDLED, PANIC, f"no traceback\n{PANIC}", PLAIN + "\nthread"])
def test_what_did_not_end_the_guest_is_none(written: str) -> None:
    assert guest_traceback(written) == ""


def test_only_the_end_of_an_output_is_remembered() -> None:
    tail = Tail()
    for number in range(100):
        tail(bytes([65 + number % 26]) * 10_000)
    assert len(tail.text()) == KEPT
    assert tail.text()[-10_000:] == chr(65 + 99 % 26) * 10_000
    assert sum(map(len, tail._parts)) < KEPT + 10_000


@pytest.fixture(scope="module")
def component(engine: Engine) -> UntypedComponent:
    return engine.load(guests.failing())


def trap(instance: Instance, text: str) -> Trap:
    with pytest.raises(Trap) as caught:
        instance.function(None, "fail")(text)
    return caught.value


@pytest.fixture(params=["nothing", "function", "inherit"])
def grants(request: pytest.FixtureRequest) -> Wasi:
    grant: dict[str, Any] = {"nothing": None, "function": lambda data: None, "inherit": "inherit"}
    return Wasi(stderr=grant[request.param])


def test_a_trap_has_the_guests_traceback_wherever_its_errors_go(component: UntypedComponent, grants: Wasi) -> None:
    with component.instantiate(wasi=grants) as instance:
        stopped = trap(instance, f"{PLAIN}\n{PANIC}")
    assert stopped.args == ("`fail` stopped: the guest raised LookupError: in the guest",)
    assert stopped.traceback == PLAIN
    assert stopped.backtrace
    assert str(stopped).splitlines()[1:] == ["the guest's traceback:", *(f"  {line}" for line in PLAIN.splitlines())]


def test_errors_still_go_where_they_should(component: UntypedComponent, capfd: pytest.CaptureFixture[str]) -> None:
    said: list[bytes] = []
    for wasi in (Wasi(stderr="inherit"), Wasi(stderr=said.append), Wasi()):
        with component.instantiate(wasi=wasi) as instance:
            instance.function(None, "say")("out ")
            trap(instance, "and over")
    assert capfd.readouterr().err == "out and over"
    assert b"".join(said) == b"out and over"


UNWRAP = "called `Result::unwrap()` on an `Err` value:"
UNFIT = "a value of the guest does not fit its type in WIT:"
PANICS = {
    f"{UNWRAP} PyErr {{ type: <class 'TypeError'>, value: TypeError(\"'int' is not 'str'\"), traceback: None }}": (
        f"{UNFIT} TypeError(\"'int' is not 'str'\")"
    ),
    f"{UNWRAP} CastError {{ from: None, classinfo: <class 'list'> }}": f"{UNFIT} it is not a `list`",
    f"{UNWRAP} CastError {{ from: 'a }}', classinfo: <class 'list'> }}": f"{UNFIT} it is not a `list`",
    "no such item\nin the shop": "the guest panicked at src/lib.rs:5:9: no such item",
    "boom\n\nthread 'main' (2) panicked at src/two.rs:1:1:\nagain": "the guest panicked at src/two.rs:1:1: again",
}


@pytest.mark.parametrize("message", PANICS)
@pytest.mark.parametrize(
    "end", ["", "\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n"]
)
def test_a_guest_that_panicked_says_why(message: str, end: str, component: UntypedComponent) -> None:
    with component.instantiate() as instance:
        stopped = trap(instance, f"a log line\nthread '<unnamed>' (1) panicked at src/lib.rs:5:9:\n{message}{end}")
    assert stopped.args == (f"`fail` stopped: {PANICS[message]}",)
    assert stopped.traceback == ""


@pytest.mark.parametrize("written", ["", "a log line", "thread 'main' panicked at ", "panicked at x:\ny", "thread 'a"])
def test_a_guest_that_did_not_panic_has_no_such_message(written: str) -> None:
    assert guest_panic(written) == ""


def test_a_guest_in_another_language_has_its_frames(component: UntypedComponent) -> None:
    with component.instantiate() as instance:
        stopped = trap(instance, "thread 'main' panicked at src/lib.rs:5:9:\nboom\n")
    assert stopped.traceback == ""
    assert "wasm backtrace (innermost first):" in str(stopped)


@pytest.mark.parametrize("what", ["lock", "condition", "event", "queue"])
def test_a_guest_that_waits_without_end_says_so(engine: Engine, what: str) -> None:
    with engine.load(python_guests.built("waits")).instantiate(wasi=Wasi()) as instance, pytest.raises(Trap) as caught:
        instance.function(None, "wait")(what)
    assert caught.value.args == (
        "`wait` stopped: the guest waits for a lock, an event or a queue without a timeout,"
        " and has no other thread that could end it",
    )


def test_a_guest_that_stops_elsewhere_waits_for_nothing() -> None:
    assert endless_wait(["m!f", "m!pthread_cond_wait", "m!PyThread_acquire_lock"]) == ""
    assert endless_wait(["m!pthread_cond_wait", "m!f"]) == ""


def test_a_program_that_stops_shows_the_traceback(tmp_path: Path) -> None:
    (tmp_path / "failing.wasm").write_bytes(guests.failing())
    with pytest.raises(WitkitError) as caught:
        invoke(tmp_path / "failing.wasm", "fail", [f"{PLAIN}\n{PANIC}"])
    (problem,) = caught.value.diagnostics
    assert problem.code == "WIT0804"
    assert problem.message == "`fail` stopped: the guest raised LookupError: in the guest"
    assert problem.help == f"the guest's traceback:\n{PLAIN}"
