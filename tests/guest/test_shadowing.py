"""An interface that is imported and exported: `wit_world.exports.x` is what componentize-py makes of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.generated import write
from tests.judged import judged
from witkit.bindgen import generate
from witkit.componentize.scaffold import NewGuest, create
from witkit.ir import load

WIT = """package test:both;
interface x {
  record point { x: u32 }
  resource r { constructor(); get: func() -> u32; }
  move: func(p: point) -> point;
}
interface plain { resource r { constructor(); } count: func() -> u32; }
world w { import x; import plain; export x; export plain; }
"""
# Verified with a component that componentize-py 0.25.1 built from the same interface.
SCRIPT = """
from wit_world.exports import plain, x
import witkit.guest
with witkit.guest.bind():
    pass
from wit_world.exports import x as again
from wit_world.exports.x import R
from wit_world import exports
print(x.__name__, again.__name__, R.__module__, plain.__name__, exports.X.__name__)
"""


# Verified in the same way.
GUEST = """
from wit_world.exports import x
names = [x.__name__]
import wit_world.exports.x
names.append(wit_world.exports.x.__name__)
from wit_world.exports import x as again
names.append(again.__name__)
names.append(hasattr(wit_world.exports, "plain"))

class X: move = None
class Plain: count = None
"""
LOAD = """
import witkit.guest
with witkit.guest.bind() as host:
    for _ in range(2):
        host.load("app")
        import app
        print(*app.names)
"""


@pytest.fixture
def bindings(tmp_path: Path) -> Path:
    (tmp_path / "w.wit").write_text(WIT)
    write(generate(load(tmp_path / "w.wit").world(), "guest"), tmp_path)
    return tmp_path


def test_exports_shows_the_imported_module_where_its_classes_are_mentioned(bindings: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=bindings, capture_output=True, text=True)
    first = "wit_world.imports.x wit_world.imports.x wit_world.exports.x wit_world.exports.plain X"
    assert (done.stdout.strip(), done.stderr) == (first, "")


def test_an_import_of_an_exported_module_puts_it_in_place_again_for_each_instance(bindings: Path) -> None:
    (bindings / "app.py").write_text(GUEST)
    for name in ("x", "plain"):
        (bindings / f"{name}.py").write_text("class R: pass\n")
    done = subprocess.run([sys.executable, "-c", LOAD], cwd=bindings, capture_output=True, text=True)
    line = "wit_world.imports.x wit_world.exports.x wit_world.exports.x False\n"
    assert (done.stdout, done.stderr) == (line * 2, "")


def test_a_new_guest_derives_its_resource_from_the_exported_class(bindings: Path, tmp_path: Path) -> None:
    create(NewGuest(tmp_path / "both", bindings / "w.wit"))
    assert "from wit_world.exports.x import R as _R" in (tmp_path / "both" / "x.py").read_text()
    done = judged(sys.executable, "-m", "mypy", cwd=tmp_path / "both")
    assert done.returncode == 0, done.stdout


VALUES_ONLY = """package test:both;
interface shapes { record point { x: u32 } enum color { red, blue } }
interface draw { use shapes.{point as spot, color}; paint: func(p: spot, c: color) -> spot; }
world w { import shapes; export shapes; export draw; }
"""
PAINT = """
from wit_world import exports
from wit_world.exports import shapes

class Draw(exports.Draw):
    def paint(self, p: shapes.Point, c: shapes.Color) -> shapes.Point:
        assert c is shapes.Color.BLUE
        return shapes.Point(p.x + 1)
"""
CALL = """
import witkit.guest
with witkit.guest.bind() as host:
    guest = host.load("app")
    from wit_world.imports.shapes import Color, Point
    print(guest.draw.paint(Point(1), Color.BLUE))
"""


def test_an_interface_of_values_only_can_be_imported_exported_and_used_by_an_export(tmp_path: Path) -> None:
    (tmp_path / "w.wit").write_text(VALUES_ONLY)
    write(generate(load(tmp_path / "w.wit").world(), "guest"), tmp_path)
    (tmp_path / "app.py").write_text(PAINT)
    done = subprocess.run([sys.executable, "-c", CALL], cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("Point(x=2)\n", "")
