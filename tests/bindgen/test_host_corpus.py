"""Whatever the corpus holds: the host package imports, type-checks and is clean."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.bindgen.conftest import Tree
from tests.bindgen.worlds import run, tool
from tests.judged import Judged, judged
from tests.pythons import interpreter
from tests.sampled import portion

IMPORT_ALL = """
import importlib, pathlib
for path in sorted(pathlib.Path("generated").rglob("*.py")):
    importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
"""
EVALUATE_HINTS = (
    IMPORT_ALL
    + """
import inspect, sys, typing
for name, module in [each for each in sys.modules.items() if each[0].startswith("generated.")]:
    for found in [each for each in vars(module).values() if getattr(each, "__module__", "") == name]:
        members = vars(found).values() if isinstance(found, type) else ()
        for each in (found, *(inspect.unwrap(getattr(member, "__func__", member)) for member in members)):
            if isinstance(each, type) or inspect.isfunction(each):
                typing.get_type_hints(each)
"""
)
LINTS = "F,I,UP,D1,D200,D202,D204,D206,D207,D208,D209,D211,D3"
DOCSTRINGS_OF_QUOTES = "D301"  # A text that begins or ends with a quotation mark needs a backslash.


@pytest.fixture(scope="session")
def environment(repository: Path) -> dict[str, str]:
    paths = [str(repository), *(p for p in sys.path if p.endswith("site-packages")), "."]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "MYPYPATH": str(repository), "PYTHONWARNINGS": "error"}


def test_the_corpus_has_the_worlds_that_it_had(corpus: Path, tree: Tree) -> None:
    assert len(tree.packages) > portion(400)


def test_every_package_imports(tree: Tree, environment: dict[str, str]) -> None:
    done = judged(sys.executable, "-c", IMPORT_ALL, cwd=tree.folder, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_hints_of_every_package_can_be_evaluated(tree: Tree, environment: dict[str, str]) -> None:
    done = judged(sys.executable, "-c", EVALUATE_HINTS, cwd=tree.folder, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("version", ["3.12", "3.13", "3.14"])
def test_every_package_imports_on_other_pythons(tree: Tree, environment: dict[str, str], version: str) -> None:
    env = {**environment, "PYTHONDONTWRITEBYTECODE": "1"}
    done = judged(*interpreter(version, native=True), "-c", IMPORT_ALL, cwd=tree.folder, env=env)
    assert done.returncode == 0, done.stderr[-2000:]


def test_mypy_strict_finds_nothing(tree: Tree, environment: dict[str, str]) -> None:
    flags = ("--strict", "--namespace-packages", "--explicit-package-bases", "--python-version", "3.11")
    env = {key: value for key, value in environment.items() if key != "PYTHONPATH"}
    done = judged(tool("mypy"), *flags, "--config-file=", "generated", cwd=tree.folder, env=env)
    assert done.returncode == 0, done.stdout[:3000] + done.stderr[:1000]


def test_pyright_strict_finds_nothing(tree: Tree, repository: Path) -> None:
    config: dict[str, object] = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "extraPaths": [str(repository)]}
    known = Judged("pyright", json.dumps(config).encode())
    files = known.unknown(tree.distinct)
    config["include"] = [str(path.relative_to(tree.folder)) for path in files]
    (tree.folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    if files:
        done = run(tool("pyright"), cwd=tree.folder)
        assert done.returncode == 0, done.stdout[:3000] + done.stderr[:1000]
        known.accept(files)


def test_ruff_finds_nothing(tree: Tree) -> None:
    select = ("--select", LINTS, "--ignore", f"D105,D107,{DOCSTRINGS_OF_QUOTES}")
    done = run(tool("ruff"), "check", "--isolated", "--target-version", "py311", *select, "generated", cwd=tree.folder)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_black_would_change_nothing(tree: Tree) -> None:
    known = Judged("black")
    files = known.unknown(tree.distinct)
    if files:
        done = run(tool("black"), "--check", "--quiet", "--workers", "1", *files, cwd=tree.folder)
        assert done.returncode == 0, done.stderr[-3000:]
        known.accept(files)
