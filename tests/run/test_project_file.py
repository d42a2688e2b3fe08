"""`witkit.toml`: the project's backends, for every run that says nothing else."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.run.conftest import Guest, Witkit
from tests.run.projects import project
from witkit.backends.connect import Choice
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES
from witkit.program.project import combined, read_configuration
from witkit.text import WitkitError

FILES = '[key-value]\nbackend = "filesystem"\npath = "data"\n'


def test_it_chooses_backend_and_settings(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(FILES)
    outcome = witkit("run", guest("counter"))
    assert (outcome.out, outcome.err) == ("run 1\n", "witkit: key-value stores are in the folder data\n")
    assert (tmp_path / "data" / "store-counter").is_dir()


def test_its_paths_are_from_its_own_folder(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "witkit.toml").write_text(FILES)
    assert witkit("run", "--config", "shop/witkit.toml", guest("counter")).code == 0
    assert (tmp_path / "shop" / "data" / "store-counter").is_dir()


def test_its_paths_are_from_its_own_folder_in_an_inline_table_too(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "witkit.toml").write_text('key-value = { backend = "filesystem", path = "data" }')
    assert witkit("run", "--config", "shop/witkit.toml", guest("counter")).code == 0
    assert (tmp_path / "shop" / "data" / "store-counter").is_dir()


def test_options_go_over_it(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(FILES)
    assert witkit("run", "--key-value-path", "other", guest("counter")).err.endswith("in the folder other\n")
    assert "in memory" in witkit("run", "--key-value", "memory", guest("counter")).err
    assert not (tmp_path / "data").exists()


def test_what_a_component_does_not_import_is_ignored(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(FILES)
    assert witkit("run", guest("arguments")).err == ""


UNUSED: Final = """\
[sql]
backend = "postgresql"
urll = "postgresql://shop:${env:NOT_SET}@127.0.0.1:1/shop"
timeout = -1

[messaging]
backend = "redis"
url = "${environment:REDIS_URL}"

