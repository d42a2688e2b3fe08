"""A guest's module that is called as one that is installed, or as one of Python's own: natively and in the build.

Which one a component takes was verified with one that componentize-py 0.25.1 built from `FILES`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.conftest import PYTEST
from tests.generated import write
from tests.guest.building import built
from witkit.bindgen import generate
from witkit.ir import load

WIT = "package test:names;\nworld own-modules { export names: func() -> list<string>; }\n"
FILES = {
    "wit/w.wit": WIT,
    "pyproject.toml": '[tool.witkit.build]\npaths = [".", "lib"]\nworld-module = "own_world"\n',
    # All of them are installed as well, but for colorsys, which is Python's own.
    "app.py": """
import own_world
import click, colorsys, jinja2, packaging.inner, pluggy
from helper import through
class OwnWorld(own_world.OwnWorld):
    def names(self):
        modules = (click, colorsys, jinja2, packaging.inner, pluggy, through)
        return [getattr(module, "WHOSE", "another") for module in modules]
""",
    "click.py": "WHOSE = 'own'\n",
    "colorsys.py": "WHOSE = 'own'\n",
    "jinja2/__init__.py": "from jinja2.below import WHOSE\n",
    "jinja2/below.py": "WHOSE = 'own, by name'\n",
    "packaging/__init__.py": "",
    "packaging/inner.py": "WHOSE = 'own, in a package'\n",
    "helper.py": "import click as through\n",
    "lib/pluggy.py": "WHOSE = 'own, of another folder'\n",
}
SAME = ["own", "another", "own, by name", "own, in a package", "own, of another folder", "own"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def _bindings(project: Path) -> None:
    write(generate(load(project / "wit").world(), "guest", package="own_world"), project / "bindings")


def _names(project: Path, program: Path) -> list[str]:
    done = witkit("run", "--invoke", "names", program, cwd=project)
    assert done.returncode == 0, done.stderr
    names: list[str] = json.loads(done.stdout)
    return names


def test_a_component_takes_the_guests_modules_before_installed_ones_and_after_pythons(project: Path) -> None:
    assert _names(project, built(project, "own_modules", project)) == SAME


def test_witkit_run_takes_the_same_modules(project: Path) -> None:
    assert _names(project, Path("app.py")) == SAME


TEST = """
import sys
import packaging, click, jinja2, pluggy
before = dict(sys.modules)

def test_names(wit_host):
    host = wit_host("own_world")
    for _ in range(2):
        guest = host.load("app")
        assert guest.names() == SAME
    import app
    assert app.click.WHOSE == "own"
    assert {name: sys.modules.get(name) for name in before} == before
    assert not [name for name in sys.modules if name in ("packaging.inner", "jinja2.below")]
    from click import command
    jinja2.Template("{{ 1 }}").render()
"""


def test_a_test_takes_the_same_modules_and_keeps_those_that_are_installed(project: Path) -> None:
    _bindings(project)
    settings = project / "pyproject.toml"
    settings.write_text(settings.read_text() + '[tool.pytest.ini_options]\npythonpath = [".", "bindings"]\n')
    (project / "tests").mkdir()
    # pytest imports the test with what is installed: the folder of the guest comes after it there.
    first = "import sys\nsys.path[:] = [p for p in sys.path if 'site-packages' in p] + sys.path\n"
    (project / "tests" / "test_names.py").write_text(f"{first}SAME = {SAME}\n{TEST}")
    command = [sys.executable, "-P", *PYTEST]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


BROKEN = "import click\nfrom nowhere import nothing\n"


def test_what_is_installed_is_back_after_a_guest_that_cannot_be_imported(project: Path) -> None:
    _bindings(project)
    (project / "broken.py").write_text(BROKEN)
    script = """
import sys, click
sys.path[:0] = [".", "bindings"]
import witkit.guest
with witkit.guest.bind("own_world") as host:
    try:
        host.load("broken")
    except ModuleNotFoundError as missing:
        print(missing.name)
print(sys.modules["click"] is click, hasattr(click, "command"))
"""
    done = subprocess.run([sys.executable, "-P", "-c", script], cwd=project, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("nowhere\nTrue True\n", "")
