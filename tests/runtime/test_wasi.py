"""WASI 0.2: nothing is granted but what is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.runtime import guests
from witkit import abi
from witkit.runtime import Engine, MissingImport, Provided, Reason, Trap, UntypedComponent, Wasi
from witkit.text import WitkitError

EXTRA = "t:c/extra@0.2.3"


@pytest.fixture(scope="module")
def component(engine: Engine) -> UntypedComponent:
    return engine.load(guests.command())


def call(component: UntypedComponent, wasi: Wasi | None, export: str, *values: Any) -> Any:
    with component.instantiate(wasi=wasi, optional=[EXTRA]) as instance:
        return instance.function(None, export)(*values)


def test_nothing_is_granted_by_default(component: UntypedComponent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "for the host only")
    assert call(component, None, "args") == []
    assert call(component, None, "env") == []
    assert call(component, None, "dirs") == 0


def test_output_is_thrown_away_by_default(component: UntypedComponent, capfd: pytest.CaptureFixture[str]) -> None:
    with component.instantiate(optional=[EXTRA]) as instance:
        instance.function("wasi:cli/run@0.2.0", "run")()
    assert capfd.readouterr() == ("", "")


def test_arguments_and_environment_are_those_that_were_given(component: UntypedComponent) -> None:
    wasi = Wasi(args=["orders", "--all", "é"], env={"A": "1", "B": ""})
    assert call(component, wasi, "args") == ["orders", "--all", "é"]
    assert sorted(call(component, wasi, "env")) == [("A", "1"), ("B", "")]


def test_the_whole_environment_is_given_on_request(
    component: UntypedComponent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARED", "yes")
    found = dict(call(component, Wasi(inherit_env=True, env={"OWN": "1"}), "env"))
    assert (found["SHARED"], found["OWN"]) == ("yes", "1")


def test_folders_are_those_that_were_given(component: UntypedComponent, tmp_path: Path) -> None:
    wasi = Wasi(dirs={"/data": tmp_path}, read_only_dirs={"/etc": tmp_path})
    assert call(component, wasi, "dirs") == 2


def test_output_goes_to_a_function_a_file_or_through(
    component: UntypedComponent, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pieces: list[bytes] = []
    for stdout in (pieces.append, tmp_path / "out.txt", "inherit"):
        wasi: Wasi = Wasi(stdout=stdout)
        with component.instantiate(wasi=wasi, optional=[EXTRA]) as instance:
            instance.function("wasi:cli/run@0.2.9", "run")()
    assert b"".join(pieces) == b"hello from the guest\n"
    assert (tmp_path / "out.txt").read_text() == "hello from the guest\n"
    assert capfd.readouterr().out == "hello from the guest\n"


def test_an_exception_of_an_output_function_comes_out_of_the_call(component: UntypedComponent) -> None:
    problem = OSError("the disk is full")

    def write(data: bytes) -> None:
        raise problem

    with component.instantiate(wasi=Wasi(stdout=write), optional=[EXTRA]) as instance:
        with pytest.raises(OSError, match="the disk is full") as caught:
            instance.function("wasi:cli/run@0.2.3", "run")()
        assert caught.value is problem
        assert instance.closed


@pytest.mark.parametrize(("failed", "code"), [(False, 0), (True, 1)])
def test_exit_is_a_trap_with_the_code(component: UntypedComponent, failed: bool, code: int) -> None:
    with pytest.raises(Trap, match=f"ended the program with exit code {code}") as caught:
        call(component, None, "leave", abi.Err(None) if failed else abi.Ok(None))
    assert (caught.value.reason, caught.value.code) == (Reason.EXIT, code)


def test_an_optional_import_beside_wasi_is_a_stub(component: UntypedComponent) -> None:
    with pytest.raises(MissingImport, match=r"t:c/extra@0\.2\.3#poke"):
        call(component, None, "poke")


def test_an_own_implementation_takes_the_place_of_witkits(component: UntypedComponent) -> None:
    environment = component.interface("wasi:cli/environment@0.2.0", imported=True)

    class Mine:
        def get_arguments(self) -> list[str]:
            return ["from", "python"]

        def get_environment(self) -> list[tuple[str, str]]:
            return []

    with component.instantiate([Provided(environment, Mine())], optional=[EXTRA]) as instance:
        assert instance.function(None, "args")() == ["from", "python"]


def test_a_function_that_wasi_does_not_have_is_named_before_anything_runs(engine: Engine) -> None:
    wit = """package t:x;
    world w { import wasi:cli/exit@0.2.3; import wasi:clocks/timezone@0.2.3; export run: func(); }
    package wasi:cli@0.2.3 { interface exit { exit: func(status: result); exit-with-code: func(code: u64); } }
    package wasi:clocks@0.2.3 { interface timezone { offset: func() -> s32; } }"""
    component = engine.load(guests.dummy(wit))
    assert [d.message for d in component.check()] == [
        "`wasi:cli/exit@0.2.3#exit-with-code` does not fit witkit's WASI: parameter `status-code` is u64 in the "
        "component, another type in the bindings",
        "the component imports `wasi:clocks/timezone@0.2.3#offset`, which witkit's WASI does not have",
    ]
    component.instantiate(optional=["wasi:cli/exit", "wasi:clocks/timezone"]).close()


@pytest.mark.parametrize(
    ("wasi", "message"),
    [
        (Wasi(dirs={"/data": "/no/such/folder"}), "`/no/such/folder` is not a folder"),
        (Wasi(stdin=Path("/no/such/file")), "standard input `/no/such/file` is not a file"),
        (Wasi(args=["a\0b"]), "argument 0 contains the character NUL"),
        (Wasi(env={"LANG": "\0"}), "the variable `LANG` contains the character NUL"),
        (Wasi(env={"LA\0NG": "C"}), "the name of a variable contains the character NUL"),
        (Wasi(stdout="/no/such/folder/out"), "stdout cannot be written"),
    ],
)
def test_what_cannot_be_granted_is_named(component: UntypedComponent, wasi: Wasi, message: str) -> None:
    with pytest.raises(WitkitError, match=r"error\[WIT0721\]") as caught:
        component.instantiate(wasi=wasi, optional=[EXTRA])
    assert message in str(caught.value)
