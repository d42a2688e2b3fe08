"""`witkit run --check`, and what every run checks first: all that prevents a program from running."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from tests.run.conftest import Guest, Witkit
from tests.run.projects import project

EVERYTHING = """\
[key-value]
backend = "redis"
url = "redis://127.0.0.1:{port}"

[grants]
dirs = ["gone"]
"""

WRONG = """\
[key-value]
timout = 3
[key-value.names.orders]
backend = "reddis"
url = "redis://127.0.0.1"
[key-vlue]
[limits]
memory = "much"
"""


@pytest.fixture
def closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_a_program_that_can_run_is_neither_run_nor_compiled(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    outcome = witkit("run", "--check", guest("counter"))
    assert outcome.code == 0
    assert outcome.out == f"nothing prevents `{guest('counter')}` from running\n"
    assert not (tmp_path / ".witkit").exists()
    assert not [file for file in (tmp_path / "cache").rglob("*") if file.suffix == ".cwasm" or "component" in file.name]


def test_a_place_for_data_below_a_file_prevents_a_run(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "witkit.toml").write_text('[key-value]\npath = "notes.txt/data/a.db"\n')
    outcome = witkit("run", "--check", guest("counter"))
    assert outcome.code == 1
    said = outcome.out + outcome.err
    assert f"`notes.txt/data/a.db` cannot be created in `{tmp_path / 'notes.txt'}`: it is a file\n" in said
    assert " --> witkit.toml:2:1\n" in said


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("loop", "cannot be created: too many levels of symbolic links"),
        ("loop/data/a.db", "cannot be created: too many levels of symbolic links"),
        ("x" * 300, "cannot be created: file name too long"),
        ("gone/a.db", "cannot be created in `{}`: the link is broken"),
        ("gone", "cannot be created in `gone`: the link is broken"),
    ],
)
def test_a_place_for_data_that_no_system_gives_is_reported_with_the_others(
    path: str, reason: str, witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "gone").symlink_to("no-folder/none")
    (tmp_path / "witkit.toml").write_text(f'[key-value]\npath = "{path}"\n[limits]\nmemory = "much"\n')
    outcome = witkit("run", "--check", guest("counter"))
    said = outcome.out + outcome.err
    assert f"`{path}` {reason.format(tmp_path / 'gone')}\n --> witkit.toml:2:1\n" in said
    assert "`memory` is wrong" in said


@pytest.mark.parametrize("option", [("--check",), ()])
def test_everything_is_reported_together(
    option: tuple[str, ...], witkit: Witkit, guest: Guest, tmp_path: Path, closed_port: int
) -> None:
    (tmp_path / "witkit.toml").write_text(EVERYTHING.format(port=closed_port))
    outcome = witkit("run", *option, "--invoke", "area", guest("greedy"))
    said = outcome.out + outcome.err
    assert outcome.code == 2  # because of the name of the function
    assert "nothing provides 2 imports: `example:weather/forecast@1.2.0`, `log`" in said
    assert "`witkit run` provides version 0.5.1, which does not fit 0.4.0" in said
    assert "the component does not export a function `area`" in said
    assert "`gone` is not a folder\n --> witkit.toml:6:9" in said
    assert "the backend `redis` for key-value cannot be used" in said
    assert "witkit.toml:3:1" in said
    assert not (tmp_path / ".witkit").exists()


@pytest.mark.parametrize("option", [("--check",), ()])
@pytest.mark.parametrize("kind", ["component", "module"])
def test_mistakes_in_the_file_and_in_options_come_with_those_of_backends(
    kind: str, option: tuple[str, ...], witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    world = "world app { import spiderlightning:keyvalue/keyvalue@0.5.1; export call: func(); }\n"
    app = "import wit_world\n\nclass WitWorld(wit_world.WitWorld):\n    def call(self) -> None:\n        pass\n"
    program = (
        [guest("counter")] if kind == "component" else ["--invoke", "call", project(tmp_path, world, app, "keyvalue")]
    )
    (tmp_path / "witkit.toml").write_text(WRONG)
    outcome = witkit("run", *option, "--set", "sql", *program)
    assert outcome.code == 2
    said = outcome.out + outcome.err
    for message in (
        "`witkit.toml` has no key `key-vlue`",
        "`backend` cannot be `reddis`",
        "`memory` is wrong",
        "`sql` does not have the form CAPABILITY.SETTING=VALUE",
        "there is no setting `timout`",
    ):
        assert said.count(message) == 1
    assert said.count("error[") == 5
    assert not (tmp_path / ".witkit").exists()


def test_a_server_that_does_not_answer_is_reported_with_the_lines_to_correct(
    witkit: Witkit, guest: Guest, closed_port: int
) -> None:
    outcome = witkit(
        "run", "--check", "--key-value", "redis", "--set", f"key-value.url=redis://127.0.0.1:{closed_port}",
        guest("counter"),
    )  # fmt: skip
    assert outcome.code == 1
    assert '[key-value]\n          backend = "redis"\n          url = "redis://127.0.0.1:6379/0"\n' in outcome.out


def test_the_lines_to_correct_are_in_the_table_of_their_name(
    witkit: Witkit, guest: Guest, closed_port: int, tmp_path: Path
) -> None:
    text = '[key-value.names."my shop"]\nbackend = "redis"\nurl = "redis://127.0.0.1:{}"\n'
    (tmp_path / "witkit.toml").write_text(text.format(closed_port))
    outcome = witkit("run", "--check", guest("counter"))
    assert '[key-value.names."my shop"]\n          backend = "redis"\n' in outcome.out


def test_the_nearest_backend_of_one_that_only_slight_has_comes_with_the_line_that_chooses_it(
    witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    entry = '[[capability]]\nresource = "keyvalue.awsdynamodb"\nname = "orders"\n'
    (tmp_path / "slightfile.toml").write_text(f'specversion = "0.2"\n{entry}')
    outcome = witkit("run", "--check", "-c", "slightfile.toml", guest("counter"))
    assert outcome.code == 2
    assert 'the nearest one is `s3`: backend = "s3" in [key-value] of witkit.toml' in outcome.out


LISTS = """\
[configs.values]
one = "${env:WITKIT_NOT_SET_1}"
two = "${env:WITKIT_NOT_SET_2} ${env:WITKIT_NOT_SET_3}"
[http-client]
allow = ["https://shop.example", "a b",
         "ftp://shop.example"]
