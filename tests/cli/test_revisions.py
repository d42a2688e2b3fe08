"""`--against`: the package as it was, on disk and in git."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.command_line import package, witkit
from witkit.cli.revisions import load_before
from witkit.ir import NONE
from witkit.ir.show.wit import to_wit
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


@pytest.fixture
def repository_with_submodule(repository_of_git: Path) -> Path:
    """The repository, in whose first commit the dependency is a submodule."""
    shop = repository_of_git / "shop"
    dependency = shop / "wit" / "deps" / "money"
    package(shop / "wit", OLD)
    package(dependency, MONEY)
    for folder in (dependency, shop):
        git(folder, "init", "-q", "-b", "main")
        git(folder, "-c", "advice.addEmbeddedRepo=false", "add", "-A")
        git(folder, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "First")
    package(dependency, MONEY.replace("u32", "u64"))
    git(dependency, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-a", "-m", "Second")
    return shop


@pytest.mark.parametrize("before", ["HEAD", "HEAD:wit/shop.wit", "HEAD:wit/deps/money"])
def test_a_submodule_has_the_commit_that_the_revision_names(before: str, repository_with_submodule: Path) -> None:
    loaded = load_before(repository_with_submodule / "wit", before, NONE)
    assert loaded.resolve is not None
    assert "type cents = u32;" in to_wit(loaded.resolve)


def test_a_submodule_without_the_commit_is_reported(repository_with_submodule: Path) -> None:
    dependency = repository_with_submodule / "wit" / "deps" / "money"
    shutil.rmtree(dependency / ".git")
    git(dependency, "init", "-q")
    with pytest.raises(WitkitError, match=r"the submodule `money` lacks its commit .*: run `git fetch` there"):
        load_before(repository_with_submodule / "wit", "HEAD", NONE)


def test_a_submodule_that_is_not_checked_out_is_a_missing_dependency(repository_with_submodule: Path) -> None:
    shutil.rmtree(repository_with_submodule / "wit" / "deps" / "money")
    with pytest.raises(WitkitError, match="package `test:money` not found"):
        load_before(repository_with_submodule / "wit", "HEAD", NONE)


def test_a_path_is_loaded_as_it_is(repository_of_git: Path) -> None:
    loaded = load_before(repository_of_git / "a" / "wit", str(repository_of_git / "money"), NONE)
    assert loaded.package is not None
    assert str(loaded.package.name) == "test:money"


@pytest.mark.parametrize("before", ["v2", "v1:b/wit", "--output=x", "HEAD; true", "v1...v2"])
def test_what_git_does_not_know_is_reported(before: str, repository_of_git: Path) -> None:
    with pytest.raises(WitkitError) as raised:
        load_before(repository_of_git / "a" / "wit", before, NONE)
    assert [d.code for d in raised.value.diagnostics] == ["WIT0939"]
    assert not (repository_of_git / "a" / "wit" / "x").exists()


def test_outside_a_repository_there_are_no_revisions(tmp_path: Path) -> None:
    package(tmp_path / "wit")
    done = witkit("check", "wit", "--against", "HEAD", cwd=tmp_path)
    assert (done.returncode, "WIT0939" in done.stderr) == (2, True)


def test_a_wrong_revision_in_the_settings_is_shown_there(repository_of_git: Path) -> None:
    (repository_of_git / "witkit.toml").write_text('[check]\nagainst = "no-such"\n', encoding="utf-8")
    done = witkit("check", "a/wit", cwd=repository_of_git)
    assert (done.returncode, "error[WIT0939]" in done.stderr) == (2, True)
    assert "--> witkit.toml:2:1" in done.stderr
    of_option = witkit("check", "a/wit", "--against", "nor-this", cwd=repository_of_git)
    assert (of_option.returncode, "`nor-this`" in of_option.stderr, "witkit.toml" in of_option.stderr) == (
        2,
        True,
        False,
    )


def test_a_path_in_the_settings_begins_in_their_folder(tmp_path: Path) -> None:
    package(tmp_path / "old")
    package(tmp_path / "wit")
    (tmp_path / "witkit.toml").write_text('[check]\nagainst = "old"\npreset = "none"\n', encoding="utf-8")
    done = witkit("check", ".", cwd=tmp_path / "wit")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_revision_that_cannot_be_understood_never_looks_clean(repository_of_git: Path) -> None:
    package(repository_of_git / "a" / "wit", OLD.replace("cents;", "cent;"))
    git(repository_of_git, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "Broken")
    package(repository_of_git / "a" / "wit", OLD)
    done = witkit("check", "a/wit", "--against", "HEAD", cwd=repository_of_git)
    assert done.returncode == 1
    assert "HEAD:a/wit/shop.wit:5:" in done.stderr


AUTHOR = ("-c", "user.name=a", "-c", "user.email=a@b")


@pytest.mark.parametrize("path", ["/etc", "../../etc", "a/../..", "./../..", "../../../etc"])
def test_a_path_outside_the_repository_is_not_read_from_the_disk(path: str, repository_of_git: Path) -> None:
    done = witkit("diff", f"v1:{path}", "a/wit", cwd=repository_of_git)
    assert (done.returncode, "WIT0939" in done.stderr, "outside the repository" in done.stderr) == (2, True, True)


@pytest.mark.parametrize("before", ["v1:./wit", "v1:../a/wit", "v1:./wit/shop.wit", "v1:a/./wit/", "v1:a/wit"])
def test_a_path_with_dots_begins_in_the_current_folder_as_for_git(
    before: str, repository_of_git: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository_of_git / "a")
    loaded = load_before(Path("wit"), before, NONE)
    assert loaded.files == ("v1:a/wit/shop.wit",)


def test_a_revision_alone_has_the_path_of_the_other_side_also_in_a_revision(repository_of_git: Path) -> None:
    done = witkit("diff", "v1:a/wit", "HEAD", cwd=repository_of_git)
    assert (done.returncode, "nothing has changed" in done.stdout) == (0, True)


def test_a_hook_of_git_has_variables_for_another_folder(repository_of_git: Path) -> None:
    for environment in ({"GIT_DIR": ".git"}, {"GIT_DIR": str(repository_of_git / ".git"), "GIT_INDEX_FILE": "x"}):
        done = witkit("diff", "v1", "a/wit", "--format", "json", cwd=repository_of_git, **environment)
        assert (done.returncode, "v1" in done.stdout, done.stderr) == (0, False, "")


@pytest.mark.parametrize("name", [b"n\xff", b"trail ", b"line\n"])
def test_a_repository_can_be_in_a_folder_of_any_name(name: bytes, repository_of_git: Path) -> None:
    folder = repository_of_git / os.fsdecode(name)
    git(repository_of_git, "clone", "-q", str(repository_of_git), str(folder))
    loaded = load_before(folder / "a" / "wit", "v1", NONE)
    assert loaded.files == ("v1:a/wit/shop.wit",)


def test_a_bare_repository_has_revisions(repository_of_git: Path) -> None:
    bare = repository_of_git / "bare"
    git(repository_of_git, "clone", "-q", "--bare", str(repository_of_git), str(bare))
    done = witkit("diff", "v1:a/wit", "HEAD:a/wit", cwd=bare)
    assert (done.returncode, "nothing has changed" in done.stdout) == (0, True)


def test_in_a_shallow_clone_it_is_said_why_a_revision_is_missing(repository_of_git: Path) -> None:
    git(repository_of_git, *AUTHOR, "commit", "-qam", "Second")
    clone = repository_of_git / "clone"
    git(repository_of_git, "clone", "-q", "--depth", "1", repository_of_git.as_uri(), str(clone))
    done = witkit("check", "a/wit", "--against", "HEAD~1", cwd=clone)
    assert done.returncode == 2
    assert "git fetch --unshallow" in done.stderr
    assert "git fetch" not in witkit("check", "a/wit", "--against", "HEAD~2", cwd=repository_of_git).stderr


def test_a_worktree_has_the_revisions_of_its_repository(repository_of_git: Path) -> None:
    git(repository_of_git, "worktree", "add", "-q", str(repository_of_git / "tree"), "v1")
    loaded = load_before(repository_of_git / "tree" / "a" / "wit", "v1", NONE)
    assert loaded.files == ("v1:a/wit/shop.wit",)


@pytest.mark.parametrize("before", ["main...", "main...HEAD", "main...work"])
def test_three_dots_are_the_merge_base(before: str, repository_of_git: Path) -> None:
    """What happened on `main` since then is not a change of this branch."""
    git(repository_of_git, "switch", "-q", "-c", "work")
    git(repository_of_git, *AUTHOR, "commit", "-qam", "Work")
    git(repository_of_git, "switch", "-q", "main")
    package(repository_of_git / "a" / "wit", OLD.replace("1.0.0", "3.0.0"))
    git(repository_of_git, *AUTHOR, "commit", "-qam", "Main")
    git(repository_of_git, "switch", "-q", "work")
    loaded = load_before(repository_of_git / "a" / "wit", before, NONE)
    assert loaded.package is not None
    assert str(loaded.package.name) == "test:shop@1.0.0"
    done = witkit("diff", before, "a/wit", cwd=repository_of_git)
    assert "1.0.0 and 2.0.0 compared" in done.stdout


def test_revisions_without_a_common_ancestor_have_no_merge_base(repository_of_git: Path) -> None:
    git(repository_of_git, "checkout", "-q", "--orphan", "other")
    git(repository_of_git, *AUTHOR, "commit", "-qam", "Other")
    done = witkit("diff", "main...", "a/wit", cwd=repository_of_git)
    assert (done.returncode, "no common ancestor" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "arguments", [("check", "--against", ""), ("diff", ""), ("diff", "", "."), ("diff", ".", "")], ids=str
)
def test_an_empty_text_is_not_the_current_folder(arguments: tuple[str, ...], repository_of_git: Path) -> None:
    """It is a variable that is not set: a package never differs from itself."""
    done = witkit(*arguments, cwd=repository_of_git / "a" / "wit")
    assert (done.returncode, "it is empty" in done.stderr) == (2, True)
