"""`witkit run` with programs: their output, their exit codes, and where their data goes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backends.disks import fill, small_disk
from tests.run.conftest import Guest, Witkit
from tests.run.guests import SOURCES
from tests.run.projects import project


def test_a_program_finds_what_it_stored_in_an_earlier_run(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    first = witkit("run", guest("counter"))
    assert (first.code, first.out) == (0, "run 1\n")
    assert witkit("run", guest("counter")).out == "run 2\n"
    assert (tmp_path / ".witkit" / "key-value.db").is_file()


def test_the_place_of_the_data_is_printed_once(witkit: Witkit, guest: Guest) -> None:
    reported = witkit("run", guest("counter")).err
    assert reported == "witkit: key-value stores are in the SQLite file .witkit/key-value.db\n"


def test_quiet_prints_nothing(witkit: Witkit, guest: Guest) -> None:
    assert witkit("run", "--quiet", guest("counter")).err == ""


def test_files_can_be_chosen(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    for number in (1, 2):
        assert witkit("run", "--key-value", "filesystem", guest("counter")).out == f"run {number}\n"
    assert (tmp_path / ".witkit" / "key-value" / "store-counter" / "key-runs").read_bytes() == b"\x02"
    assert not (tmp_path / ".witkit" / "key-value.db").exists()


def test_memory_can_be_chosen_and_leaves_nothing(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    for _ in range(2):
        outcome = witkit("run", "--key-value", "memory", guest("counter"))
        assert outcome.out == "run 1\n"
        assert outcome.err == "witkit: key-value stores are in memory, until the program ends\n"
    assert not (tmp_path / ".witkit").exists()


def test_the_file_can_be_chosen(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    place = tmp_path / "data" / "counts.db"
    assert witkit("run", "--key-value-path", place, guest("counter")).code == 0
    assert place.is_file()


def test_settings_can_be_given(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    outcome = witkit("run", "--backend", "key-value=filesystem", "--set", "key-value.path=here", guest("counter"))
    assert outcome.out == "run 1\n"
    assert (tmp_path / "here" / "store-counter").is_dir()


def test_an_older_patch_version_of_the_interface_is_answered(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    older = tmp_path / "older.wasm"
    older.write_bytes(guest("counter").read_bytes().replace(b"keyvalue@0.5.1", b"keyvalue@0.5.0"))
    assert witkit("run", older).out == "run 1\n"


def test_an_import_with_a_name_of_its_own_is_answered(witkit: Witkit, guest: Guest) -> None:
    assert witkit("run", "-q", "--invoke", "has-book", guest("labelled")).out == "false\n"


def test_a_program_gets_its_arguments_and_no_environment(
    witkit: Witkit, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "do not show")
    outcome = witkit("run", guest("arguments"), "one", "--quiet", "two words", "")
    assert outcome.out == "[arguments.wasm]\n[one]\n[--quiet]\n[two words]\n[]\n"


def test_options_may_come_directly_after_the_component(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    outcome = witkit("run", guest("counter"), "--key-value=memory", "--quiet")
    assert (outcome.out, outcome.err) == ("run 1\n", "")
    assert not (tmp_path / ".witkit").exists()


def test_what_comes_after_two_dashes_is_for_the_program(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", guest("arguments"), "--quiet", "--", "--quiet", "--help")
    assert outcome.out == "[arguments.wasm]\n[--quiet]\n[--help]\n"


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (["--key-valu", "memory"], "`--key-valu` goes to the program: did you mean `--key-value`?"),
        (["--quite"], "`--quite` goes to the program: did you mean `--quiet`?"),
        (["one", "--watch"], "`--watch` goes to the program: it comes after an argument of the program"),
    ],
)
def test_an_argument_that_was_perhaps_meant_for_witkit_is_reported(
    witkit: Witkit, guest: Guest, arguments: list[str], reported: str
) -> None:
    outcome = witkit("run", guest("arguments"), *arguments)
    assert outcome.out.splitlines()[1:] == [f"[{argument}]" for argument in arguments]
    assert outcome.err == f"witkit: {reported} (put `--` before the program's arguments)\n"
    assert witkit("run", guest("arguments"), "--", *arguments).err == ""


@pytest.mark.parametrize("argument", ["--verbose", "--help", "--set-up", "-q", "key-value", "--"])
def test_an_argument_unlike_any_option_is_passed_without_a_word(witkit: Witkit, guest: Guest, argument: str) -> None:
    outcome = witkit("run", guest("arguments"), "one", argument)
    assert (outcome.out, outcome.err) == (f"[arguments.wasm]\n[one]\n[{argument}]\n", "")


def test_an_option_that_witkit_does_not_have_is_the_programs(witkit: Witkit, guest: Guest) -> None:
    assert witkit("run", guest("arguments"), "--verbose", "--quiet").out == "[arguments.wasm]\n[--verbose]\n[--quiet]\n"


def test_arguments_arrive_as_they_are_in_a_locale_without_utf_8(guest: Guest, tmp_path: Path) -> None:
    named = tmp_path / "größe.wasm"
    named.write_bytes(guest("arguments").read_bytes())
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "WITKIT_CACHE_DIR": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-m", "witkit", "run", str(named), "é"],
        env={**os.environ, **plain},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.stdout.decode(), done.stderr) == ("[größe.wasm]\n[é]\n", b"")


def test_a_program_that_fails_exits_with_1_and_says_so(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", guest("failing"))
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("error[WIT0808]: the program failed: its `run` returned an error\n")
    assert "help" not in outcome.err


def test_a_program_that_fails_is_reported_with_the_error_that_it_got_last(
    witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    with small_disk(tmp_path, 64) as disk:
        fill(disk)
        outcome = witkit("run", "-q", "--key-value", "filesystem", "--key-value-path", disk / "data", guest("counter"))
    assert outcome.code == 1
    assert "error[WIT0808]: the program failed: its `run` returned an error" in outcome.err
    reported = "the last error from an import: `[method]keyvalue.set` returned `io-error`: No space left on device"
    assert reported in outcome.err


FAILING = """
import wit_world.exports
from componentize_py_types import Err
from wit_world.imports import keyvalue

class Run(wit_world.exports.Run):
    def run(self):
        {body}
"""

RUN = "world app { import spiderlightning:keyvalue/keyvalue@0.5.1; export wasi:cli/run@0.2.0; }"


@pytest.mark.parametrize(
    ("body", "line", "reported"),
    [
        (
            'keyvalue.Keyvalue.open("orders").get("tea")',
            'keyvalue.Keyvalue.open("orders").get("tea")',
            "its `run` raised `Err` with `key-not-found`: tea",
        ),
        ("raise Err(None)", "raise Err(None)", "its `run` raised `Err` with None"),
    ],
)
def test_a_guest_under_python_that_fails_is_reported_at_its_line(
    body: str, line: str, reported: str, witkit: Witkit, tmp_path: Path
) -> None:
    app = project(tmp_path, RUN, FAILING.format(body=body), "keyvalue")
    shutil.copytree(SOURCES / "wit" / "deps" / "cli", app.parent / "wit" / "deps" / "cli")
    shutil.copytree(SOURCES / "wit" / "deps" / "io", app.parent / "wit" / "deps" / "io")
    outcome = witkit("run", "-q", "--key-value", "memory", app)
    assert outcome.code == 1
    assert f"error[WIT0808]: the program failed: {reported}" in outcome.err
    assert f"| {' ' * 8}{line}\n" in outcome.err


def test_a_program_that_leaves_with_an_error_exits_with_1(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", guest("leaving"))
    assert (outcome.code, outcome.out, outcome.err) == (1, "", "")
