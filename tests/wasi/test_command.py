"""A component with witkit's own WASI instead of wasmtime's: what is granted, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.runtime import guests
from witkit import abi
from witkit.runtime import Engine, Instance, Reason, Trap, UntypedComponent, Wasi
from witkit.text import WitkitError
from witkit.wasi import Machine

EXTRA = "t:c/extra@0.2.3"
RUN = "wasi:cli/run@0.2.3"


@pytest.fixture(scope="module")
def component(tmp_path_factory: pytest.TempPathFactory) -> UntypedComponent:
    return Engine(cache=tmp_path_factory.mktemp("compiled")).load(guests.command())


@contextmanager
def running(component: UntypedComponent, granted: Wasi | None = None) -> Iterator[Instance]:
    with Machine(granted) as machine, component.instantiate(machine.provided(), optional=[EXTRA]) as instance:
        yield instance


def call(component: UntypedComponent, granted: Wasi | None, export: str, *values: Any) -> Any:
    with running(component, granted) as instance:
        return instance.function(None, export)(*values)


def test_nothing_is_granted_by_default(
    component: UntypedComponent, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SECRET", "for the host only")
    assert call(component, None, "args") == []
    assert call(component, None, "env") == []
    assert call(component, None, "dirs") == 0
    with running(component) as instance:
        instance.function(RUN, "run")()
    assert capfd.readouterr() == ("", "")


def test_arguments_and_environment_are_those_that_were_given(
    component: UntypedComponent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARED", "yes")
    granted = Wasi(args=["orders", "--all", "é"], env={"A": "1", "B": ""})
    assert call(component, granted, "args") == ["orders", "--all", "é"]
    assert call(component, granted, "env") == [("A", "1"), ("B", "")]
    found = dict(call(component, Wasi(inherit_env=True, env={"OWN": "1"}), "env"))
    assert (found["SHARED"], found["OWN"]) == ("yes", "1")


def test_output_goes_to_a_function_a_file_or_through(
    component: UntypedComponent, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pieces: list[bytes] = []
    for stdout in (pieces.append, tmp_path / "out.txt", "inherit"):
        with running(component, Wasi(stdout=stdout)) as instance:
            instance.function(RUN, "run")()
    assert b"".join(pieces) == b"hello from the guest\n"
    assert (tmp_path / "out.txt").read_text() == "hello from the guest\n"
    assert capfd.readouterr().out == "hello from the guest\n"


def test_an_exception_of_an_output_function_comes_out_of_the_call(component: UntypedComponent) -> None:
    problem = OSError("the disk is full")

    def write(data: bytes) -> None:
        raise problem

    with running(component, Wasi(stdout=write)) as instance:
        with pytest.raises(OSError, match="the disk is full") as caught:
            instance.function(RUN, "run")()
        assert caught.value is problem


@pytest.mark.parametrize(("status", "code"), [(abi.Ok(None), 0), (abi.Err(None), 1)])
def test_a_guest_ends_with_an_exit_code(component: UntypedComponent, status: Any, code: int) -> None:
    with pytest.raises(Trap, match=f"ended the program with exit code {code}") as ended:
        call(component, None, "leave", status)
    assert (ended.value.reason, ended.value.code) == (Reason.EXIT, code)


@pytest.mark.parametrize(
    ("granted", "message"),
    [
        (Wasi(dirs={"/data": "/no/such/folder"}), "`/no/such/folder` is not a folder"),
        (Wasi(stdin=Path("/no/such/file")), "standard input `/no/such/file` is not a file"),
        (Wasi(args=["a\0b"]), "a WASI argument holds a NUL character"),
        (Wasi(env={"a": "\0"}), "a WASI value holds a NUL character"),
        (Wasi(stdout="/no/such/folder/out"), "failed to set stdout file"),
    ],
)
def test_what_cannot_be_granted_is_named(granted: Wasi, message: str) -> None:
    with pytest.raises(WitkitError, match=r"error\[WIT0721\]") as caught:
        Machine(granted)
    assert message in str(caught.value)
