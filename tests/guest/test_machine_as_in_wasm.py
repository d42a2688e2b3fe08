"""What a guest sees of the machine through its bindings of WASI: the same under CPython and as a component."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from types import SimpleNamespace
from typing import Any

import pytest

import witkit.guest
from tests.cli.command_line import witkit_at_a_terminal, witkit_with_input
from tests.guest.machines import INPUT, PROJECT, Machine, machine
from witkit.abi.traps import GuestExit
from witkit.native import WouldTrap
from witkit.wasi import Machine as Wasi
from witkit.wasi.cli import Exit


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("machine")) as made:
        yield made


OUT, IN = "o := stdout.get_stdout()", "s := stdin.get_stdin()"
DROPPED = "p.__exit__(None, None, None)"
BYTES = "len(random.get_random_bytes(999)), len(insecure.get_insecure_random_bytes(999))"
SAME = [
    "environment.get_environment(), environment.get_arguments(), environment.initial_cwd()",
    "monotonic_clock.resolution(), wall_clock.resolution()",
    "monotonic_clock.now() < monotonic_clock.now() < 10**12",
    "wall_clock.now().seconds > 1_700_000_000, 0 <= wall_clock.now().nanoseconds < 10**9, wall_clock.now() == 1",
    f"random.get_random_bytes(0), insecure.get_insecure_random_bytes(0), {BYTES}",
    "random.get_random_bytes(16) == random.get_random_bytes(16), random.get_random_u64() == random.get_random_u64()",
    "0 <= random.get_random_u64() < 2**64, 0 <= insecure.get_insecure_random_u64() < 2**64",
    "random.get_random_bytes(2**40)",
    "insecure.get_insecure_random_bytes(2**26 + 1)",
    "insecure_seed.insecure_seed() == insecure_seed.insecure_seed()",
    "poll.poll([])",
    "poll.poll([monotonic_clock.subscribe_duration(0), monotonic_clock.subscribe_duration(2**64 - 1)])",
    "poll.poll([monotonic_clock.subscribe_instant(2**64 - 1), monotonic_clock.subscribe_duration(1000)])",
    "[p := monotonic_clock.subscribe_duration(1000), p.block(), p.ready(), poll.poll([p, p])][1:]",
    "[p := monotonic_clock.subscribe_instant(2**64 - 1), p.ready()][1:]",
    "terminal_stdin.get_terminal_stdin(), terminal_stdout.get_terminal_stdout(), terminal_stderr.get_terminal_stderr()",
    f"[{IN}, s.blocking_read(3), s.read(0), s.read(2), s.skip(1), s.blocking_skip(2), s.blocking_read(99)][1:]",
    f"[{IN}, s.blocking_skip(0), s.blocking_read(0), s.blocking_skip(2**40), closed(s)][1:]",
    f"[{IN}, t := stdin.get_stdin(), s.blocking_read(5), t.blocking_read(5)][2:]",
    f"[{IN}, p := s.subscribe(), p.block(), poll.poll([p]), {DROPPED}, s.read(5)][2:]",
    f"[{IN}, p := s.subscribe(), p.ready()][2:]",
    f"[{IN}, p := s.subscribe(), s.__exit__(None, None, None), p.ready()]",
    "stdin.get_stdin().subscribe().ready()",
    "all_of_stdin()",
    f"[all_of_stdin(), {IN}, s.read(0)]",
    f"[all_of_stdin(), {IN}, s.blocking_read(1)]",
    f"[all_of_stdin(), {IN}, s.skip(0)]",
    f"[{OUT}, o.check_write() > 0, o.write(b'x'), o.flush(), o.blocking_flush(), o.check_write() > 0][1:]",
    f"[{OUT}, o.check_write() > 0, o.write_zeroes(5), o.blocking_write_and_flush(b'more')][1:]",
    f"[{OUT}, o.blocking_write_and_flush(b'x' * 4096), o.blocking_write_zeroes_and_flush(4096)][1:]",
    f"[{OUT}, o.blocking_write_and_flush(b'x' * 4097)]",
    f"[{OUT}, o.blocking_write_zeroes_and_flush(4097)]",
    f"[{OUT}, o.write(b'x' * (1 << 21))]",
    f"[{OUT}, p := o.subscribe(), p.ready(), p.block(), poll.poll([p]), {DROPPED}][2:]",
    f"[{OUT}, p := o.subscribe(), p.ready()][2:]",
    f"[{OUT}, {IN}, o.splice(s, 0), o.blocking_splice(s, 4), o.splice(s, 3), o.blocking_splice(s, 1000)][2:]",
    f"[{OUT}, {IN}, all_of_stdin(), o.splice(s, 0), o.splice(s, 4)]",
    f"[{OUT}, {IN}, all_of_stdin(), o.blocking_splice(s, 4)]",
    "stderr.get_stderr().blocking_write_and_flush('ü'.encode())",
    "[print('one'), stdout.get_stdout().blocking_write_and_flush(b'two\\n'), print('three')]",
    "exit.exit(Ok(None))",
    "exit.exit(Err(None))",
    "swallow('exit.exit(Err(None))')",
    "swallow('poll.poll([])')",
    "preopens.get_directories()",
    "ip_name_lookup.resolve_addresses(instance_network.instance_network(), 'localhost')",
    "tcp_create_socket.create_tcp_socket(network.IpAddressFamily.IPV4)",
]


@pytest.mark.parametrize("expression", SAME)
def test_an_answer_is_the_same(expression: str, asked: Machine) -> None:
    assert asked.natively(expression) == asked.in_wasm(expression)


PROGRAMS = {
    "arguments": ["environment.get_environment(), environment.get_arguments()[1:]", "'ü'"],
    "input": [f"[{IN}, s.blocking_read(3), all_of_stdin()][1:]", "__import__('sys').stdin.read()"],
    "input that Python has read": ["__import__('sys').stdin.read(3)", "all_of_stdin()"],
    "input when it is there": [f"[{IN}, p := s.subscribe(), p.block(), {DROPPED}, s.read(5)][3:]"],
    "outputs": [
        "[stdout.get_stdout().check_write(), stderr.get_stderr().check_write()]",
        "print('Ä', end='') or stdout.get_stdout().blocking_write_and_flush(b'b') or print('c')",
        "stderr.get_stderr().blocking_write_and_flush(b'on stderr')",
    ],
    "terminals": ["terminal_stdin.get_terminal_stdin(), terminal_stderr.get_terminal_stderr()"],
    "success": ["print('before')", "exit.exit(Ok(None))", "print('after')"],
    "failure": ["print('before')", "exit.exit(Err(None))", "print('after')"],
}


@pytest.mark.parametrize("case", PROGRAMS)
def test_a_program_does_the_same(case: str, asked: Machine, tmp_path: Path) -> None:
    native, wasm = (
        run(guest, PROGRAMS[case], tmp_path) for guest in (PROJECT / "machine_app.py", asked.folder / "component.wasm")
    )
    assert native == wasm
    assert native[0] == (1 if case == "failure" else 0)
    assert native[1]


def run(guest: Path, arguments: list[str], folder: Path) -> tuple[int, str, str]:
    """Exit code and outputs of `witkit run`."""
    done = witkit_with_input(INPUT, "run", "--quiet", str(guest), "--", *arguments, cwd=folder)
    return done.returncode, done.stdout, done.stderr


def test_a_terminal_is_one_in_both_ways(asked: Machine, tmp_path: Path) -> None:
    expressions = [
        "[type(get()) for get in (terminal_stdin.get_terminal_stdin, terminal_stdout.get_terminal_stdout)]",
        "terminal_stderr.get_terminal_stderr()",
        "stdin.get_stdin().blocking_read(9)",
    ]
    native, wasm = (
        typed(guest, expressions, tmp_path) for guest in (PROJECT / "machine_app.py", asked.folder / "component.wasm")
    )
    assert native == wasm
    assert "TerminalOutput'>]" in native
    assert "b'typed\\n'" in native


def typed(guest: Path, arguments: list[str], folder: Path) -> str:
    """What `witkit run` writes to a terminal where something has been typed."""
    command = ["run", "--quiet", str(guest), "--", *arguments]
    with TemporaryFile() as errors:
        code, shown = witkit_at_a_terminal(*command, cwd=folder, typed=b"typed\n", err=errors)
    assert code == 0
    return shown


def test_pytest_captures_what_a_guest_writes(asked: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    with witkit.guest.bind("machine_world") as host:
        guest = host.load("machine_app")
        print("before")
        guest.evaluate(f"[{OUT}, o.blocking_write_and_flush(b'written\\n'), print('after')]")
    assert capsys.readouterr().out == "before\nwritten\nafter\n"


def test_input_that_has_not_come_yet_is_waited_for_beside_a_clock(
    asked: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    soon = "monotonic_clock.subscribe_duration(1000)"
    with os.fdopen(reading) as pipe, witkit.guest.bind("machine_world") as host:
        monkeypatch.setattr(sys, "stdin", pipe)
        guest = host.load("machine_app")
        early = f"[{IN}, s.read(9), p := s.subscribe(), p.ready(), poll.poll([p, {soon}]), {DROPPED}]"
        assert guest.evaluate(f"{early}[1::2]") == "[b'', False, None]"
        assert guest.evaluate(f"{early}[4]") == "[1]"
        os.write(writing, b"late")
        both = "poll.poll([monotonic_clock.subscribe_instant(2**64 - 1), p])"
        assert guest.evaluate(f"[{IN}, p := s.subscribe(), {both}, {DROPPED}, s.read(2)][2::2]") == "[[1], b'la']"
        os.close(writing)
        assert guest.evaluate("all_of_stdin()") == "b'te'"


ERRORS = f"[{OUT}, errors(lambda: o.blocking_write_and_flush(b'x'), o.check_write, o.flush, lambda: o.write(b''))][1]"


def test_an_output_that_nobody_reads_is_closed(asked: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe, witkit.guest.bind("machine_world") as host:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert host.load("machine_app").evaluate(ERRORS) == repr(["StreamError_Closed"] * 4)


def test_an_output_that_fails_is_closed_then(asked: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.RawIOBase):
        def write(self, data: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left")

    with witkit.guest.bind("machine_world") as host:
        monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=Full(), flush=lambda: None))
        failed, *later = eval(host.load("machine_app").evaluate(ERRORS))
    assert "No space left" in failed
    assert later == ["StreamError_Closed"] * 3


def test_an_input_that_fails_is_closed_then(asked: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as pipe, witkit.guest.bind("machine_world") as host:
        monkeypatch.setattr(sys, "stdin", pipe)
        os.close(reading)
        guest = host.load("machine_app")
        expression = "errors(lambda: s.blocking_read(1), lambda: s.read(0), lambda: s.skip(1))"
        failed, *later = eval(guest.evaluate(f"[{IN}, {expression}][1]"))
    assert "Bad file descriptor" in failed
    assert later == ["StreamError_Closed"] * 2


def test_each_write_needs_a_permit(asked: Machine) -> None:
    """The runtime is lenient; WASI lets it trap."""
    assert asked.natively(f"[{OUT}, o.write(b'x')]")[0] == "trap"
    twice = f"[{OUT}, o.check_write(), o.write(b'x'), o.write(b'y')]"
    assert asked.natively(twice) == ("trap", b"x", b"")
    with witkit.guest.bind("machine_world") as host, pytest.raises(WouldTrap, match="`check-write` allowed 0"):
        host.load("machine_app").evaluate(f"[{OUT}, o.write(b'x')]")


class Alarm:
    """A test's own pollable: ready when it has been asked three times."""

    asked = 0

    def ready(self) -> bool:
        self.asked += 1
        return self.asked > 2

    def block(self) -> None:
        self.asked = 3


