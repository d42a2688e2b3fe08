"""`[grants]` and `[limits]`: what is read, what goes over what, and what is wrong."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path

import pytest

from witkit.program.grants import Grants, granted, limits_over, size
from witkit.program.project import Configuration, read_configuration
from witkit.runtime import Limits
from witkit.text import Diagnostic, WitkitError


def configured(folder: Path, text: str) -> Configuration:
    file = folder / "witkit.toml"
    file.write_text(text)
    return read_configuration(file)


def refused(folder: Path, text: str) -> list[str]:
    """All findings, each with its line."""
    with pytest.raises(WitkitError) as wrong:
        configured(folder, text)
    return [f"{line(each)} {each.code} {each.message}" for each in wrong.value.diagnostics]


def line(said: Diagnostic) -> int:
    assert said.primary is not None
    return said.primary.source.position(said.primary.start)[0]


def test_folders_are_relative_to_the_file_and_keep_their_name(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "site").mkdir()
    grants = configured(tmp_path, '[grants]\ndirs = ["data", "site::/www:ro"]\n').grants
    wasi = grants.wasi(["app"])
    assert wasi.dirs == {"data": tmp_path / "data"}
    assert wasi.read_only_dirs == {"/www": tmp_path / "site"}


def test_variables_are_values_or_those_of_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVEN", "here")
    monkeypatch.delenv("MISSING", raising=False)
    grants = configured(tmp_path, '[grants]\nenv = ["GIVEN", "MISSING", "MODE=a=b", "EMPTY="]\n').grants
    assert grants.variables() == {"GIVEN": "here", "MODE": "a=b", "EMPTY": ""}
    assert grants.unset == ["MISSING"]


def test_variables_may_be_a_table_with_references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORD", "${env:NOT_LOOKED_UP_AGAIN}")
    (tmp_path / "token").write_text("t0ken\n")
    grants = configured(tmp_path, '[grants.env]\nWORD = "<${env:WORD}>"\nTOKEN = "${file:token}"\n').grants
    assert grants.variables() == {"WORD": "<${env:NOT_LOOKED_UP_AGAIN}>", "TOKEN": "t0ken"}


def test_a_variable_of_this_process_is_passed_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPLATE", "${env:NOBODY}")
    assert configured(tmp_path, '[grants]\nenv = ["TEMPLATE"]\n').grants.variables() == {"TEMPLATE": "${env:NOBODY}"}
    assert granted(["TEMPLATE=${env:NOBODY}"]).variables() == {"TEMPLATE": "${env:NOBODY}"}


def test_limits_have_units(tmp_path: Path) -> None:
    read = configured(tmp_path, '[limits]\nmemory = "64MiB"\ntimeout = 1.5\nfuel = 1_000\n').limits
    assert read == Limits(memory=64 * 2**20, timeout=1.5, fuel=1000)
    assert configured(tmp_path, "[limits]\nmemory = 65536\n").limits == Limits(memory=65536)


def test_guests_that_nobody_trusts_have_a_bound_foreverything(tmp_path: Path) -> None:
    assert configured(tmp_path, "[limits]\nuntrusted = true\n").limits == Limits.untrusted()
    assert configured(tmp_path, "[limits]\nuntrusted = false\n").limits == Limits()


def test_bounds_beside_untrusted_replace_its_own(tmp_path: Path) -> None:
    text = '[limits]\nuntrusted = true\nmemory = "1GiB"\ntimeout = 60\nfuel = 5\ntables = 2\ndescriptors = 7\n'
    found = configured(tmp_path, text).limits
    assert found == Limits.untrusted(memory=2**30, timeout=60.0, fuel=5, tables=2, descriptors=7)
    assert limits_over(Limits(timeout=1), found).timeout == 1


def test_every_bound_has_its_name_in_the_file(tmp_path: Path) -> None:
    bounds = {each.name: number for number, each in enumerate(fields(Limits), start=1)}
    text = "".join(f"{name} = {value}\n" for name, value in bounds.items())
    assert asdict(configured(tmp_path, f"[limits]\n{text}").limits) == bounds


@pytest.mark.parametrize(("text", "value"), [("1", 1), ("2kB", 2000), ("3 GiB", 3 * 2**30), ("7B", 7)])
def test_a_size_is_a_number_with_or_without_a_unit(text: str, value: int) -> None:
    assert size(text) == value


@pytest.mark.parametrize("text", ["", "0", "-1", "MiB", "1mib", "1.5MiB", "64M", True, 1.0, str(1 << 62)])
def test_anything_else_is_not_a_size(text: object) -> None:
    with pytest.raises(ValueError, match="64MiB"):
        size(text)


def test_options_go_over_the_file_name_by_name() -> None:
    project = granted(["A=1", "B=2"], ["data", "site::/www:ro"], network=True)
    both = granted(["B=3"], ["other::/www"], network=None).over(project)
    assert both.env == {"A": "1", "B": "3"}
    assert {name: (str(each.host), each.read_only) for name, each in both.folders.items()} == {
        "data": ("data", False),
        "/www": ("other", False),
    }
    assert both.network is True
    assert granted(network=False).over(project).network is False
    assert limits_over(Limits(timeout=1), Limits(timeout=9, memory=5)) == Limits(timeout=1, memory=5)


def test_all_mistakes_are_reported_with_those_of_the_other_tables(tmp_path: Path) -> None:
    text = """\
