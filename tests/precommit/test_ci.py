"""The steps of `action.yml` and `ci/gitlab.yml`, run as the services run them, by a shell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.cli.command_line import BROKEN, CLEAN, package

UNDOCUMENTED = CLEAN.replace("  /// What an item costs, in cents.\n", "")
UNFORMATTED = CLEAN.replace("  import", "import")


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def run(script: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI_"))}
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=cwd,
        env={**inherited, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("text", "command", "args", "code", "line"),
    [
        (UNDOCUMENTED, "check", "", 1, "::warning file=wit/shop.wit,line=4,"),
        (CLEAN, "check", "--preset minimal wit", 0, "nothing to report in 1 package"),
        (BROKEN, "check", "", 1, "::error file=wit/shop.wit,line=5,"),
        (UNFORMATTED, "fmt", "", 1, "wit/shop.wit: would be formatted"),
        (CLEAN, "deps check", "", 0, "nothing to report in 1 package; no packages locked"),
        (CLEAN, "diff", "before", 1, "::error file=wit/shop.wit,line=5,"),
    ],
)
def test_the_action_annotates(
    text: str, command: str, args: str, code: int, line: str, repository: Path, tmp_path: Path
) -> None:
    package(tmp_path / "wit", text)
    package(tmp_path / "before", text.replace("func(item: string) -> option", "func(item: u32) -> option"))
    *_, step = read_yaml(repository / "action.yml")["runs"]["steps"]
    done = run(step["run"], tmp_path, PYTHON=sys.executable, COMMAND=command, ARGS=args)
    assert done.returncode == code, done.stdout + done.stderr
    assert line in done.stdout


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ("'a b/wit' --preset minimal", 0, "nothing to report in 1 package"),
        ('"a b/wit"', 1, "::warning file=a b/wit/shop.wit,line=4,"),
        ("a*", 1, "a*"),
        ("$(touch made) `touch made` ; touch made", 1, "$(touch"),
        ("back\\slash", 1, "back\\slash"),
        ("'a b", 1, "args of the action: No closing quotation: 'a b"),
    ],
)
def test_the_action_splits_arguments_at_spaces_without_quotes(
    args: str, code: int, said: str, repository: Path, tmp_path: Path
) -> None:
    package(tmp_path / "a b" / "wit", UNDOCUMENTED)
    *_, step = read_yaml(repository / "action.yml")["runs"]["steps"]
    done = run(step["run"], tmp_path, PYTHON=sys.executable, COMMAND="check", ARGS=args)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
    assert not (tmp_path / "made").exists()


def test_the_action_installs_itself_or_a_release(repository: Path, tmp_path: Path) -> None:
    _, step, _ = read_yaml(repository / "action.yml")["runs"]["steps"]
    for version, installed in (("", "/action"), ("0.1.0", "witkit==0.1.0")):
        done = run(step["run"], tmp_path, PYTHON="echo", VERSION=version, ACTION="/action")
        assert done.stdout.split()[-1] == installed


def jobs(repository: Path) -> Iterator[tuple[str, list[str]]]:
    for name, job in read_yaml(repository / "ci" / "gitlab.yml").items():
        if "script" in job:
            yield name, job["script"]


def test_the_gitlab_jobs_write_reports_and_fail(repository: Path, tmp_path: Path) -> None:
    package(tmp_path / "wit", UNDOCUMENTED)
    run(
        "witkit fmt; git init --quiet; git add .; git -c user.name=t -c user.email=t@example.com commit -qm t", tmp_path
    )
    package(tmp_path / "wit", (tmp_path / "wit" / "shop.wit").read_text().replace("option<u32>", "u32"))
    for name, script in jobs(repository):
        done = run("\n".join(script), tmp_path, CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD")
        assert done.returncode == 1, (name, done.stdout + done.stderr)
        report = json.loads((tmp_path / "gl-code-quality-report.json").read_text())
        assert {finding["location"]["path"] for finding in report} == {"wit/shop.wit"}
        # People find the same in the log.
        assert report[0]["check_name"] in done.stdout
