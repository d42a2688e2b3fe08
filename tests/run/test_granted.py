"""Options and `witkit.toml` for what a program gets of this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from wasmtime import wat2wasm

from tests.run.conftest import Guest, Witkit
from tests.run.projects import project

LOOPING = """import wit_world


class WitWorld(wit_world.WitWorld):
    def f(self) -> None:
        while True:
            pass
"""


def test_options_before_and_after_the_component_go_over_the_file(
    witkit: Witkit, guest: Guest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "witkit.toml").write_text('[grants]\nenv = ["ONE=1", "TWO=2"]\nnetwork = true\n')
    monkeypatch.setenv("THREE", "3")
    outcome = witkit("run", "--env", "TWO=two", guest("arguments"), "--env", "THREE", "--no-network", "--", "--env")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[1:] == ["[--env]", "[ONE]", "[TWO]", "[THREE]"]


def test_a_timeout_that_is_over_at_once_is_reported(witkit: Witkit, tmp_path: Path) -> None:
    """The signal comes while the timer is being set."""
    app = project(tmp_path, "world w {\n  export f: func();\n}\n", LOOPING)
    outcome = witkit("run", "--timeout", "0.000001", "--invoke", "f", app)
    assert (outcome.code, "`--timeout` sets the limit; it is 1e-06 seconds" in outcome.err) == (1, True)


def test_a_timeout_ends_a_program_and_says_which_limit_it_was(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--timeout", "0.1", guest("spinning"))
    assert (outcome.code, outcome.out) == (1, "spinning\n")
    assert "error[WIT0804]: `run` stopped: the guest ran longer than its timeout" in outcome.err
    assert "`timeout` in [limits] or `--timeout` sets the limit; it is 0.1 seconds" in outcome.err


def test_a_program_that_needs_more_memory_than_its_limit_does_not_start(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--memory", "64KiB", guest("arguments"))
    assert outcome.code == 1
    assert "the guest needs more memory than its limit" in outcome.err
    assert "it is 65,536 bytes" in outcome.err
    assert witkit("run", "--memory", "128KiB", guest("arguments")).code == 0


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--env", "=1"), "Invalid value for '--env': a variable has the form NAME or NAME=VALUE"),
        (("--dir", "data::"), "Invalid value for '--dir': a folder has the form HOST, HOST::GUEST or HOST::GUEST:ro"),
        (("--memory", "64M"), "Invalid value for '--memory': it must be a size in bytes, such as 64MiB"),
        (("--timeout", "0"), "Invalid value for '--timeout': it must be a number of seconds, more than 0"),
    ],
)
def test_a_wrong_option_is_wrong_use(option: tuple[str, str], said: str, witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", *option, guest("arguments"))
    assert outcome.code == 2
    assert said in " ".join(outcome.err.split())


def test_a_folder_that_does_not_exist_is_reported_with_its_line(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text('[grants]\ndirs = ["gone"]\n')
    outcome = witkit("run", guest("arguments"))
    assert (outcome.code, outcome.out) == (1, "")
    assert "error[WIT0721]: `gone` is not a folder\n --> witkit.toml:2:9\n" in outcome.err
    assert 'dirs = ["gone"]' in outcome.err


def test_a_guest_that_nobody_trusts_is_stopped_and_says_what_to_raise(witkit: Witkit, tmp_path: Path) -> None:
    guest = b"""(component
      (core module $m (memory 0)) %s
      (core module $r (func (export "run") (result i32) (i32.const 0)))
      (core instance $r (instantiate $r))
      (func $run (result (result)) (canon lift (core func $r "run")))
      (instance $cli (export "run" (func $run)))
      (export "wasi:cli/run@0.2.0" (instance $cli)))"""
    (tmp_path / "many.wasm").write_bytes(wat2wasm((guest % (b"(core instance (instantiate $m))" * 25)).decode()))
    (tmp_path / "witkit.toml").write_text("[limits]\nuntrusted = true\n")
    outcome = witkit("run", "many.wasm")
    assert outcome.code == 1
    assert "the guest has more memories than its limit" in outcome.err
    assert "raise it in [limits]: `instances`, `tables`, `memories`" in outcome.err
    (tmp_path / "witkit.toml").write_text("[limits]\nuntrusted = true\nmemories = 25\n")
    assert witkit("run", "many.wasm").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="arguments of Windows are text")
@pytest.mark.parametrize("option", [("--check",), ()])
def test_other_bytes_than_text_are_refused_before_a_program_asks_for_them(
    option: tuple[str, ...], witkit: Witkit, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWO", "\udc80")
    given = ["--env", "ONE=a\udc80", "--env", "TWO", "--dir", ".::\udc80"]
    outcome = witkit("run", *option, *given, guest("arguments"))
    said = outcome.out + outcome.err
    assert outcome.code == 1
    assert said.count("error[") == 3
    for what in ("the environment variable `ONE`", "the environment variable `TWO`", "the name `<U+DC80>` of a folder"):
        assert f"error[WIT0721]: {what} has bytes that are not UTF-8\n" in said
