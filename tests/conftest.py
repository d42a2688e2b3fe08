"""What all tests share: snapshots as real files, and the corpus beside the repository if there is one."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation

from tests import sampled, unstable
from witkit.text import secrets

pytest_plugins = ["tests.services.plugin"]

TESTS = Path(__file__).resolve().parent
REPOSITORY = TESTS.parent
SNAPSHOTS = REPOSITORY / "snapshots"
CORPUS = REPOSITORY.parent / "shared" / "corpus"

PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:rerunfailures")
"""The words after Python that run the tests of a project: without a cache, and without what plugins import."""

KEPT = Path(os.environ.get("WITKIT_TEST_CACHE", REPOSITORY / ".cache"))
"""What takes long to make and depends on nothing but its inputs: it survives a run, under names that are hashes."""


def pytest_configure(config: pytest.Config) -> None:
    _let_processes_be_interrupted()
    _keep_what_takes_long()
    sampled.choose(config)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Without garbage collections: nothing of what is collected goes away before all of it is there."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = sampled.leave_out(config, items)
    if hasattr(config, "workerinput"):
        from tests.spread import costly_first

        costly_first(items)
        config.workeroutput["left out"] = sorted(left_out)  # type: ignore[attr-defined]
    config.stash[sampled.LEFT_OUT] = left_out


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    from tests.spread import Spread

    return Spread(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    left_out = getattr(node, "workeroutput", {}).get("left out", ())
    node.config.stash.setdefault(sampled.LEFT_OUT, set()).update(left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    unstable.print_first_failures(terminalreporter)
    if left_out := config.stash.get(sampled.LEFT_OUT, None):
        terminalreporter.write_line(sampled.footer(left_out))


def pytest_collection_finish() -> None:
    """Full garbage collections, which many tests ask for, pass over thousands of tests and modules from here on."""
    gc.freeze()


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """What a module has loaded stays, so later collections pass over it."""
    if nextitem is not None and nextitem.path != item.path:
        gc.collect()
        gc.freeze()


def pytest_report_header() -> str:
    return sampled.header()


def _keep_what_takes_long() -> None:
    """Every process finds the componentize-py of `tests/tools`, which builds nothing twice, and what witkit keeps by
    itself is not in the cache of whoever runs the tests. All compiled guests fit into it.

    Python keeps what it compiles, whatever the environment says: the tests start hundreds of processes."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["WITKIT_TEST_CACHE"] = str(KEPT)
    os.environ.setdefault("WITKIT_CACHE_DIR", str(KEPT / "witkit"))
    os.environ.setdefault("WITKIT_CACHE_GIB", "4")
    known = [str(TESTS / "tools"), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, known))


def _let_processes_be_interrupted() -> None:
    """Let Ctrl-C mean what it means at a terminal: a shell starts what runs in the background with it ignored, the
    tests' own processes would inherit that, and those that are to be interrupted would never end."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        # As `nohup` has it: the tests go on, but what they start gets the default back.
        signal.signal(signal.SIGHUP, lambda number, frame: None)


class TextSnapshot(SingleFileSnapshotExtension):
    """One text file for each assertion, at `snapshots/<test folder>/<test module>/<test>.txt`.

    The last folder has to bear the module's name: syrupy finds unused snapshots by it.
    """

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(SNAPSHOTS / Path(test_location.filepath).resolve().relative_to(TESTS).with_suffix(""))


class PythonSnapshot(TextSnapshot):
    file_extension = "py"


class WitSnapshot(TextSnapshot):
    file_extension = "wit"


class JsonSnapshot(TextSnapshot):
    """The test gives the JSON text itself, laid out as it should be read."""

    file_extension = "json"


@pytest.fixture
def text_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """`assert text == text_snapshot`, or `text_snapshot(name="host")` if a test has several."""
    return snapshot.use_extension(TextSnapshot)


@pytest.fixture
def python_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(PythonSnapshot)


@pytest.fixture
def wit_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(WitSnapshot)


@pytest.fixture
def json_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JsonSnapshot)


@pytest.fixture(autouse=True)
def _no_secrets_of_other_tests() -> Iterator[None]:
    """Forget the secrets that a test has taught witkit: `guest` would be masked in the messages of all later ones."""
    before = dict(secrets._known)
    yield
    secrets._known.clear()
    secrets._known.update(before)
    secrets._pattern[0] = None


@pytest.fixture(scope="session")
def repository() -> Path:
    """The top folder of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of the corpus; a test that needs it is skipped without it."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus (../shared/corpus) is not beside this checkout")
    return CORPUS
