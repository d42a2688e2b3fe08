"""The fixture `wit_host`: a test has data of its own, and the project keeps its."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.conftest import PYTEST
from tests.run.plugins import IN_OPEN, install
from tests.run.projects import project

WORLD = """
world app {
  import spiderlightning:keyvalue/keyvalue@0.5.1;
  import spiderlightning:blob-store/blob-store@0.5.1;
  import spiderlightning:sql/sql@0.5.1;
  export count: func() -> u32;
}
"""

APP = """
import wit_world
from wit_world.imports import blob_store, keyvalue, sql

class WitWorld(wit_world.WitWorld):
    def count(self):
        store = keyvalue.Keyvalue.open("orders")
        store.set(f"{len(store.keys())}", b"")
        photos = blob_store.Container.open("photos")
        photos.write_object(f"{len(photos.list_objects())}").close()
        shop = sql.Sql.open("shop")
        shop.exec(sql.Statement.prepare("CREATE TABLE IF NOT EXISTS orders (item)", []))
        shop.exec(sql.Statement.prepare("INSERT INTO orders VALUES ('tea')", []))
        rows = len(shop.query(sql.Statement.prepare("SELECT * FROM orders", [])))
        return len(store.keys()) * 100 + len(photos.list_objects()) * 10 + rows
"""

TESTS = """
import pytest
from witkit.guest import Choice

@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("keyvalue", ["sqlite", "filesystem", "memory"])
def test_it_has_its_own_data(wit_host, number, keyvalue):
    bound = wit_host(keyvalue=keyvalue, blob_store="filesystem", sql="sqlite")
    assert [bound.load("app").count(), bound.load("app").count()] == [111, 222]

@pytest.mark.parametrize("number", range(2))
def test_the_backends_of_the_project_have_its_own_data(wit_host, number):
    assert wit_host().load("app").count() == 111

def test_all_can_be_in_memory(wit_host):
    assert wit_host(keyvalue="memory", blob_store="memory", sql="memory").load("app").count() == 111

def test_a_place_that_is_asked_for_is_used(wit_host):
    wit_host(keyvalue=Choice("filesystem", {"path": "asked"})).load("app").count()
"""

PROJECT = """
[key-value]
backend = "remote"
url = "remote://real.example"

[blob-store]
path = "data"

[sql]
backend = "sqlite"
path = "data"

[sql.names.far]
backend = "postgresql"
url = "postgresql://127.0.0.1:1/nobody-answers"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    app = project(tmp_path, WORLD, APP, "keyvalue", "blob-store", "sql")
    (app.parent / "test_app.py").write_text(TESTS)
    (app.parent / "witkit.toml").write_text(PROJECT)
    (app.parent / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = [".", "bindings"]\n')
    install(app.parent, IN_OPEN)
    assert witkit("gen", "guest", "wit", "-o", "bindings", cwd=app.parent).returncode == 0
    return app.parent


def test_each_test_has_its_own_data_and_the_projects_stays_as_it_is(home: Path) -> None:
    before = sorted(file.name for file in home.iterdir())
    command = [sys.executable, *PYTEST]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "13 passed" in done.stdout
    after = {file.name for file in home.iterdir()} - {"__pycache__"}
    assert sorted(after) == sorted({*before, "asked"})
