"""The bindings pass the checks that their readers run on their own code."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.conftest import CORPUS
from tests.generated import write
from tests.ir.conftest import ACCEPTED
from tests.judged import judged
from tests.pythons import interpreter
from witkit.bindgen import generate
from witkit.bindgen.guest.limits import check_guest
from witkit.ir import Features, load

WORLDS = [
    "codegen/lift-lower-foreign.wit",
    "codegen/keywords-in-interfaces-and-worlds.wit",
    "codegen/resources.wit",
    "codegen/import-and-export-resource-alias.wit",
    "codegen/resources-with-streams.wit",
    "codegen/error-context.wit",
    "codegen/same-names5.wit",
    "real/wasi-http/wit",
    "real/componentize-py/src/test/wit",
    "real/ComponentizeJS/test/cases/resource-alias-redux",
]

OWN = [case.path for case in ACCEPTED]


def trying() -> list[Path]:
    """Those worlds of the corpus, if it is beside this checkout."""
    return [CORPUS / path for path in WORLDS] if CORPUS.is_dir() else []


@pytest.fixture(scope="module")
def bindings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bindings of our own worlds and of some trying ones side by side, each in a package of its own."""
    folder = tmp_path_factory.mktemp("bindings")
    for number, path in enumerate([*OWN, *trying()]):
        resolve = load(path, features=Features(all=True)).resolve
        assert resolve is not None
        for world in (world for package in resolve.main for world in package.worlds.values()):
            name = f"w{number}_{world.name.replace('-', '_')}"
            if not any(problem.is_error for problem in check_guest(world)):
                write(generate(world, "guest", package=name), folder)
    return folder


@pytest.mark.parametrize(
    "tool",
    [
        ["mypy", "--strict", "--cache-dir", os.devnull, "."],
        ["ruff", "check", "--isolated", "--no-cache", "--extend-select", "I,UP,B,F", "."],
        ["black", "--check", "--quiet", "."],
    ],
    ids=lambda tool: tool[0],
)
def test_generated_bindings_are_clean(tool: list[str], bindings: Path) -> None:
    done = judged(sys.executable, "-m", *tool, cwd=bindings)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("mode", ["basic", "strict"])
def test_pyright_finds_nothing_in_generated_bindings(mode: str, bindings: Path) -> None:
    (bindings / "pyrightconfig.json").write_text(json.dumps({"typeCheckingMode": mode}))
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"]
    done = judged(*command, cwd=bindings)
    said = json.loads(done.stdout)
    assert said["generalDiagnostics"] == []
    assert said["summary"]["filesAnalyzed"] == len(list(bindings.rglob("*.py")))


IMPORT_ALL = """
import importlib, pathlib, sys, warnings
warnings.simplefilter("error")
for file in sorted(pathlib.Path().rglob("*.py")):
    importlib.import_module(".".join(file.with_suffix("").parts).removesuffix(".__init__"))
"""


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_every_module_is_importable(version: str, bindings: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    done = judged(*interpreter(version), "-c", IMPORT_ALL, cwd=bindings, env=environment)
    assert done.returncode == 0, done.stderr
