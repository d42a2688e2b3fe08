"""`witkit gen host --arrays`: lists of numbers are arrays."""

from __future__ import annotations

import importlib
import sys
from array import array
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.generated import write
from tests.runtime import guests
from witkit import load
from witkit.bindgen import generate

WIT = """package t:a;
interface h {
  type samples = list<f64>;
  record track { name: string, levels: list<s16> }
  twice: func(numbers: samples) -> samples;
}
world w {
  import h;
  use h.{samples, track};
  export pass: func(numbers: samples) -> samples;
  export quiet: func(tracks: list<track>) -> list<track>;
  export bytes: func(data: list<u8>) -> list<u8>;
}"""
PASS = """(param i32 i32) (result i32)
    (i32.store (i32.const 64) (local.get 0)) (i32.store (i32.const 68) (local.get 1)) (i32.const 64)"""
WAT = f"""(module
  (import "t:a/h" "twice" (func $twice (param i32 i32 i32)))
  {guests.REALLOC}
  (func (export "pass") (param i32 i32) (result i32)
    (call $twice (local.get 0) (local.get 1) (i32.const 64)) (i32.const 64))
  (func (export "quiet") {PASS})
  (func (export "bytes") {PASS}))"""


class Twice:
    """The import, which sees arrays, too."""

    def __init__(self) -> None:
        self.seen: list[type] = []

    def twice(self, numbers: Any) -> Any:
        self.seen.append(type(numbers))
        return [2 * number for number in numbers]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (tmp_path / "w.wit").write_text(WIT)
    files = generate(load(tmp_path / "w.wit").world(), "host", package="with_arrays", arrays=True)
    write(files, tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("with_arrays")
    for loaded in [name for name in sys.modules if name.partition(".")[0] == "with_arrays"]:
        del sys.modules[loaded]  # for good: the next test makes a package of this name
    return module


def test_lists_of_numbers_come_as_arrays_and_may_be_given_as_anything(package: ModuleType) -> None:
    host = Twice()
    component = package.WComponent.load(guests.component(WIT, WAT))
    with component.instantiate(h=host) as numbers:
        for given in ([1.5, 2.0], array("d", [1.5, 2.0]), memoryview(array("d", [1.5, 2.0])), (1.5, 2)):
            found = numbers.pass_(given)
            assert (type(found), found.typecode, list(found)) == (array, "d", [3.0, 4.0])
        assert set(host.seen) == {array}
        (track,) = numbers.quiet([package.h.Track("a", [-1, 2])])
        assert track.levels == array("h", [-1, 2])
        assert numbers.bytes(b"ab") == b"ab"


def test_annotations_say_so(package: ModuleType, tmp_path: Path) -> None:
    text = (tmp_path / "with_arrays" / "h.py").read_text()
    assert "levels: array[int]" in text
    assert 'Samples: TypeAlias = "array[float]"' in text
    assert "abi.List(abi.S16, array=True)" in text
