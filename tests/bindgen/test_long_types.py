"""Types that double with each line: what is made of them grows with the lines, not with the types spelled out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bindgen.worlds import run, tool
from tests.generated import write
from tests.judged import judged
from witkit.bindgen import generate
from witkit.ir import load
from witkit.ir.model import World

FORMS = {
    "tuple": "type t{n} = tuple<t{p}, t{p}>;",
    "result": "type t{n} = result<t{p}, t{p}>;",
    "list": "type t{n} = list<tuple<t{p}, t{p}>>;",
    "option": "type t{n} = option<tuple<t{p}, t{p}>>;",
    "record": "record t{n} {{ a: t{p}, b: list<t{p}> }}",
    "variant": "variant t{n} {{ a(t{p}), b(t{p}) }}",
    "alias": "type x{n} = t{p}; type t{n} = tuple<x{n}, x{n}>;",
}

_WORLD = """
package a:b;
interface deep {{ record t0 {{ a: u8 }} {types} }}
interface user {{
  use deep.{{t{depth} as top}};
  resource holder {{ constructor(a: top); }}
  f: func(a: top, b: option<top>) -> result<top, top>;
}}
world w {{ import user; export user; import go: func() -> stream<bool>; }}
"""


def _world(form: str, depth: int, folder: Path) -> World:
    types = "\n".join(FORMS[form].format(n=n, p=n - 1) for n in range(1, depth + 1))
    folder.mkdir(exist_ok=True)
    (folder / "w.wit").write_text(_WORLD.format(types=types, depth=depth))
    return load(folder / "w.wit").world("w")


def _size(form: str, depth: int, target: str, folder: Path) -> int:
    return sum(len(file.text) for file in generate(_world(form, depth, folder), target, package="made"))


@pytest.mark.parametrize("target", ["host", "guest"])
@pytest.mark.parametrize("form", FORMS)
def test_bindings_grow_with_the_lines(form: str, target: str, tmp_path: Path) -> None:
    sizes = [_size(form, depth, target, tmp_path) for depth in (20, 40, 60)]
    assert sizes[2] - sizes[1] < 1.2 * (sizes[1] - sizes[0]) < 30_000


@pytest.mark.parametrize("form", FORMS)
def test_bindings_of_long_types_are_typed_and_can_be_imported(form: str, repository: Path, tmp_path: Path) -> None:
    world = _world(form, 40, tmp_path)
    write(generate(world, "guest"), tmp_path)
    write(generate(world, "host", package="made"), tmp_path)
    imported = judged(sys.executable, "-W", "error", "-c", "import wit_world._witkit, made", cwd=tmp_path)
    assert (imported.returncode, imported.stderr) == (0, "")
    (tmp_path / "mypy.ini").write_text(f"[mypy]\nstrict = True\nmypy_path = {repository}\n")
    checked = judged(tool("mypy"), "-p", "wit_world", "-p", "made", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout


def test_a_guest_takes_values_of_a_long_type(tmp_path: Path) -> None:
    write(generate(_world("tuple", 4, tmp_path / "few"), "guest"), tmp_path / "few")
    write(generate(_world("tuple", 7, tmp_path / "many"), "guest"), tmp_path / "many")
    for folder, depth in (("few", 4), ("many", 7)):
        program = _PROGRAM.format(depth=depth)
        done = run(sys.executable, "-c", program, cwd=tmp_path / folder)
        assert (done.returncode, done.stderr) == (0, "")


_PROGRAM = """
from witkit.native import WouldTrap, bound
from wit_world.imports import deep, user

value = deep.T0(3)
for _ in range({depth}):
    value = (value, value)

class Implementation:
    def f(self, a, b):
        assert b is None
        return a

with bound({{"user": Implementation()}}):
    assert user.f(value, None) == value
    try:
        user.f(value[0], None)
    except WouldTrap as wrong:
        print(wrong)
    else:
        raise AssertionError("half a tuple was taken")
"""
