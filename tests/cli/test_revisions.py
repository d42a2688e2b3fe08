"""`--against`: the package as it was, on disk and in git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.command_line import package, witkit
from witkit.cli.revisions import load_before
from witkit.ir import NONE
from witkit.text import WitkitError

OLD = (
    "package test:shop@1.0.0;\n\ninterface prices {\n  use test:money/amounts.{cents};\n  total: func() -> cents;\n}\n"
)
MONEY = "package test:money;\n\ninterface amounts {\n  type cents = u32;\n}\n"


@pytest.fixture
def repository_of_git(tmp_path: Path) -> Path:
    """A repository whose first commit is tagged `v1`, with a package and a dependency that `deps.toml` names."""
    package(tmp_path / "a" / "wit", OLD)
    package(tmp_path / "money", MONEY)
    (tmp_path / "a" / "wit" / "deps.toml").write_text('money = "../../money"\n', encoding="utf-8")
    (tmp_path / "note-é.txt").write_text("not a package\n", encoding="utf-8")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "First")
    git(tmp_path, "tag", "v1")
    package(tmp_path / "a" / "wit", OLD.replace("1.0.0", "2.0.0"))
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True)


@pytest.mark.parametrize("before", ["v1", "HEAD", "v1:a/wit", "v1:a/wit/shop.wit"])
def test_a_revision_is_loaded_with_its_dependencies(before: str, repository_of_git: Path) -> None:
    loaded = load_before(repository_of_git / "a" / "wit", before, NONE)
    assert [str(p.name) for p in loaded.resolve.packages] == ["test:money", "test:shop@1.0.0"] if loaded.resolve else []
    assert loaded.files == (f"{before.partition(':')[0]}:a/wit/shop.wit",)


def test_links_to_dependencies_are_followed_and_export_ignore_does_not_count(repository_of_git: Path) -> None:
    (repository_of_git / "a" / "wit" / "deps.toml").unlink()
    (repository_of_git / "a" / "wit" / "deps").mkdir()
    (repository_of_git / "a" / "wit" / "deps" / "money").symlink_to("../../../money")
    (repository_of_git / "a" / "outside").symlink_to("/etc")
    (repository_of_git / ".gitattributes").write_text("a/** export-ignore\n", encoding="utf-8")
    git(repository_of_git, "add", "-A")
    git(repository_of_git, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "Link")
    loaded = load_before(repository_of_git / "a" / "wit", "HEAD", NONE)
    assert [str(p.name) for p in loaded.resolve.packages] == ["test:money", "test:shop@2.0.0"] if loaded.resolve else []


def test_a_path_is_loaded_as_it_is(repository_of_git: Path) -> None:
    loaded = load_before(repository_of_git / "a" / "wit", str(repository_of_git / "money"), NONE)
    assert loaded.package is not None
    assert str(loaded.package.name) == "test:money"


@pytest.mark.parametrize("before", ["v2", "v1:b/wit", "--output=x", "HEAD; true"])
def test_what_git_does_not_know_is_reported(before: str, repository_of_git: Path) -> None:
    with pytest.raises(WitkitError) as raised:
        load_before(repository_of_git / "a" / "wit", before, NONE)
    assert [d.code for d in raised.value.diagnostics] == ["WIT0939"]
    assert not (repository_of_git / "a" / "wit" / "x").exists()


def test_outside_a_repository_there_are_no_revisions(tmp_path: Path) -> None:
    package(tmp_path / "wit")
    done = witkit("check", "wit", "--against", "HEAD", cwd=tmp_path)
    assert (done.returncode, "WIT0939" in done.stderr) == (2, True)


def test_a_revision_that_cannot_be_understood_never_looks_clean(repository_of_git: Path) -> None:
    package(repository_of_git / "a" / "wit", OLD.replace("cents;", "cent;"))
    git(repository_of_git, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "Broken")
    package(repository_of_git / "a" / "wit", OLD)
    done = witkit("check", "a/wit", "--against", "HEAD", "--preset", "none", cwd=repository_of_git)
    assert done.returncode == 1
    assert "HEAD:a/wit/shop.wit:5:" in done.stderr
