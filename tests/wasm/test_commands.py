"""What people do with a binary: look at it, check it, generate from it, and run what was generated."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.bindgen.test_host_example import PROGRAM, WAT, WIT
from tests.bindgen.worlds import run, tool
from tests.cli.command_line import witkit
from tests.judged import judged
from tests.runtime import guests
from tests.wasm.encoding import RICH, answer, encoded, text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a component, `my-orders.wasm`, and an encoded package, `rich.wasm`."""
    folder = tmp_path_factory.mktemp("binaries")
    (folder / "my-orders.wasm").write_bytes(guests.component(WIT, WAT, "orders"))
    encoded(text(folder, RICH), folder / "rich.wasm")
    return folder


def test_show_prints_the_world_of_a_component(folder: Path) -> None:
    shown = witkit("show", "my-orders.wasm", cwd=folder)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("package root:component\n  world root\n    import ")


@pytest.mark.parametrize("name", ["my-orders.wasm", "rich.wasm"])
def test_show_prints_the_json_of_wasm_tools(name: str, folder: Path) -> None:
    assert json.loads(witkit("show", name, "--format", "json", cwd=folder).stdout) == answer(folder / name)


def test_show_prints_wit_that_can_be_read_again(folder: Path, tmp_path: Path) -> None:
    printed = witkit("show", "my-orders.wasm", "--format", "wit", cwd=folder).stdout
    checked = witkit("check", text(tmp_path, printed), "--preset", "minimal", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", ["my-orders.wasm", "rich.wasm"])
def test_there_is_nothing_to_be_said_about_a_sound_binary(name: str, folder: Path) -> None:
    checked = witkit("check", name, cwd=folder)
    assert (checked.returncode, checked.stdout) == (0, "nothing to report in 1 package\n")


def test_the_host_package_of_a_component_is_called_as_its_file(folder: Path, tmp_path: Path) -> None:
    made = witkit("gen", "host", folder / "my-orders.wasm", "-o", "out", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "out" / "my_orders" / "__init__.py").is_file()
    again = witkit("gen", "host", folder / "my-orders.wasm", "-o", "out", "--check", cwd=tmp_path)
    assert again.returncode == 0, again.stdout


@pytest.mark.parametrize(("file", "package"), [("2024.wasm", "component_2024"), ("class.wasm", "class_")])
def test_a_file_whose_name_is_not_valid_in_python(file: str, package: str, folder: Path, tmp_path: Path) -> None:
    (tmp_path / file).write_bytes((folder / "my-orders.wasm").read_bytes())
    made = witkit("gen", "host", file, "-o", "out", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == [package]


def test_the_host_package_of_a_component_loads_and_calls_it(folder: Path, tmp_path: Path, repository: Path) -> None:
    (tmp_path / "orders.wasm").write_bytes((folder / "my-orders.wasm").read_bytes())
    made = witkit("gen", "host", "orders.wasm", "-o", ".", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    # The class of the world is the one thing whose name was not in the component.
    program = PROGRAM.replace("OrdersComponent", "RootComponent")
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    done = run(tool("python"), "program.py", cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(repository)})
    assert done.returncode == 0, done.stderr
    typed = judged(tool("mypy"), "--strict", "--config-file=", "program.py", cwd=tmp_path)
    assert typed.returncode == 0, typed.stdout


def test_a_guest_can_be_written_for_the_world_of_a_component(folder: Path, tmp_path: Path) -> None:
    made = witkit("gen", "guest", folder / "my-orders.wasm", "-o", "out", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "out" / "wit_world" / "__init__.py").is_file()


def test_an_encoded_package_gives_bindings_of_its_world(folder: Path, tmp_path: Path) -> None:
    made = witkit("gen", "host", folder / "rich.wasm", "--package", "shops", "-o", "out", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "Adds." in (tmp_path / "out" / "shops" / "types.py").read_text(encoding="utf-8")
