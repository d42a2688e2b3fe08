"""What a user installs: the wheel made from the sdist, in an environment that has nothing else of the project."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

# One environment is made for all tests of this module.
pytestmark = pytest.mark.xdist_group("packaging")

DATA_FOLDERS = ("grammars", "templates", "wit")
PACKAGE = "package test:shop;\n\nworld shop {\n  import price: func(item: string) -> u32;\n}\n"


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command that has to succeed; its environment says nothing about this checkout."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def sdist(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", out, repository, cwd=out)
    (made,) = out.glob("*.tar.gz")
    return made


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from the unpacked sdist, as an installer would."""
    out = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        archive.extractall(out, filter="data")
    (source,) = (path for path in out.iterdir() if path.is_dir())
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, source, cwd=out)
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `witkit` command of a new environment with the wheel and its dependencies."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=folder)
    return folder / "bin" / "witkit"


def test_the_sdist_has_what_the_wheel_is_made_of(sdist: Path, repository: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    wanted = {str(p.relative_to(repository)) for folder in DATA_FOLDERS for p in files_of(repository / folder)}
    assert {"README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "witkit/py.typed"} | wanted <= names


def test_the_wheel_carries_every_data_file_and_no_tests(wheel: Path, repository: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"witkit/_data/{p.relative_to(repository).as_posix()}"
        for folder in DATA_FOLDERS
        for p in files_of(repository / folder)
    }
    assert wanted <= names
    assert not [name for name in names if not name.startswith(("witkit/", "witkit-"))]


@pytest.mark.thorough
def test_the_installed_command_checks_shows_and_generates_from_another_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "shop.wit").write_text(PACKAGE, encoding="utf-8")
    assert "nothing to report in 1 package" in run(installed, "check", "shop.wit", cwd=tmp_path)
    assert "import price: func(item: string) -> u32" in run(installed, "show", "shop.wit", cwd=tmp_path)
    assert run(installed, "explain", "WIT0501", cwd=tmp_path).startswith("# WIT0501 ")
    run(installed, "gen", "host", "shop.wit", "--world", "shop", "-o", "src", cwd=tmp_path)
    run(installed, "gen", "guest", "shop.wit", "--world", "shop", "-o", "guest", cwd=tmp_path)
    python = installed.with_name("python")
    assert run(python, "-c", "import shop; print(shop.__name__)", cwd=tmp_path / "src") == "shop\n"


@pytest.mark.thorough
def test_the_installed_command_prints_its_version(installed: Path, tmp_path: Path) -> None:
    assert run(installed, "--version", cwd=tmp_path).startswith("witkit ")


def files_of(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
