"""The hooks, run by pre-commit itself in a repository of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.command_line import BROKEN, CLEAN, witkit
from tests.conftest import KEPT

# One environment is made for all tests of this module.
pytestmark = [pytest.mark.xdist_group("precommit"), pytest.mark.thorough]

CONFIG = """repos:
- repo: {repo}
  rev: {rev}
  hooks:
  - id: witkit-fmt
  - id: witkit-check
  - id: witkit-gen
  - id: witkit-diff
"""
PROJECT = '[[tool.witkit.gen]]\ntarget = "host"\nout = "src"\n'


UNUSED = ("tests", "snapshots", "docs", "examples", "benchmarks")
"""The folders that say nothing about the hooks."""


def files(repository: Path) -> list[str]:
    listed = git("ls-files", "--cached", "--others", "--exclude-standard", cwd=repository).splitlines()
    return sorted(name for name in set(listed) if (repository / name).is_file())


def git(*arguments: str, cwd: Path) -> str:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=cwd, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def new_repository(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git("init", "--quiet", "--initial-branch=main", cwd=folder)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--allow-empty", "--message=start", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def kept(repository: Path) -> Path:
    """A folder for what pre-commit makes of this content: its environment takes longer than all tests here."""
    content = sha256(sys.version.encode())
    for name in files(repository):
        if name.split("/")[0] not in UNUSED:
            content.update(f"{name}\0".encode() + sha256((repository / name).read_bytes()).digest())
    folder = KEPT / "precommit" / content.hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    by_use = sorted(folder.parent.iterdir(), key=lambda other: other.stat().st_mtime, reverse=True)
    for other in by_use[3:]:
        if time.time() - other.stat().st_mtime > 3600:
            shutil.rmtree(other)
    return folder


@pytest.fixture(scope="module")
def hooks(repository: Path, kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as pre-commit would clone it, changes that are not committed included."""
    if (kept / "hooks").is_dir():
        return kept / "hooks"
    folder = tmp_path_factory.mktemp("clone") / "hooks"
    for name in files(repository):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(repository / name, folder / name)
    return Path(shutil.move(new_repository(folder), kept))


@pytest.fixture(scope="module")
def home(kept: Path) -> Path:
    """Where pre-commit keeps the environment of the hooks."""
    (kept / "home").mkdir(exist_ok=True)
    return kept / "home"


@pytest.fixture
def project(tmp_path: Path, hooks: Path) -> Path:
    folder = new_repository(tmp_path / "project")
    rev = git("rev-parse", "HEAD", cwd=hooks)
    (folder / ".pre-commit-config.yaml").write_text(CONFIG.format(repo=hooks, rev=rev), encoding="utf-8")
    (folder / "README").write_text("nothing about WIT\n", encoding="utf-8")
    return folder


