"""Slow tests that need not run again: everything they look at is as it was when they passed.

The tests of `FOLDERS` depend on nothing but content: the files under version control, the corpus, what is installed,
and the variables of the tests. That one passed is kept under the hash of all these. A run of the whole suite leaves
out what passed before; a test that is named on the command line always runs, and so does one that makes up its inputs.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Generator
from functools import cache
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from shutil import which

import pytest

TESTS = Path(__file__).resolve().parent
REPOSITORY = TESTS.parent
CORPUS = REPOSITORY.parent / "shared" / "corpus"

FOLDERS = {
    "bindgen": (),
    "checks": ("docs/",),
    "differential": (),
    "docs": ("docs/", "README.md"),
    "examples": ("docs/",),
    "fuzz": (),
    "guest": ("docs/",),
    "ir": (),
    "mistakes": (),
    "packaging": ("README.md", "CHANGELOG.md"),
    "precommit": (),
    "run": (),
    "runtime": (),
    "syntax": ("docs/",),
    "upgrade": (),
}
"""Folders of tests, with the documentation that they look at. All of them depend on the rest of the repository, but of
its tests and snapshots only on their own and on those that they import from."""

WEEK = 7 * 24 * 3600
_PROGRAMS = ("python3.11", "python3.12", "python3.13", "python3.14", "node", "git", "bash", "wasm-tools")
_VARIABLES = ("WITKIT_FUZZ", "WITKIT_FUZZ_WORLD")
_Report = Generator[None, pytest.TestReport, pytest.TestReport]
_FOLDER_OF_TESTS = re.compile(r"\btests[./](\w+)")


class Passed:
    """The plugin: leaves out what passed, and remembers what passes. Each passed test is an empty file in `folder`."""

    def __init__(self, config: pytest.Config, folder: Path) -> None:
        self._folder = folder
        # All workers have to collect the same tests: only the process that starts them looks at the folder.
        given: list[str] | None = getattr(config, "workerinput", {}).get("passed")
        self._known = frozenset(_known(folder) if given is None and _is_of_all_tests(config) else given or ())
        self._phases: dict[str, set[str]] = {}
        self._left_out = 0

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: object) -> None:
        """Tell a worker of pytest-xdist what to leave out."""
        node.workerinput["passed"] = sorted(self._known)  # type: ignore[attr-defined]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        passed = [item for item in items if _key(item) in self._known] if self._known else []
        if passed:
            config.hook.pytest_deselected(items=passed)
            left_out = set(passed)
            items[:] = [item for item in items if item not in left_out]
            self._left_out = len(passed)
            getattr(config, "workeroutput", {})["left_out"] = len(passed)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> _Report:
        report = yield
        phases = self._phases.setdefault(item.nodeid, set())
        if report.passed and report.when:
            phases.add(report.when)
        if phases == {"setup", "call", "teardown"} and (key := _key(item)):
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / key).touch()
        return report

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Learn from a worker how many tests it left out: the process that starts workers collects none."""
        self._left_out = getattr(node, "workeroutput", {}).get("left_out", self._left_out)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._left_out:
            terminalreporter.line(f"left out, as it passed on the same content: {self._left_out} (tests/passed.py)")


def _is_of_all_tests(config: pytest.Config) -> bool:
    """Whether no tests are chosen on the command line, by name or because of their last result."""
    chosen = ("keyword", "markexpr", "lf", "failedfirst", "update_snapshots")
    is_chosen = any(config.getoption(option, None) for option in chosen)
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not is_chosen


def _known(folder: Path) -> list[str]:
    """What passed within the last week: each test runs again at least that often."""
    marks = [*folder.iterdir()] if folder.is_dir() else []
    old = [mark for mark in marks if time.time() - mark.stat().st_mtime > WEEK]
    for mark in old:
        mark.unlink(missing_ok=True)
    return [mark.name for mark in marks if mark not in set(old)]


def _key(item: pytest.Item) -> str | None:
    """The hash of a test and of everything it depends on; None if it is not kept."""
    folder = item.path.relative_to(TESTS).parts[0]
    is_random = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    if folder not in FOLDERS or is_random or not _files():
        return None
    return sha256(_content(folder) + item.nodeid.encode()).hexdigest()


@cache
def _content(folder: str) -> bytes:
    found = sha256(_circumstances())
    tests = _with_imported(folder)
    for path, digest in _files().items():
        top, *below = path.split("/")
        if top in ("tests", "snapshots"):
            matters = len(below) == 1 or below[0] in tests
        elif top == "docs" or top.endswith(".md"):
            matters = path.startswith(FOLDERS[folder])
        else:
            matters = True
        if matters:
            found.update(path.encode() + digest)
    return found.digest()


def _with_imported(folder: str) -> set[str]:
    """A folder of tests, those its files mention, and those that these mention."""
    known, new = {folder, "tools", "pythons"}, [folder]
    while new:
        for file in (TESTS / new.pop()).rglob("*.py"):
            mentioned = set(_FOLDER_OF_TESTS.findall(file.read_text(encoding="utf-8"))) - known
            mentioned = {name for name in mentioned if (TESTS / name).is_dir()}
            known |= mentioned
            new += mentioned
    return known


@cache
def _files() -> dict[str, bytes]:
    """The digest of each file of the repository, or nothing where git does not know it: then nothing is kept."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    names = sorted({name for name in listed.stdout.split("\0") if (REPOSITORY / name).is_file()})
    return {name: sha256((REPOSITORY / name).read_bytes()).digest() for name in names}


@cache
def _circumstances() -> bytes:
    """Python, what is installed in it and beside it, the corpus, and the variables of the tests."""
    found = sha256(f"{sys.version} {platform.platform()}".encode())
    installed = {f"{one.metadata['Name']} {one.version}" for one in distributions()}
    programs = [str(Path(place).resolve()) for name in _PROGRAMS if (place := which(name))]
    found.update("\n".join([*sorted(installed), *programs, *map(str, map(os.environ.get, _VARIABLES))]).encode())
    for path in sorted(CORPUS.rglob("*")):
        if path.is_file():
            found.update(str(path.relative_to(CORPUS)).encode() + sha256(path.read_bytes()).digest())
    return found.digest()
