"""`witkit run app.py` and `witkit run app.wasm`: arguments, environment, input, output and exit codes are the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command_line import witkit, witkit_with_input
from tests.guest.building import built

WIT = """package test:same;
world same {
  export wasi:cli/run@0.2.0;
  export leave: func(code: u8);
  export say: func(text: string) -> result<string, string>;
  export item: func() -> u32;
}
"""
RUN = "package wasi:cli@0.2.0;\ninterface run { run: func() -> result; }\n"
APP = """
import os
import sys
from componentize_py_types import Err

AT_IMPORT = os.environ.get("WITKIT_GUEST")

class WitWorld:
    def leave(self, code):
        sys.exit(code)

    def say(self, text):
        if text == "no":
            raise Err("refused")
        return text + sys.stdin.read()

    def item(self):
        return {}["item"]

class Run:
    def run(self):
        print(sys.argv[1:], AT_IMPORT, os.environ.get("WITKIT_GUEST"), dict(os.environ), len(os.environ))
        os.environ["MINE"] = "1"
        print(os.getenv("MINE"), [*os.environ], os.environ.copy())
        print(sys.stdin.read(), file=sys.stderr)
        what = sys.argv[1] if len(sys.argv) > 1 else ""
        if what == "fail":
            raise Err(None)
        if what == "exit":
            sys.exit({"none": None, "text": "gone"}.get(sys.argv[2], None) if sys.argv[2:] and
                     not sys.argv[2].isdigit() else int(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("same")
    (folder / "wit" / "deps").mkdir(parents=True)
    (folder / "wit" / "same.wit").write_text(WIT)
    (folder / "wit" / "deps" / "cli.wit").write_text(RUN)
    (folder / "app.py").write_text(APP)
    (folder / "pyproject.toml").write_text("[tool.witkit]\n")
    built(folder, "same", folder)
    return folder


def _both(project: Path, before: list[str], behind: list[str]) -> list[tuple[int, str, str]]:
    """What the guest and its component do: exit code and both outputs."""
    done = []
    for guest in ("app.py", "component.wasm"):
        command = ["run", *before, guest, *behind]
        stdin = "from hëre".encode()
        run = witkit_with_input(stdin, *command, cwd=project, encoding="latin-1", WITKIT_GUEST="seen")
        done.append((run.returncode, run.stdout, run.stderr.replace(guest, "GUEST")))
    return done


LINE = re.compile(r"  --> GUEST:\d+:\d+\n   \|\n\d+ \|.*\n   \|.*\n")
PROGRAMS = {
    "arguments": (["--", "-x", "--invoke", "--", "b c", "ü", "→"], 0),
    "an error": (["fail"], 1),
    "exit 0": (["exit", "0"], 0),
    "exit without a code": (["exit", "none"], 0),
    "exit 7": (["exit", "7"], 1),
    "exit 256": (["exit", "256"], 1),
    "exit with a text": (["exit", "text"], 1),
}


@pytest.mark.parametrize("case", PROGRAMS)
def test_a_program_does_the_same_under_cpython(case: str, project: Path) -> None:
    behind, code = PROGRAMS[case]
    native, component = _both(project, ["--quiet"], behind)
    assert native[:2] == component[:2]
    # Under CPython the line of the guest is known, and what it raised.
    assert LINE.sub(" --> GUEST\n", native[2]).replace("raised `Err` with None", "returned an error") == component[2]
    assert native[0] == code
    assert "None None {} 0\n1 ['MINE'] {'MINE': '1'}\n" in native[1]
    assert "from hëre" in native[2]


CALLS = [["say", "a"], ["say", "no"], ["run"], ["nothing-like-it"]]


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_call_does_the_same_under_cpython(call: list[str], project: Path) -> None:
    native, component = _both(project, ["--invoke", call[0]], call[1:])
    assert native == component


@pytest.mark.parametrize("code", ["0", "3"])
def test_a_function_that_ends_the_program_has_no_answer(code: str, project: Path) -> None:
    native, component = _both(project, ["--invoke", "leave"], [code])
    for status, output, problem in (native, component):
        assert (status, output) == (1, "")
        assert f"`leave` ended the program with exit code {int(code != '0')}" in problem


@pytest.mark.parametrize(
    ("call", "reported"),
    [
        ("pass", ""),
        ("wit_world.tick()", "nothing provides the import `tick`"),
        ("outgoing.send()", "nothing provides the import `wasi:http/outgoing@0.2.0`"),
    ],
)
def test_an_import_that_nothing_provides_may_stay_uncalled(call: str, reported: str, tmp_path: Path) -> None:
    (tmp_path / "wit" / "deps").mkdir(parents=True)
    (tmp_path / "wit" / "deps" / "http.wit").write_text(
        "package wasi:http@0.2.0;\ninterface outgoing { send: func(); }\n"
    )
    uses = "import tick: func() -> u32;\nimport wasi:http/outgoing@0.2.0;\nexport f: func();"
    (tmp_path / "wit" / "w.wit").write_text(f"package a:b;\nworld w {{ {uses} }}\n")
    imports = "import wit_world\nfrom wit_world.imports import outgoing\n"
    (tmp_path / "app.py").write_text(f"{imports}class WitWorld:\n    def f(self):\n        {call}\n")
    done = witkit("run", "--invoke", "f", "app.py", cwd=tmp_path)
    assert done.returncode == bool(reported)
    assert done.stderr.startswith(f"error[WIT0803]: {reported}\n --> app.py:5:9\n" if reported else "")
    assert done.stderr.count("error[") == bool(reported)
