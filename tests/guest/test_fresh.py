"""What two guests in one process share: nothing, as two instances of a component."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import witkit.guest
from tests.generated import write
from witkit.bindgen import generate
from witkit.ir import load
from witkit.text import WitkitError

WIT = """package test:fresh;
interface host { now: func() -> u32; }
interface clocks { resource clock { constructor(); tick: func() -> u32; } }
world fresh { import host; export count: func() -> u32; export clocks; }
"""
FILES = {
    "fresh_app.py": """
import fresh_state, fresh_world
class FreshWorld(fresh_world.FreshWorld):
    def count(self):
        fresh_state.calls += 1
        return fresh_state.calls
""",
    "fresh_state.py": "calls = 0\n",
    "clocks.py": """
import fresh_state
class Clock:
    def tick(self):
        fresh_state.calls += 10
        return fresh_state.calls
""",
    "fresh_broken.py": "import fresh_nothing\n",
    "fresh_empty.py": "",
    "fresh_early.py": "from fresh_world.imports import host\nNOW = host.now()\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "w.wit").write_text(WIT)
    write(generate(load(tmp_path / "w.wit").world(), "guest", package="fresh_world"), tmp_path / "bindings")
    before = dict(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(tmp_path / "bindings")
    yield tmp_path
    for name in sys.modules.keys() - before.keys():
        if name.startswith(("fresh_", "clocks")):
            del sys.modules[name]


def test_every_load_by_name_has_modules_of_its_own(folder: Path) -> None:
    with witkit.guest.bind("fresh_world") as host:
        first: Any = host.load("fresh_app")
        assert [first.count(), first.clocks.Clock().tick(), first.count()] == [1, 11, 12]
        second: Any = host.load("fresh_app")
        assert [second.count(), second.clocks.Clock().tick()] == [1, 11]
        assert [first.count(), first.clocks.Clock().tick()] == [13, 23]


def test_a_module_that_is_given_is_used_as_it_is(folder: Path) -> None:
    import fresh_app  # type: ignore[import-not-found]

    fresh_app.fresh_state.calls = 40
    with witkit.guest.bind("fresh_world") as host:
        guest: Any = host.load(fresh_app)
        assert guest.count() == 41


def test_bindings_and_tests_stay_what_they_are(folder: Path) -> None:
    (folder / "test_fresh_own.py").write_text("")
    import fresh_world  # type: ignore[import-not-found]
    import test_fresh_own  # type: ignore[import-not-found]

    with witkit.guest.bind("fresh_world") as host:
        host.load("fresh_app")
    assert sys.modules["fresh_world"] is fresh_world
    assert sys.modules["test_fresh_own"] is test_fresh_own


def test_a_module_that_is_not_there_is_reported(folder: Path) -> None:
    with witkit.guest.bind("fresh_world") as host, pytest.raises(WitkitError) as refused:
        host.load("fresh_ap")
    assert [problem.code for problem in refused.value.diagnostics] == ["WIT0823"]


def test_what_a_guest_itself_lacks_is_pythons_own_message(folder: Path) -> None:
    with witkit.guest.bind("fresh_world") as host, pytest.raises(ModuleNotFoundError, match="fresh_nothing"):
        host.load("fresh_broken")


def test_a_guest_without_its_exports_could_not_be_built(folder: Path) -> None:
    with witkit.guest.bind("fresh_world") as host:
        with pytest.raises(witkit.guest.WouldTrap, match="module `fresh_empty` has no class `FreshWorld`"):
            host.load("fresh_empty")
        (folder / "fresh_empty.py").write_text("FreshWorld = 3\n")
        with pytest.raises(witkit.guest.WouldTrap, match="`FreshWorld` in module `fresh_empty` must be a class, not 3"):
            host.load("fresh_empty")
        (folder / "clocks.py").write_text("")
        with pytest.raises(witkit.guest.WouldTrap, match="`Clock` must be in a module called `clocks`"):
            host.load("fresh_app")


def test_no_host_is_there_while_a_guest_is_imported(folder: Path) -> None:
    early = pytest.raises(witkit.guest.WouldTrap, match="called the host while it was imported")
    with witkit.guest.bind("fresh_world", host=object()) as host, early:
        host.load("fresh_early")
