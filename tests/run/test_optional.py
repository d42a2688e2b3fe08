"""`--optional` and `--profile`: imports that are left out, and those that a host does not promise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.run.conftest import Guest, Witkit
from tests.run.guests import SOURCES
from tests.run.projects import project
from witkit._resources import data_folder

WORLD = """\
world gardens {
  import count-clouds: func() -> u32;
  export look: func(up: bool) -> u32;
}
"""
APP = """\
import wit_world


class WitWorld(wit_world.WitWorld):
    def look(self, up: bool) -> int:
        return wit_world.count_clouds() if up else 0
"""


def test_imports_that_are_left_out_stop_only_a_guest_that_calls_them(witkit: Witkit, guest: Guest) -> None:
    left_out = ("--optional", "example:weather/forecast", "--optional", "spiderlightning:keyvalue/keyvalue@0.4.0")
    assert "nothing provides the import `log`" in witkit("run", *left_out, guest("greedy")).err
    outcome = witkit("run", "--quiet", *left_out, "--optional", "log", guest("greedy"))
    assert (outcome.code, outcome.out) == (1, "")
    assert "error[WIT0804]: the guest called `log`, an optional import that is not provided" in outcome.err


def test_an_import_with_a_backend_can_be_left_out(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    outcome = witkit("run", "--optional", "spiderlightning:keyvalue/keyvalue", guest("counter"))
    assert outcome.code == 1
    assert "an optional import that is not provided" in outcome.err
    assert not (tmp_path / ".witkit").exists()


def test_a_name_that_no_import_has_is_reported(witkit: Witkit, guest: Guest) -> None:
    for option in (("--check",), ()):
        outcome = witkit("run", *option, "--optional", "spiderlightning:keyvalue/keyvalu", guest("counter"))
        assert outcome.code == 1
        assert "error[WIT0715]: the optional import `spiderlightning:keyvalue/keyvalu`" in outcome.out + outcome.err
        assert "did you mean `spiderlightning:keyvalue/keyvalue@0.5.1`?" in outcome.out + outcome.err


def test_a_guest_under_python_stops_at_the_line_of_the_call(witkit: Witkit, tmp_path: Path) -> None:
    app = project(tmp_path, WORLD, APP)
    checked = witkit("run", "--check", "--optional", "count-clouds", "--invoke", "look", app, "true")
    assert "WIT0803" not in checked.out
    assert witkit("run", "--optional", "count-clouds", "--invoke", "look", app, "false").out == "0\n"
    outcome = witkit("run", "--optional", "count-clouds", "--invoke", "look", app, "true")
    assert outcome.code == 1
    said = "error[WIT0806]: the guest called `count-clouds`, an optional import that is not provided"
    assert f"{said}\n --> project/app.py:6:9" in outcome.err


OPENING = """\
import wit_world
from wit_world.imports import keyvalue


class WitWorld(wit_world.WitWorld):
    def call(self) -> None:
        try:
            keyvalue.Keyvalue.open("orders")
        except BaseException as error:
            print("caught", error)
"""


def test_a_component_and_a_guest_under_python_hear_the_same(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    world = "world app { import spiderlightning:keyvalue/keyvalue@0.5.1; export call: func(); }\n"
    app = project(tmp_path, world, OPENING, "keyvalue")
    left_out = ("run", "--optional", "spiderlightning:keyvalue/keyvalue")
    component, native = witkit(*left_out, guest("counter")), witkit(*left_out, "--invoke", "call", app)
    called = "`spiderlightning:keyvalue/keyvalue@0.5.1#[static]keyvalue.open`"
    for outcome in (component, native):
        assert outcome.code == 1
        assert f": the guest called {called}, an optional import that is not provided\n" in outcome.err
        assert "WIT0803" not in outcome.err
    assert not (tmp_path / ".witkit").exists()


PLACES = """\
import wit_world
from wit_world.imports import environment


class WitWorld(wit_world.WitWorld):
    def call(self) -> None:
        environment.get_environment()
"""


def test_what_wasi_has_can_be_left_out_under_python_too(witkit: Witkit, tmp_path: Path) -> None:
    world = "world app { import wasi:cli/environment@0.2.0; export call: func(); }\n"
    app = project(tmp_path, world, PLACES)
    shutil.copytree(SOURCES / "wit" / "deps", app.parent / "wit" / "deps", dirs_exist_ok=True)
    assert witkit("run", "--invoke", "call", app).code == 0
    outcome = witkit("run", "--optional", "wasi:cli/environment", "--invoke", "call", app)
    assert outcome.code == 1
    assert "the guest called `wasi:cli/environment@0.2.0#get-environment`, an optional import" in outcome.err


def profile(folder: Path, *imports: str) -> Path:
    """A host's world, with what programs need of WASI."""
    home = folder / "profile"
    shutil.copytree(SOURCES / "wit" / "deps", home / "deps")
    shutil.copytree(data_folder("wit") / "keyvalue", home / "deps" / "keyvalue")
    lines = "".join(f"  import {name};\n" for name in ("wasi:cli/stdout@0.2.0", *imports))
    (home / "host.wit").write_text(f"package example:host;\nworld host {{\n{lines}  export wasi:cli/run@0.2.0;\n}}\n")
    return home


def test_an_import_that_the_host_does_not_promise_is_refused(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    for option in (("--check",), ()):
        outcome = witkit("run", *option, "--profile", profile(tmp_path / str(len(option))), guest("counter"))
        said = outcome.out + outcome.err
        assert outcome.code == 1
        assert "error[WIT0780]: the component imports `spiderlightning:keyvalue/keyvalue@0.5.1`" in said
        assert not (tmp_path / ".witkit").exists()


@pytest.mark.parametrize("kind", ["component", "module"])
def test_a_profile_that_cannot_be_read_is_reported_with_other_mistakes(
    kind: str, witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    app = "import wit_world\n\nclass WitWorld(wit_world.WitWorld):\n    def f(self) -> None:\n        pass\n"
    program = guest("counter") if kind == "component" else project(tmp_path, "world w { export f: func(); }\n", app)
    (tmp_path / "witkit.toml").write_text('[limits]\nmemory = "much"\n')
    outcome = witkit("run", "--check", "--profile", "none", program)
    said = outcome.out + outcome.err
    assert "there is no file or folder `none`" in said
    assert "`memory` is wrong" in said


def test_a_component_that_fits_the_world_runs(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    promised = profile(tmp_path, "spiderlightning:keyvalue/keyvalue@0.5.1")
    assert witkit("run", "--profile", promised, guest("counter")).out == "run 1\n"


def test_an_export_that_the_host_calls_is_missed(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    outcome = witkit("run", "--check", "--profile", profile(tmp_path), "--invoke", "answer", guest("library"))
    assert outcome.code == 1
    assert "error[WIT0782]: the component does not export `wasi:cli/run@0.2.0`" in outcome.out


def test_imports_of_wasi_have_to_be_promised_too(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    outcome = witkit("run", "--check", "--profile", profile(tmp_path), guest("arguments"))
    assert "error[WIT0780]: the component imports `wasi:cli/environment@0.2.0`" in outcome.out
    assert "import it in `host` if this host promises it" in outcome.out
