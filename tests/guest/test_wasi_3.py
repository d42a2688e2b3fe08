"""A guest of a world of WASI 0.3, run by this Python: what it does not call needs no backend."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.cli.group import run

FILES = {
    "wit/hello.wit": "package test:hello; world hello { include wasi:cli/command@0.3.0; import acme:log/log; }",
    "wit/deps/log/log.wit": "package acme:log; interface log { log: func(text: string); }",
    "wit/deps/clocks/clocks.wit": """package wasi:clocks@0.3.0;
interface monotonic-clock {
  type mark = u64; type duration = u64;
  now: func() -> mark; get-resolution: func() -> duration;
  wait-until: async func(when: mark); wait-for: async func(how-long: duration);
}
interface system-clock {
  record instant { seconds: s64, nanoseconds: u32 }
  now: func() -> instant; get-resolution: func() -> u64;
}
""",
    "wit/deps/random/random.wit": """package wasi:random@0.3.0;
interface random { get-random-bytes: func(max-len: u64) -> list<u8>; get-random-u64: func() -> u64; }
interface insecure-seed { get-insecure-seed: func() -> tuple<u64, u64>; }
""",
    "wit/deps/cli/cli.wit": """package wasi:cli@0.3.0;
interface environment {
  get-environment: func() -> list<tuple<string, string>>;
  get-arguments: func() -> list<string>;
  get-initial-cwd: func() -> option<string>;
}
interface exit { exit: func(status: result); }
interface stdout {
  enum error-code { io, pipe }
  write-via-stream: func(data: stream<u8>) -> future<result<_, error-code>>;
}
interface run { run: async func() -> result; }
world command {
  import environment; import exit; import stdout;
  import wasi:clocks/monotonic-clock@0.3.0; import wasi:clocks/system-clock@0.3.0;
  import wasi:random/random@0.3.0; import wasi:random/insecure-seed@0.3.0;
  export run;
}
""",
}
APP = """
from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import (
    environment, exit, insecure_seed, log, monotonic_clock, random, stdout, system_clock
)

class Run(exports.Run):
    async def run(self) -> None:
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(project: Path, *lines: str) -> int:
    (project / "app.py").write_text(APP + "".join(f"        {line}\n" for line in lines))
    return run(["run", "app.py", "one"])


CALLS = {
    "print('Hello, world!')": "Hello, world!\n",
    "print(environment.get_arguments(), environment.get_environment(), environment.get_initial_cwd())": (
        "['app.py', 'one'] [] None\n"
    ),
    "print(len(random.get_random_bytes(3)), len(insecure_seed.get_insecure_seed()))": "3 2\n",
    "print(system_clock.now().seconds > 1_700_000_000, system_clock.get_resolution() > 0)": "True True\n",
    "await monotonic_clock.wait_until(20_000_000); print(monotonic_clock.now() >= 20_000_000)": "True\n",
    "await monotonic_clock.wait_for(1); print(monotonic_clock.get_resolution() > 0)": "True\n",
}


@pytest.mark.parametrize("line", CALLS)
def test_what_needs_no_streams_is_there(line: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(project, line) == 0
    assert capsys.readouterr() == (CALLS[line], "")


def test_the_program_fails_as_it_says(project: Path) -> None:
    assert _run(project, "raise Err(None)") == 1


@pytest.mark.parametrize(
    ("line", "name"),
    [("log.log('x')", "acme:log/log"), ("stdout.write_via_stream(None)", "wasi:cli/stdout@0.3.0")],
)
def test_what_is_called_and_not_provided_is_reported_at_the_call(
    line: str, name: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(project, "try:", f"    {line}", "except Exception: pass") == 1
    said = capsys.readouterr().err
    assert said.startswith(f"error[WIT0803]: nothing provides the import `{name}`\n  --> app.py:11:13\n")
