"""A guest in Python that was built again: most of its core modules are those that it had before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.runtime import python_guests
from witkit.runtime.cache import Cache
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.plans import Linked, Plans

TEXT = b"a shop whose exports are"
"""A part of a text in the guest's source."""


@pytest.fixture(scope="module")
def mode() -> Mode:
    return Mode(fuel=False)


@pytest.fixture
def known(mode: Mode, tmp_path: Path) -> tuple[Cache, Linked]:
    """A guest, and a cache with nothing but its compiled modules."""
    path = python_guests.built("shop")
    kept, cache = Cache(path.parent), Cache(tmp_path)
    linked = Plans(kept).linked(path.read_bytes())
    Blueprint(linked, Modules(mode, kept))
    for digest in linked.modules:
        file, copy = (each.place(digest, mode.key, "cwasm") for each in (kept, cache))
        assert file is not None
        assert copy is not None
        copy.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(file, copy)
        copy.chmod(0o600)
    assert Modules(mode, cache).has(linked)
    return cache, linked


def test_after_a_change_of_a_text_one_module_of_many_is_compiled(mode: Mode, known: tuple[Cache, Linked]) -> None:
    cache, before = known
    content = before.content.replace(TEXT, TEXT.upper())
    assert content != before.content
    after = Plans(cache).linked(content)
    (changed,) = set(after.modules) - set(before.modules)
    # It is the largest one, the memory of the guest after its start. Python itself is another module.
    assert changed == max(after.modules, key=lambda digest: len(after.module(after.modules.index(digest))))
    assert len(after.modules) > 10

    assert cache.root is not None
    files = set(cache.root.rglob("*.cwasm"))
    Blueprint(after, Modules(mode, cache))
    assert set(cache.root.rglob("*.cwasm")) - files == {cache.place(changed, mode.key, "cwasm")}


def test_two_guests_share_python(known: tuple[Cache, Linked]) -> None:
    _, one = known
    other = Linked.of(python_guests.built("crowd").read_bytes())
    sizes = {digest: len(other.module(number)) for number, digest in enumerate(other.modules)}
    own = set(other.modules) - set(one.modules)
    memory, *others = sorted((sizes[digest] for digest in own), reverse=True)
    # All that is its own, besides the memory after its start, is small beside the interpreter.
    assert memory == max(sizes.values())
    assert sum(others) * 100 < sum(size for digest, size in sizes.items() if digest not in own)
