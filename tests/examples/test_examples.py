"""The examples, as somebody finds them who opens their folders: tested, typed, with interfaces that are in order."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.conftest import PYTEST
from tests.judged import judged

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "examples"
# The shop is two guests, each in a folder of its own, and one package of WIT.
EXAMPLES = sorted(
    file.parent.relative_to(FOLDER).as_posix()
    for pattern in ("*/pyproject.toml", "*/*/pyproject.toml")
    for file in FOLDER.glob(pattern)
)
PACKAGES = sorted(folder.parent.name for folder in FOLDER.glob("*/wit"))
TYPED = [name for name in EXAMPLES if "[tool.mypy]" in (REPOSITORY / "examples" / name / "pyproject.toml").read_text()]


def _python(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in the example's folder."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=REPOSITORY / "examples" / name, capture_output=True, text=True)


def test_there_is_an_example_forevery_package_of_spiderlightning() -> None:
    folders = {folder.name for folder in (REPOSITORY / "wit").iterdir() if folder.is_dir()}
    capabilities = {name for name in folders if not name.startswith("wasi")}
    used = {folder.name for name in PACKAGES for folder in (FOLDER / name / "wit" / "deps").iterdir()}
    assert capabilities - used == set()


@pytest.mark.parametrize("name", EXAMPLES)
def test_its_own_tests_pass(name: str) -> None:
    done = _python(name, *PYTEST[1:], ".")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed in " in done.stdout


@pytest.mark.parametrize("name", PACKAGES)
def test_its_interface_is_in_order(name: str, repository: Path) -> None:
    done = witkit("check", f"examples/{name}/wit", cwd=repository)
    assert (done.returncode, done.stdout) == (0, "nothing to report in 1 package\n"), done.stderr


# Each has a cache of its own: the examples' modules have the same names, and mypy has crashed over a shared one.
@pytest.mark.parametrize("name", TYPED)
def test_its_types_hold(name: str) -> None:
    cache = str(REPOSITORY / ".mypy_cache" / "examples" / name)
    done = judged(sys.executable, "-m", "mypy", "--cache-dir", cache, cwd=FOLDER / name)
    assert done.returncode == 0, done.stdout + done.stderr