[key-value]
backend = "sqlit"

[grants]
dirs = ["::/data"]
env = ["=x"]
network = "yes"
files = []

[limits]
memory = "64 pages"
timeout = 0
fuel = "much"
time = 1
untrusted = 1
tables = 0
"""
    assert refused(tmp_path, text) == [
        "2 WIT0904 `backend` cannot be `sqlit`",
        "5 WIT0904 `dirs` is wrong: a folder has the form HOST, HOST::GUEST or HOST::GUEST:ro",
        "6 WIT0904 `env` is wrong: a variable has the form NAME or NAME=VALUE",
        "7 WIT0904 `network` must be true or false",
        "8 WIT0903 `grants` has no key `files`",
        "11 WIT0904 `memory` is wrong: it must be a size in bytes, such as 64MiB; units: B, kB, MB, GB, KiB, MiB, GiB",
        "12 WIT0904 `timeout` is wrong: it must be a number of seconds, more than 0",
        "13 WIT0904 `fuel` is wrong: it must be a whole number, at least 1",
        "14 WIT0903 `limits` has no key `time`",
        "15 WIT0904 `untrusted` must be true or false",
        "16 WIT0904 `tables` is wrong: it must be a whole number, at least 1",
    ]


def test_the_network_is_all_or_nothing_or_a_list(tmp_path: Path) -> None:
    allowed = 'network = ["tcp://db.example.com:5432", "udp://10.0.0.0/8:53"]'
    for given, meant in [
        ("", False),
        ("network = true", True),
        ("network = false", False),
        (allowed, ("tcp://db.example.com:5432", "udp://10.0.0.0/8:53")),
    ]:
        assert configured(tmp_path, f"[grants]\n{given}\n").grants.wasi([]).network == meant
    assert refused(tmp_path, '[grants]\nnetwork = ["http://example.com"]\n') == [
        "2 WIT0904 `network` is wrong: `http://example.com` is not an entry of `network`; write `tcp://HOST:PORT`, "
        "`udp://HOST:PORT`, `tcp-listen://HOST:PORT` or `udp-listen://HOST:PORT`"
    ]


def test_what_is_missing_is_reported_at_its_line_when_it_is_granted(tmp_path: Path) -> None:
    grants = configured(tmp_path, '[grants]\ndirs = ["gone"]\nenv = ["A=${env:WITKIT_NO_SUCH_VARIABLE}"]\n').grants
    assert [(line(each), each.code) for each in grants.problems()] == [(2, "WIT0721"), (3, "WIT0910")]
    with pytest.raises(WitkitError):
        grants.wasi([])


def test_values_of_variables_are_not_in_the_representation() -> None:
    assert "hunter2" not in repr(Grants({"PASSWORD": "hunter2"}))


def test_every_name_in_a_table_of_variables_is_one(tmp_path: Path) -> None:
    with pytest.raises(WitkitError) as wrong:
        configured(tmp_path, '[grants.env]\n"A=B" = "c"\n"" = "d"\nE = "f=g"\n')
    assert [said.message for said in wrong.value.diagnostics] == [
        "`A=B` is wrong: the name of a variable has no `=`",
        "`` is wrong: a variable has the form NAME or NAME=VALUE",
    ]
