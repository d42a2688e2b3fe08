"""`witkit.toml` chooses for a guest under CPython what it chooses for `witkit run`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.conftest import PYTEST

ORDERS = Path(__file__).resolve().parents[2] / "examples" / "orders"

SCRIPT = """
import sys
sys.path[:0] = [".", "bindings"]
import app
import witkit.guest
import witkit.backends

with witkit.guest.bind({arguments}) as host:
    print(host.load(app).place("tea", 1).number)
"""

TEST = """
import app

def test_orders_are_counted_from_zero(wit_host):
    assert wit_host().load(app).place("tea", 1).number == 1
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example with a file of choices, and nothing stored."""
    folder = tmp_path / "orders"
    shutil.copytree(ORDERS, folder, ignore=shutil.ignore_patterns("*.wasm", ".*", "__pycache__", "tests"))
    (folder / "witkit.toml").write_text('[key-value]\nbackend = "filesystem"\npath = "data"\n')
    return folder


def _python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True)


def _number(folder: Path, arguments: str = "") -> str:
    done = _python(folder, "-c", SCRIPT.format(arguments=arguments))
    return done.stdout.strip() or done.stderr


@pytest.mark.thorough
def test_it_chooses_for_scripts_tests_and_runs_and_tests_have_data_of_their_own(project: Path) -> None:
    assert [_number(project), _number(project)] == ["1", "2"]
    (project / "test_orders.py").write_text(TEST)
    tested = _python(project, *PYTEST, "test_orders.py")
    assert tested.returncode == 0, tested.stdout
    assert "#3" in witkit("run", "app.py", cwd=project).stdout
    assert (project / "data").is_dir()


def test_a_backend_that_is_named_takes_its_place(project: Path) -> None:
    assert [_number(project, 'keyvalue="memory"') for _ in range(2)] == ["1", "1"]
    assert not (project / "data").exists()


@pytest.mark.thorough
def test_the_same_backend_by_name_has_its_settings(project: Path) -> None:
    assert _number(project, 'keyvalue="filesystem"') == "1"
    assert (project / "data").is_dir()


STORE = """
class Store:
    values = {"stock/tea": b"9"}

    class Keyvalue:
        @staticmethod
        def open(name):
            return Store.Keyvalue()

        def get(self, key):
            return Store.values[key]

        def set(self, key, value):
            Store.values[key] = value

        def keys(self):
            return list(Store.values)

        def delete(self, key):
            del Store.values[key]
"""


@pytest.mark.thorough
def test_its_providers_and_variables_are_there_too(project: Path) -> None:
    (project / "shop_store.py").write_text(STORE)
    (project / "witkit.toml").write_text(
        '[providers]\n"spiderlightning:keyvalue/keyvalue" = "shop_store:Store"\n[grants.env]\nMODE = "test"\n'
    )
    script = SCRIPT.format(arguments="").replace(
        "    print(", "    print(host.binding.machine.implementation('wasi:cli/environment@0.2.0').get_environment(), "
    )
    done = _python(project, "-c", script)
    assert done.stdout == "[('MODE', 'test')] 1\n", done.stderr


def test_without_it_an_import_that_is_left_out_stays_unbound(project: Path) -> None:
    (project / "witkit.toml").unlink()
    assert "which is not bound" in _number(project)


@pytest.mark.thorough
def test_a_backend_that_the_program_opened_takes_its_place(project: Path) -> None:
    opened = 'keyvalue=witkit.backends.open("key-value", "sqlite", path="mine.db")'
    assert [_number(project, opened) for _ in range(2)] == ["1", "2"]
    assert (project / "mine.db").is_file()
    assert not (project / "data").exists()


@pytest.mark.thorough
def test_it_counts_for_all_folders_below_its_own(project: Path) -> None:
    (project / "src").mkdir()
    for name in ("app.py", "catalog.py"):
        (project / name).rename(project / "src" / name)
    assert "#2" in witkit("run", "src/app.py", cwd=project).stdout
    assert "#3" in witkit("run", "app.py", cwd=project / "src").stdout
    (project / "src" / "bindings").symlink_to(project / "bindings")
    assert _number(project / "src") == "5"
    tests = project / "src" / "tests"
    tests.mkdir()
    (tests / "test_orders.py").write_text(TEST.replace("== 3", "== 6"))
    (tests / "pytest.ini").write_text("[pytest]\npythonpath = .. ../bindings\n")
    tested = _python(tests, *PYTEST)
    assert tested.returncode == 0, tested.stdout
    assert [each.relative_to(project) for each in project.rglob("data")] == [Path("data")]


def test_the_project_of_a_guest_is_the_nearest_above_its_file(project: Path) -> None:
    (project / "src").mkdir()
    (project / "pyproject.toml").unlink()
    for name in ("app.py", "catalog.py"):
        (project / name).rename(project / "src" / name)
    outside = project.parent
    assert "#2" in witkit("run", "-q", "--key-value", "memory", "orders/src/app.py", cwd=outside).stdout
    (project / "src" / "pyproject.toml").write_text("[tool.witkit]\nworld = 'shop'\n")
    refused = witkit("run", "-q", "--key-value", "memory", "orders/src/app.py", cwd=outside)
    assert "orders/src/wit" in refused.stderr
