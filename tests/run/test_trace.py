"""`witkit run --trace`: the calls of a component's imports and of a guest's, one line for each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.run.conftest import Guest, Outcome, Witkit
from tests.run.plugins import install, installed, memory
from tests.run.projects import project
from witkit.backends.fronts.table import fronts_of
from witkit.backends.stored_secrets import SecretStore

KEYVALUE = "spiderlightning:keyvalue/keyvalue@0.5.1#keyvalue"
COUNTING = [
    f'{KEYVALUE}.open("counter") -> ok(<keyvalue 1>)',
    f'{KEYVALUE}.get(<keyvalue 1>, "runs") -> err(key-not-found("runs"))',
    f'{KEYVALUE}.set(<keyvalue 1>, "runs", [1]) -> ok',
]
WORLD = """
world app {
  import spiderlightning:keyvalue/keyvalue@0.5.1;
  export count: func();
}
"""
APP = """
import wit_world
from componentize_py_types import Err
from wit_world.imports import keyvalue

class WitWorld(wit_world.WitWorld):
    def count(self):
        store = keyvalue.Keyvalue.open("counter")
        try:
            store.get("runs")
        except Err:
            store.set("runs", b"\\x01")
"""

CONFIGURED = """
import wit_world
from wit_world.imports import configs

class WitWorld(wit_world.WitWorld):
    def count(self):
        print(len(configs.Configs.open("shop").get("greeting")))
"""


def calls(text: str) -> list[str]:
    """The lines of the trace in a text, without the times."""
    lines = [line for line in text.splitlines() if line.startswith("trace: ")]
    assert all(re.search(r" \([\d.]+ (µs|ms|s)\)$", line) for line in lines)
    return [line.removeprefix("trace: ").rpartition(" (")[0] for line in lines]


def test_a_component_shows_its_calls_and_runs_as_without(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--trace", "--key-value", "memory", guest("counter"))
    assert (outcome.code, outcome.out) == (0, "run 1\n")
    assert calls(outcome.err) == COUNTING


def test_a_guest_under_python_shows_the_same_calls(witkit: Witkit, tmp_path: Path) -> None:
    app = project(tmp_path, WORLD, APP, "keyvalue")
    outcome = witkit("run", "--trace", "--key-value", "memory", "--invoke", "count", app)
    assert (outcome.code, calls(outcome.err)) == (0, COUNTING)


def test_an_import_with_a_label_has_its_label(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--trace", "--key-value", "memory", "--invoke", "has-book", guest("labelled"))
    assert calls(outcome.err)[0] == 'orders#keyvalue.open("shop") -> ok(<keyvalue 1>)'


def test_resources_that_are_lent_to_methods_keep_their_numbers(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--trace", "--backend", "sql=memory", "--invoke", "sell", guest("sales"))
    insert, query = calls(outcome.err)[3:5], calls(outcome.err)[-1]
    assert insert == [
        'spiderlightning:sql/sql@0.5.1#statement.prepare("INSERT INTO t (a) VALUES ($1)", ["tea"]) -> <statement 2>',
        "spiderlightning:sql/sql@0.5.1#sql.exec(<sql 1>, <statement 2>) -> ok",
    ]
    assert query.endswith('ok([{field-name: "a", value: str("tea")}, {field-name: "b", value: null}])')


def test_the_trace_can_go_to_a_file(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    outcome = witkit("run", "-q", "--trace-file", "trace.txt", "--key-value", "memory", guest("counter"))
    assert outcome == Outcome(0, "run 1\n", "")
    assert calls((tmp_path / "trace.txt").read_text(encoding="utf-8")) == COUNTING


def test_a_file_that_cannot_be_written_stops_the_run_before_it_begins(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "-q", "--trace-file", "none/trace.txt", guest("counter"))
    said = "error[WIT0908]: `none/trace.txt` cannot be written: no such file or directory\n"
    way_out = " --> none/trace.txt\n  = help: create its folder, or choose another path\n\n"
    assert outcome == Outcome(2, "", said + way_out)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_ends_the_trace_and_not_the_program(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "-q", "--trace-file", "/dev/full", "--key-value", "memory", guest("counter"))
    said = "witkit: `/dev/full` cannot be written: no space left on device; the trace ends here\n"
    assert outcome == Outcome(0, "run 1\n", said)


def test_a_backend_that_fails_is_the_last_line(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    install(tmp_path, memory(call="raise ValueError('url=redis://bob:hunter2secret@db')"))
    with installed(tmp_path):
        outcome = witkit("run", "-q", "--trace", "--key-value", "remote", guest("counter"))
    assert calls(outcome.err)[-1].startswith(f'{KEYVALUE}.open("counter") -> failed: ValueError: ')
    assert (outcome.code, "WIT0809" in outcome.err, "hunter2secret" in outcome.err) == (1, True, False)


def test_secrets_that_a_guest_gets_as_settings_are_masked(witkit: Witkit, tmp_path: Path) -> None:
    SecretStore(tmp_path / "secrets.json").set("shop/greeting", "tell-nobody")
    world = "world app { import spiderlightning:configs/configs@0.5.1; export count: func(); }"
    app = project(tmp_path, world, CONFIGURED, "configs")
    chosen = ["--backend", "configs=secrets", "--set", "configs.path=secrets.json"]
    outcome = witkit("run", "--trace", *chosen, "--invoke", "count", app)
    assert (outcome.code, outcome.out) == (0, "11\n")
    assert calls(outcome.err)[-1].endswith('#configs.get(<configs 1>, "greeting") -> ok([***])')


def test_without_a_trace_no_call_is_observed(witkit: Witkit, guest: Guest) -> None:
    (get,) = (f for f in fronts_of("key-value")[0].described().functions if f.name == "[method]keyvalue.get")
    get.compiled.pop(("observed", "utf8"), None)
    assert witkit("run", "-q", "--key-value", "memory", guest("counter")).code == 0
    assert (("import", "utf8") in get.compiled, ("observed", "utf8") in get.compiled) == (True, False)
