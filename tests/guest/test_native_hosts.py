"""What a host of a guest under CPython meets as it would with the component: buffers, exceptions, notes, copies."""

from __future__ import annotations

import copy
import pickle
import sys
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import witkit.guest
from tests.generated import write
from witkit.bindgen import generate
from witkit.ir import load

WIT = """package test:met;
interface deeper { again: func(n: u32) -> u32; }
interface boxes { resource box { constructor(n: u32); get: func() -> u32; } }
world met {
  import deeper;
  export boxes;
  export down: func(n: u32) -> u32;
  export bytes: func(v: list<u8>) -> u64;
  export words: func(v: list<u16>) -> u64;
  export floats: func(v: list<f64>) -> f64;
  export text: func(s: string, c: char);
  export pair: func(v: tuple<s8, f32>);
}
"""
FILES = {
    "met_app.py": """
import met_world
from met_world.imports import deeper
class MetWorld(met_world.MetWorld):
    def down(self, n): return deeper.again(n)
    def bytes(self, v): return sum(v)
    def words(self, v): return sum(v)
    def floats(self, v): return sum(v)
    def text(self, s, c): pass
    def pair(self, v): pass
""",
    "boxes.py": """
class Box:
    def __init__(self, n): self.n = n
    def get(self): return self.n
""",
}


class Deep:
    """Calls the guest again, which calls this again, and fails at the end."""

    guest: Any = None

    def again(self, n: int) -> int:
        if n == 0:
            raise LookupError("the end")
        return int(Deep.guest.down(n - 1))


@pytest.fixture
def guest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "w.wit").write_text(WIT)
    write(generate(load(tmp_path / "w.wit").world(), "guest", package="met_world"), tmp_path / "bindings")
    before = dict(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(tmp_path / "bindings")
    with witkit.guest.bind("met_world", deeper=Deep()) as host:
        Deep.guest = host.load("met_app")
        yield Deep.guest
    for name in sys.modules.keys() - before.keys():
        if name.startswith(("met_", "boxes")):
            del sys.modules[name]


def test_a_list_of_numbers_may_be_any_buffer_of_such_numbers(guest: Any) -> None:
    numbers = [1, 2, 300]
    assert guest.words(array("H", numbers)) == guest.words(memoryview(array("H", numbers))) == 303
    assert guest.words(memoryview(array("H", [1, 9, 2, 9]))[::2]) == 3
    assert guest.floats(memoryview(array("d", [0.5, 1]))) == 1.5
    assert guest.bytes(array("B", [1, 2])) == guest.bytes(memoryview(b"\x01\x09\x02")[::2]) == 3
    assert guest.bytes(array("H", [0x0102])) == 3
    for wrong in (memoryview(array("d", [1])), memoryview(array("I", [1])), {1, 2}, "ab"):
        with pytest.raises(TypeError, match="argument `v` of `words` must be list"):
            guest.words(wrong)
    with pytest.raises(TypeError, match="argument `v` of `bytes` must be bytes, not list"):
        guest.bytes([1, 2])


class Unreadable:
    """A number that cannot be had."""

    def __index__(self) -> int:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")


VALUES: dict[str, tuple[type[Exception], Callable[[Any], object]]] = {
    "a number out of range": (ValueError, lambda guest: guest.boxes.Box(-1)),
    "an element out of range": (ValueError, lambda guest: guest.words([1, 70000])),
    "a float out of range": (ValueError, lambda guest: guest.pair((1, 1e300))),
    "a surrogate": (ValueError, lambda guest: guest.text("\ud800", "x")),
    "two characters": (ValueError, lambda guest: guest.text("x", "xx")),
    "an object that raises an error of many arguments": (ValueError, lambda guest: guest.boxes.Box(Unreadable())),
    "another type": (TypeError, lambda guest: guest.boxes.Box("1")),
    "a float for a number": (TypeError, lambda guest: guest.pair((1.0, 1.0))),
}


@pytest.mark.parametrize("case", VALUES)
def test_a_wrong_argument_raises_what_the_component_raises(case: str, guest: Any) -> None:
    kind, call = VALUES[case]
    with pytest.raises((TypeError, ValueError)) as raised:
        call(guest)
    assert raised.type is kind
    assert guest.words([1]) == 1  # the guest can still be called


def test_an_exception_that_passes_many_calls_has_one_note(guest: Any) -> None:
    with pytest.raises(LookupError) as raised:
        guest.down(20)
    assert raised.value.__notes__ == ["raised by the host in the WIT call test:met/deeper#again"]


@pytest.mark.parametrize("made", [copy.copy, copy.deepcopy, pickle.dumps], ids=["copy", "deepcopy", "pickle"])
def test_an_object_of_the_guest_is_not_copied(made: Callable[[object], object], guest: Any) -> None:
    box = guest.boxes.Box(3)
    with pytest.raises(TypeError, match="Box objects cannot be copied or pickled"):
        made(box)
    assert box.get() == 3