class Clock:
    """A test's own clock, of the functions that the guest calls."""

    def now(self) -> int:
        return 5

    def subscribe_duration(self, when: int) -> Alarm:
        return Alarm()


def test_a_clock_that_is_given_takes_the_place_of_the_machines(asked: Machine) -> None:
    expression = (
        "monotonic_clock.now(), monotonic_clock.subscribe_duration(10**18).block(), wall_clock.resolution().seconds"
    )
    assert asked.natively(expression, monotonic_clock=Clock())[0] == "(5, None, 0)"


def test_a_pollable_of_a_test_is_asked_now_and_then_beside_others(
    asked: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as pipe, witkit.guest.bind("machine_world", monotonic_clock=Clock()) as host:
        monkeypatch.setattr(sys, "stdin", pipe)
        expression = f"[{IN}, p := s.subscribe(), poll.poll([p, monotonic_clock.subscribe_duration(1)]), {DROPPED}][2]"
        assert host.load("machine_app").evaluate(expression) == "[1]"
    os.close(writing)


def test_a_wall_clock_that_is_given_speaks_the_classes_of_the_guest(asked: Machine) -> None:
    given: Any = import_module("machine_world.imports.wall_clock")
    clock = SimpleNamespace(now=lambda: given.Datetime(86400, 7))
    assert asked.natively("wall_clock.now()", wall_clock=clock)[0] == "Datetime(seconds=86400, nanoseconds=7)"


def test_the_machine_serves_a_guest_whose_values_come_in_the_host_packages_classes(asked: Machine) -> None:
    package: Any = import_module("machine_host")
    with witkit.guest.bind("machine_world") as host:
        guest = host.load("machine_app", package.WORLD)
        assert guest.evaluate("wall_clock.resolution().seconds") == "0"
        assert guest.evaluate("tcp_create_socket.create_tcp_socket(network.IpAddressFamily.IPV6)") == (
            "Err: ErrorCode ACCESS_DENIED"
        )


def test_what_nothing_can_provide_is_refused(asked: Machine) -> None:
    """Not everything of WASI 0.3 is there."""
    wasi = Wasi()
    assert wasi.implementation("wasi:cli/exit@0.2.99") is wasi.implementation("wasi:cli/exit@0.2.0")
    others = ("wasi:sockets/types@0.3.0", "wasi:clocks/timezone@0.3.0", "wasi:cli/exit", "test:cli/exit@0.2.3")
    assert [wasi.implementation(name) for name in others] == [None] * 4


def test_a_program_ends_with_its_exit_code() -> None:
    with pytest.raises(GuestExit) as ended:
        Exit().exit_with_code(3)
    assert ended.value.code == 3


def test_what_a_guest_writes_goes_where_pytest_has_its_files(asked: Machine, capfd: pytest.CaptureFixture[str]) -> None:
    with witkit.guest.bind("machine_world") as host:
        host.load("machine_app").evaluate("[print('one'), stdout.get_stdout().blocking_write_and_flush(b'two')]")
    assert capfd.readouterr().out == "one\ntwo"