private = ["localhost", "10.0.0.0/8", "300.0.0.1"]
base = "nowhere"
[http-client.names.tests]
backend = "memory"
[http-client.names.tests.answers]
"GET /" = 3
"GET /price" = "3.20"
"GET ftp://x" = "no"
[grants]
dirs = ["::x", "y::"]
env = ["=1", "=2"]
network = ["tcp://a", "tcp://a.example:80", "b"]
"""


@pytest.mark.parametrize("option", [("--check",), ()])
def test_every_mistake_in_a_list_is_reported_at_its_place(
    option: tuple[str, ...], witkit: Witkit, tmp_path: Path
) -> None:
    world = """\
world app {
  import spiderlightning:configs/configs@0.5.1;
  import spiderlightning:http/http-client@0.5.1;
  export call: func();
}
"""
    app = "import wit_world\n\nclass WitWorld(wit_world.WitWorld):\n    def call(self) -> None:\n        pass\n"
    program = project(tmp_path, world, app, "configs", "http")
    (tmp_path / "witkit.toml").write_text(LISTS)
    outcome = witkit("run", *option, "--invoke", "call", program)
    assert outcome.code == 2
    places = re.findall(r"--> witkit.toml:(\d+:\d+)", outcome.out + outcome.err)
    assert sorted(places, key=lambda place: [int(part) for part in place.split(":")]) == [
        "2:1", "3:1", "3:1", "5:34", "6:10", "7:12", "7:39", "8:1", "12:1", "14:1",
        "16:9", "16:16", "17:8", "17:14", "18:12", "18:45",
    ]  # fmt: skip


def test_a_missing_setting_is_reported_with_the_line_to_add(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--check", "--key-value", "azure", guest("counter"))
    assert outcome.code == 2
    assert "the setting `account` is missing" in outcome.out
    assert '[key-value]\n          account = "…"\n' in outcome.out


def test_a_program_is_missed_before_it_is_compiled(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--check", guest("library"))
    assert outcome.code == 1
    assert "there is no program to run" in outcome.out
    assert "area(of: record { width: u32, height: u32 })" in outcome.out
    assert witkit("run", "--check", "--invoke", "halve", guest("library"), "8").code == 0


def test_a_wrong_number_of_arguments_is_found(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--check", "--invoke", "halve", guest("library"))
    assert outcome.code == 2
    assert "`halve` takes 1 argument, not 0" in outcome.out


def test_a_name_in_the_configuration_that_nothing_opens_is_fine(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text('[key-value.names.unused]\nbackend = "memory"\n')
    assert witkit("run", "--check", guest("counter")).code == 0


def test_a_file_with_settings_that_does_not_exist_is_found(witkit: Witkit, tmp_path: Path) -> None:
    from tests.run.guests import dummy

    component = dummy("configs", tmp_path)
    outcome = witkit("run", "--check", "--backend", "configs=file", "--invoke", "x", component)
    assert "error[WIT0802]" in outcome.out
    assert "settings.toml" in outcome.out


def test_a_file_that_is_not_a_component_is_reported(witkit: Witkit, tmp_path: Path) -> None:
    (tmp_path / "text.wasm").write_text("hello")
    outcome = witkit("run", "--check", "text.wasm")
    assert outcome.code == 1
    assert "error[WIT0703]" in outcome.err


def test_imports_without_a_backend_are_notes_for_a_guest_under_python(witkit: Witkit, tmp_path: Path) -> None:
    world = """\
world plain {
  import count-clouds: func() -> u32;
  export greet: func() -> string;
}
"""
    app = "import wit_world\n\nclass WitWorld(wit_world.WitWorld):\n    def greet(self) -> str:\n        return 'hi'\n"
    module = project(tmp_path, world, app)
    outcome = witkit("run", "--check", "--invoke", "greet", module)
    assert outcome.code == 0
    assert "note[WIT0803]: nothing provides the import `count-clouds`" in outcome.out
    missing = witkit("run", "--check", "--invoke", "wave", module)
    assert missing.code == 2
    assert "does not export a function `wave`" in missing.out
