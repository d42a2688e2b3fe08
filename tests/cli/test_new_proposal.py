"""`witkit new proposal`: what it creates passes every check that it sets up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.cli.command_line import witkit
from tests.tools import wasm_tools

HEADINGS = """Current Phase, Champions, Portability Criteria, Introduction, Goals, Non-goals, API walk-through,
Detailed design discussion, Considered alternatives, Stakeholder Interest & Feedback, References & acknowledgements"""


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    done = witkit("new", "proposal", "wasi-key-store", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path / "wasi-key-store"


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def test_it_passes_its_own_checks(proposal: Path) -> None:
    for command in (["check"], ["check", "--preset", "strict"], ["fmt", "--check"], ["deps", "check"]):
        done = witkit(*command, cwd=proposal)
        assert done.returncode == 0, done.stdout + done.stderr
    assert witkit("show", "wit", cwd=proposal).stdout.startswith("package wasi:key-store@0.1.0\n")


def test_wasm_tools_takes_its_package(proposal: Path) -> None:
    wasm_tools.component("wit", "--wasm", "wit", "-o", "package.wasm", cwd=proposal)
    assert (proposal / "package.wasm").read_bytes().startswith(b"\0asm")


def test_its_readme_has_the_headings_of_the_subgroup_in_order(proposal: Path) -> None:
    lines = (proposal / "README.md").read_text(encoding="utf-8").splitlines()
    found = [line.removeprefix("### ") for line in lines if line.startswith("### ")]
    assert found[:-1] == " ".join(HEADINGS.split()).split(", ")


@pytest.mark.parametrize(
    ("file", "validator"),
    [
        (".github/workflows/wit.yml", ("check_jsonschema", "--builtin-schema", "vendor.github-workflows")),
        (".pre-commit-config.yaml", ("pre_commit", "validate-config")),
    ],
)
def test_its_settings_are_valid_for_their_schemas(proposal: Path, file: str, validator: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-m", *validator, file], cwd=proposal, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_hooks_are_those_of_witkit(proposal: Path, repository: Path) -> None:
    (local,) = read_yaml(proposal / ".pre-commit-config.yaml")["repos"]
    manifest = {hook["id"]: hook for hook in read_yaml(repository / ".pre-commit-hooks.yaml")}
    for hook in local["hooks"]:
        shared = {key: value for key, value in hook.items() if key != "additional_dependencies"}
        assert shared.items() <= manifest[hook["id"]].items()


def test_a_new_repository_of_git_may_be_there_already(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path / "mail"], check=True)
    assert witkit("new", "proposal", "mail", cwd=tmp_path).returncode == 0


def test_files_that_exist_are_refused(proposal: Path) -> None:
    before = (proposal / "README.md").read_bytes()
    done = witkit("new", "proposal", "wasi-key-store", cwd=proposal.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert "WIT0926" in done.stderr
    assert (proposal / "README.md").read_bytes() == before


@pytest.mark.parametrize("name", ["Mail", "wasi-", "key_store", "interface"])
def test_a_name_that_wit_does_not_take_is_refused(name: str, tmp_path: Path) -> None:
    done = witkit("new", "proposal", name, cwd=tmp_path)
    assert done.returncode == 2
    assert "WIT0925" in done.stderr
    assert list(tmp_path.iterdir()) == []