[locking.names.orders]
path = 7
"""


def test_what_a_component_does_not_import_may_have_references_to_what_is_not_there(
    witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    text = '[sql]\nbackend = "postgresql"\nurl = "${env:NOT_SET}"\n[locking]\npath = "${secret:gone}"\n'
    (tmp_path / "witkit.toml").write_text(text)
    outcome = witkit("run", guest("arguments"))
    assert (outcome.code, outcome.err) == (0, "")
    assert not (tmp_path / ".witkit").exists()


def test_a_file_for_slight_may_have_backends_for_what_a_component_does_not_import(
    witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    backend = '[[capability]]\nresource = "messaging.azsbus"\nname = "orders"\n[capability.configs]\nKEY = "x"\n'
    (tmp_path / "slightfile.toml").write_text(f'specversion = "0.2"\n{backend}')
    outcome = witkit("run", "-c", "slightfile.toml", guest("arguments"))
    assert (outcome.code, outcome.err) == (0, "")


def test_mistakes_in_what_a_guest_does_not_import_are_reported(
    witkit: Witkit, guest: Guest, tmp_path: Path, text_snapshot: SnapshotAssertion
) -> None:
    (tmp_path / "witkit.toml").write_text(UNUSED)
    app = "import wit_world\n\nclass WitWorld(wit_world.WitWorld):\n    def call(self) -> None:\n        pass\n"
    module = project(tmp_path, "world app { export call: func(); }\n", app)
    said = set()
    for program in ([guest("arguments")], ["--invoke", "call", module]):
        for option in ((), ("--check",)):
            outcome = witkit("run", *option, "--set", "http-client.timout=3", *program)
            assert outcome.code == 2
            said.add((outcome.out + outcome.err).removesuffix("\n5 errors\n").rstrip("\n"))
    assert len(said) == 1
    assert said.pop() == text_snapshot


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("\n[key-valu]\n", "2:1", "error[WIT0903]: `witkit.toml` has no key `key-valu`"),
        ('[key-value]\nbackend = "sqlit"\n', "2:1", "error[WIT0904]: `backend` cannot be `sqlit`"),
        ("key-value = 3\n", "1:1", "error[WIT0904]: `key-value` must be a table"),
        ("[key-value]\n\n  timout = 3\n", "3:3", "error[WIT0910]: there is no setting `timout`"),
        ("[key-value]\ntimeout = -1\n", "2:1", "error[WIT0910]: `timeout` must be a number of seconds, at least 0"),
        ('[key-value]\npath = "a\\u0000b"\n', "2:1", "error[WIT0910]: `path` must be the name of a file"),
        ("[key-value]\npath = 7\n", "2:1", "error[WIT0910]: `path` must be the name of a file"),
        ('key-value = { backend = "sqlite", timout = 3 }', "1:35", "error[WIT0910]: there is no setting `timout`"),
        ('key-value = { names = { "a b" = { path = 7 } } }', "1:35", "error[WIT0910]: `path` must be the name of"),
        ("key-value.timeout = -1\n", "1:11", "error[WIT0910]: `timeout` must be a number of seconds, at least 0"),
        ("[key-value.names]\norders.backend = 3", "2:8", "error[WIT0904]: `backend` must be a string"),
        ("a = " + "[" * 5000 + "]" * 5000, "1:", "error[WIT0902]: this is not valid TOML: it is nested more than"),
        ("[key-value\n", "1:11", "error[WIT0902]: this is not valid TOML"),
        (
            f"[key-value]\ntimeout = {'9' * 5000}",
            "2:11",
            "error[WIT0902]: this is not valid TOML: a number has more than",
        ),
        ("\ufeff[key-valu]\n", "1:1", "error[WIT0903]: `witkit.toml` has no key `key-valu`"),
        ("\ufeff[key-value\n", "1:11", "error[WIT0902]: this is not valid TOML"),
    ],
)
def test_what_is_wrong_in_it_is_reported_at_its_place(
    text: str, place: str, said: str, witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    (tmp_path / "witkit.toml").write_text(text, encoding="utf-8")
    outcome = witkit("run", guest("counter"))
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err
    assert f"--> witkit.toml:{place}" in outcome.err


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("[[key-value]]\n", "1:1", "`key-value` must be a table"),
        ('[providers]\nx = "a:B"\n"" = 3\n', "3:1", '`""` must be a string'),
        ('[grants]\n"" = 3\n', "2:1", '`grants` has no key `""`'),
    ],
)
def test_a_mistake_is_reported_once_and_a_key_without_characters_at_its_place(
    text: str, place: str, said: str, witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    (tmp_path / "witkit.toml").write_text(text)
    outcome = witkit("run", "--check", guest("counter"))
    assert outcome.code == 2
    assert outcome.out.count(said) == 1, outcome.out
    assert f"--> witkit.toml:{place}" in outcome.out


def test_editors_may_begin_it_with_a_byte_order_mark(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(FILES, encoding="utf-8-sig")
    outcome = witkit("run", guest("counter"))
    assert (outcome.out, outcome.err) == ("run 1\n", "witkit: key-value stores are in the folder data\n")
    (tmp_path / "witkit.toml").write_text('password = "hunter2"\n', encoding="utf-8-sig")
    assert "hunter2" not in witkit("run", guest("counter")).err


def test_a_name_without_backend_has_the_default_one_where_others_are_refused(
    witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    (tmp_path / "witkit.toml").write_text('[key-value]\nbackend = "none"\n[key-value.names.counter]\npath = "my.db"\n')
    outcome = witkit("run", guest("counter"))
    assert (outcome.code, outcome.out) == (0, "run 1\n")
    assert outcome.err == "witkit: key-value stores under the name `counter` are in the SQLite file my.db\n"


def test_another_encoding_is_named(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(FILES, encoding="utf-16")
    outcome = witkit("run", guest("counter"))
    assert outcome.code == 2
    assert "error[WIT0901]: `witkit.toml` cannot be read: it is not UTF-8\n --> witkit.toml:1:1\n" in outcome.err


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_byte_that_is_not_utf8_is_named_by_its_place(
    before: bytes, end: bytes, witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    text = before + "# Grüße".encode() + end + b"[key-value]" + end + b'prefix = "a\xe4"' + end
    (tmp_path / "witkit.toml").write_bytes(text)
    outcome = witkit("run", guest("counter"))
    assert outcome.code == 2
    assert "it is not UTF-8\n --> witkit.toml:3:12\n" in outcome.err
    assert "help: save it as UTF-8" in outcome.err


def test_one_that_is_asked_for_must_be_there(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--config", "none.toml", guest("counter"))
    assert outcome.code == 2
    assert "error[WIT0901]: `none.toml` cannot be read" in outcome.err


def test_a_wrong_value_in_a_table_of_settings_is_reported_at_its_key(tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text("[configs.values]\ngreeting = [1]\n")
    with pytest.raises(WitkitError) as wrong:
        Openings(ExitStack()).open(CAPABILITIES["configs"], read_configuration(folder=tmp_path).choices["configs"])
    (said,) = wrong.value.diagnostics
    assert said.primary is not None
    assert said.primary.text == "greeting"


def test_settings_are_combined_key_by_key() -> None:
    project = {"configs": Choice(None, {"values": {"a": "1", "b": "2"}}), "sql": Choice("sqlite", {"limit": 1})}
    given = {"configs": Choice("memory", {"values": {"b": "3"}}), "key-value": Choice("memory")}
    both = combined(project, given)
    assert both["configs"].settings == {"values": {"a": "1", "b": "3"}}
    assert both["sql"] is project["sql"]
    assert both["key-value"] is given["key-value"]


def test_another_backend_does_not_get_the_settings_of_the_projects_own() -> None:
    both = combined({"configs": Choice(None, {"values": {"a": "1"}})}, {"configs": Choice("environment")})
    assert both["configs"] == Choice("environment")