def pre_commit(*arguments: str | Path, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    if (cwd / ".git").exists():
        git("add", "--all", cwd=cwd)
    command = [sys.executable, "-m", "pre_commit", *map(str, arguments)]
    environment = {**os.environ, "PRE_COMMIT_HOME": str(home), "NO_COLOR": "1", "PRE_COMMIT_COLOR": "never"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def outcome(said: str, hook: str) -> str:
    """`Passed`, `Failed` or `(no files to check)Skipped`: the result after the dots of the hook's line."""
    (line,) = (line for line in said.splitlines() if line.startswith(f"{hook}."))
    return line.removeprefix(hook).lstrip(".")


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_the_manifest_is_valid(repository: Path, home: Path) -> None:
    done = pre_commit("validate-manifest", repository / ".pre-commit-hooks.yaml", cwd=home, home=home)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_clean_package_passes_as_try_repo(project: Path, hooks: Path, home: Path) -> None:
    write(project, "wit/shop.wit", CLEAN)
    write(project, "wit/lists.wit", "interface lists { type price-list = u8; }\n")
    write(project, "wit/more.wit", "interface more { use lists.{price-list}; type prices = price-list; }\n")
    done = pre_commit("try-repo", hooks, "witkit-check", "--all-files", "--verbose", cwd=project, home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert outcome(done.stdout, "witkit check") == "Passed"
    assert "nothing to report in 1 package" in done.stdout


def test_a_broken_package_fails_with_its_findings(project: Path, home: Path) -> None:
    write(project, "wit/shop.wit", BROKEN)
    done = pre_commit("run", "witkit-check", "--all-files", cwd=project, home=home)
    assert done.returncode == 1
    assert outcome(done.stdout, "witkit check") == "Failed"
    assert "wit/shop.wit:5:39" in done.stdout


def test_a_commit_without_wit_files_skips_all(project: Path, home: Path) -> None:
    write(project, "app.py", "print('no WIT here')\n")
    write(project, "app.wasm", "not vendored, so not a package\n")
    write(project, "pyproject.toml", "[project]\nname = 'app'\n")
    done = pre_commit("run", "--all-files", cwd=project, home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert outcome(done.stdout, "witkit check") == "(no files to check)Skipped"
    assert outcome(done.stdout, "witkit gen --check") == "(no files to check)Skipped"


def test_files_are_formatted_and_the_hook_fails_once(project: Path, home: Path) -> None:
    write(project, "wit/shop.wit", "package a:b;\ninterface   i {}\n")
    write(project, "wit/deps/x.wit", "package x:y;\ninterface   i {}\n")
    done = pre_commit("run", "witkit-fmt", "--all-files", cwd=project, home=home)
    assert (done.returncode, outcome(done.stdout, "witkit fmt")) == (1, "Failed")
    assert (project / "wit/shop.wit").read_text(encoding="utf-8") == "package a:b;\ninterface i {}\n"
    assert (project / "wit/deps/x.wit").read_text(encoding="utf-8") == "package x:y;\ninterface   i {}\n"
    assert pre_commit("run", "witkit-fmt", "--all-files", cwd=project, home=home).returncode == 0


def test_a_dependency_in_the_binary_format_is_checked_with_its_package(project: Path, home: Path) -> None:
    write(project, "wit/shop.wit", CLEAN)
    write(project, "wit/deps/clocks.wasm", "")
    done = pre_commit("run", "witkit-check", "--files", "wit/deps/clocks.wasm", cwd=project, home=home)
    assert done.returncode == 1
    assert "wit/deps/clocks.wasm" in done.stdout


def test_generated_code_is_held_to_date(project: Path, home: Path) -> None:
    write(project, "wit/shop.wit", CLEAN)
    write(project, "pyproject.toml", PROJECT)
    missing = pre_commit("run", "witkit-gen", "--all-files", cwd=project, home=home)
    assert missing.returncode == 1
    assert "src/shop/__init__.py: would be created" in missing.stdout
    assert witkit("gen", cwd=project).returncode == 0
    done = pre_commit("run", "witkit-gen", "--all-files", cwd=project, home=home)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_breaking_change_is_not_pushed(project: Path, home: Path, tmp_path: Path) -> None:
    write(project, "wit/shop.wit", CLEAN)
    git("add", "--all", cwd=project)
    git("commit", "--quiet", "--message=shop", cwd=project)
    git("clone", "--quiet", "--bare", str(project), str(tmp_path / "remote"), cwd=tmp_path)
    git("remote", "add", "origin", str(tmp_path / "remote"), cwd=project)
    git("fetch", "--quiet", "origin", cwd=project)
    git("remote", "set-head", "origin", "main", cwd=project)
    pushing = ("run", "--all-files", "--hook-stage", "pre-push", "witkit-diff")
    same = pre_commit(*pushing, cwd=project, home=home)
    assert same.returncode == 0, same.stdout + same.stderr
    write(project, "wit/shop.wit", CLEAN.replace("quantity: u32", "quantity: u64"))
    done = pre_commit(*pushing, cwd=project, home=home)
    assert (done.returncode, outcome(done.stdout, "witkit diff")) == (1, "Failed")
    assert "parameter `quantity` of `order` was `u32` and is `u64`" in done.stdout


def test_a_hook_that_fixes_fails_once(project: Path, home: Path) -> None:
    config = project / ".pre-commit-config.yaml"
    fixing = config.read_text(encoding="utf-8").replace("id: witkit-check", "id: witkit-check\n    args: [--fix]")
    config.write_text(fixing, encoding="utf-8")
    write(project, "wit/shop.wit", CLEAN.replace("  /// What", "  // What"))
    first = pre_commit("run", "witkit-check", "--all-files", cwd=project, home=home)
    assert (first.returncode, outcome(first.stdout, "witkit check")) == (1, "Failed")
    assert "files were modified by this hook" in first.stdout
    assert (project / "wit/shop.wit").read_text(encoding="utf-8") == CLEAN
    assert pre_commit("run", "witkit-check", "--all-files", cwd=project, home=home).returncode == 0
