"""Files with odd names: every format stays valid, and says which file it is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import jsonschema  # type: ignore[import-untyped]
import pytest

from tests.cli.command_line import witkit
from tests.text.sarif_schema import SARIF

TEXT = "package a:b;\ninterface i {\n  use j.{t};\n}\ninterface j {\n  type t = u8;\n}\n"
NAMES = {
    "not-utf-8": b"n\xff",
    "line-end": b"new\nerror[WIT0001]: no",
    "escape": b"esc\x1b[31m",
    "option": b"-x",
    "space": b"sp ace",
    "marks": b"a:b,c%d#e?f",
    "quotes": b'it\'s "it"',
    "markup": b"<a>&amp;|`x`*",
    "backslash": b"back\\slash",
    "return": b"c\rr",
    "bidirectional": "\u202eü".encode(),
    "command": b"::error::x",
}


@pytest.fixture(params=NAMES.values(), ids=list(NAMES))
def name(request: pytest.FixtureRequest, tmp_path: Path) -> bytes:
    """The name of a package's only file, with one finding."""
    file: bytes = request.param + b".wit"
    (tmp_path / os.fsdecode(file)).write_text(TEXT, encoding="utf-8")
    return file


def checked(folder: Path, name: bytes, format: str) -> str:
    done = witkit("check", "--format", format, "--", os.fsdecode(name), cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    return done.stdout


def shown(name: bytes) -> str:
    """The name in JSON, which has no bytes."""
    return name.decode("utf-8", "backslashreplace")


def test_json_has_no_lone_surrogates(name: bytes, tmp_path: Path) -> None:
    (finding,) = json.loads(checked(tmp_path, name, "json"))
    finding["file"].encode("utf-8")
    assert finding["file"] == finding["fix"]["edits"][0]["file"] == shown(name)


def test_gitlab_has_no_lone_surrogates(name: bytes, tmp_path: Path) -> None:
    (finding,) = json.loads(checked(tmp_path, name, "gitlab"))
    assert finding["location"]["path"] == shown(name)


def test_sarif_has_the_bytes_of_the_name(name: bytes, tmp_path: Path) -> None:
    log: dict[str, Any] = json.loads(checked(tmp_path, name, "sarif"))
    jsonschema.validate(log, SARIF)
    (result,) = log["runs"][0]["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert unquote_to_bytes(location["uri"]) == name


def test_junit_is_xml_in_ascii(name: bytes, tmp_path: Path) -> None:
    text = checked(tmp_path, name, "junit")
    assert text.isascii()
    (case,) = ElementTree.fromstring(text).iter("testcase")
    assert len(case.attrib["file"].splitlines()) == 1


@pytest.mark.parametrize("format", ["text", "markdown", "github"])
def test_a_name_takes_one_line_and_controls_no_terminal(format: str, name: bytes, tmp_path: Path) -> None:
    text = checked(tmp_path, name, format)
    assert [line for line in text.splitlines() if line.startswith("error")] == []
    if format != "github":
        assert not {"\x1b", "\r", "\u202e"} & set(text)


def test_github_finds_the_file(name: bytes, tmp_path: Path) -> None:
    annotation, *rest = checked(tmp_path, name, "github").split("\n")
    assert rest[0].startswith("1 warning in 1 package")
    value = annotation.removeprefix("::warning file=").partition(",")[0]
    assert unescaped(value) == shown(name)


def test_fmt_names_a_file_in_one_line(name: bytes, tmp_path: Path) -> None:
    done = witkit("fmt", "--check", "--", os.fsdecode(name), cwd=tmp_path)
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 2)
    changes = witkit("fmt", "--diff", "--", os.fsdecode(name), cwd=tmp_path).stdout.split("\n")
    assert [line[:4] for line in changes[:3]] == ["--- ", "+++ ", "@@ -"]
    assert not {"\x1b", "\r", "\u202e"} & {*done.stdout, *"".join(changes)}


def unescaped(value: str) -> str:
    """A property as the runner of GitHub Actions reads it."""
    for mark, text in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(mark, text)
    return value


LIKE_OPTIONS = ("-x.wit", "--fix.wit", "--baseline=b.wit", "-.wit", "--.wit")


@pytest.mark.parametrize("file", LIKE_OPTIONS)
def test_a_file_is_not_an_option_even_if_it_looks_like_one(file: str, tmp_path: Path) -> None:
    """So pre-commit names it."""
    (tmp_path / file).write_text(TEXT, encoding="utf-8")
    done = witkit("check", "--format", "json", file, cwd=tmp_path)
    assert [finding["file"] for finding in json.loads(done.stdout)] == [file]
    assert witkit("fmt", "--check", file, cwd=tmp_path).stdout.startswith(f"{file}: would be formatted")


def test_what_is_not_a_file_is_an_option(tmp_path: Path) -> None:
    done = witkit("check", "--x.wit", cwd=tmp_path)
    assert (done.returncode, "No such option" in done.stderr) == (2, True)
