"""A guest with a world of its own and three SDKs that share interfaces does the same natively and in its component."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.guest.building import built
from tests.guest.sdks.fakes import write
from tests.run.plugins import installed

KINDS = "package acme:kinds@1.0.0;\ninterface kinds { enum color { red, green } variant fact { text(string), none } }\n"
HELLO = """package acme:hello@0.1.0;
interface hello { use acme:kinds/kinds@1.0.0.{color, fact}; greet: func(c: color, f: fact) -> string; }
world greeter { import acme:kinds/kinds@1.0.0; export hello; }
world other { export hello; }
"""
PAINT = """package acme:paint;
world painter { import acme:kinds/kinds@1.0.0; export wheel; }
interface wheel { next: func() -> string; }
"""
FLOW = "package acme:flow;\nworld flow { export pipes; }\ninterface pipes { count: func() -> u32; }\n"
PLAIN = 'wit_directory = "wit"\nbindings = "made/bindings"\n'
NAMED = """wit_directory = "wit"
bindings = "bindings"
full_names = true
[export_interface_names]
"acme:paint/wheel" = "colour-wheel"
[import_interface_names]
"acme:kinds/kinds@1.0.0" = "shades"
"""
SDKS = {
    "vendor/acme/__init__.py": "",
    "vendor/acme/hello/__init__.py": "from acme.hello.made.bindings.imports.kinds import Color\n",
    "vendor/acme/hello/componentize-py.toml": PLAIN,
    "vendor/acme/hello/wit/hello.wit": HELLO,
    "vendor/acme/hello/wit/deps/kinds/kinds.wit": KINDS,
    "site/paint/__init__.py": "from paint.bindings.imports import shades\nfrom paint.bindings import exports\n",
    "site/paint/componentize-py.toml": NAMED,
    "site/paint/wit/paint.wit": PAINT,
    "site/paint/wit/deps/kinds/kinds.wit": KINDS,
    "site/flow/__init__.py": "from flow.bindings import exports\nPipes = exports.Pipes\n",
    "site/flow/componentize-py.toml": PLAIN.replace("made/", ""),
    "site/flow/wit/flow.wit": FLOW,
}
OWN = "package test:mixed;\nworld mine { import acme:kinds/kinds@1.0.0; export answers: func() -> list<string>; }\n"
APP = """
import acme.hello
import flow
import paint
import wit_world
from acme.hello.made.bindings import exports
from acme.hello.made.bindings.imports.kinds import Color, Fact_Text
from wit_world.imports import shades as kinds  # an SDK has named it, which counts for the guest as well

class Hello(exports.Hello):
    def greet(self, c, f):
        return f"{c.name} {f.value if isinstance(f, Fact_Text) else '-'}"

class ColourWheel(paint.exports.ColourWheel):
    def next(self):
        return paint.shades.Color.GREEN.name

class Pipes(flow.Pipes):
    def count(self):
        return 3

class WitWorld(wit_world.WitWorld):
    def answers(self):
        same = kinds.Color is Color is paint.shades.Color is acme.hello.Color
        return [str(same), Hello().greet(Color.RED, kinds.Fact_Text("x")), str(Pipes().count())]
"""
SETTINGS = """[tool.witkit.build]
paths = [".", "vendor"]
module-worlds = { acme = "greeter" }
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    own = {"app.py": APP, "pyproject.toml": SETTINGS, "wit/own.wit": OWN, "wit/deps/kinds/kinds.wit": KINDS}
    return write(tmp_path / "project", SDKS, own)


def _answer(project: Path, program: Path, *call: str) -> str:
    with installed(project / "site"):
        done = witkit("run", "--quiet", "--invoke", call[0], program, *call[1:], cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


CALLS = (("answers",), ("next",), ("greet", '"green"', '{"text": "y"}'))


def test_worlds_of_three_sdks_and_the_guests_own_are_one(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    natively = [_answer(project, project / "app.py", *call) for call in CALLS]
    assert natively == ['["True", "RED x", "3"]', '"GREEN"', '"GREEN y"']
    monkeypatch.syspath_prepend(project / "site")
    component = built(project, "sdks", tmp_path)
    assert [_answer(project, component, *call) for call in CALLS] == natively
