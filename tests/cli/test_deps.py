"""`witkit deps check`: dependencies against their locks, offline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command_line import package, witkit
from witkit.ir.load.digest import folder_sha256

CLOCKS = "package test:clocks@0.1.0;\n\ninterface wall {\n    now: func() -> u64;\n}\n"
SHOP = "package test:shop@0.1.0;\n\nworld shop {\n    import test:clocks/wall@0.1.0;\n}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A package with a dependency in `deps`, as wit-deps leaves it."""
    package(tmp_path / "wit", SHOP)
    clocks = package(tmp_path / "wit" / "deps" / "clocks", CLOCKS, "clocks.wit")
    (tmp_path / "wit" / "deps.toml").write_text('clocks = "https://example.org/clocks.tar.gz"\n')
    lock = f'[clocks]\nurl = "https://example.org/clocks.tar.gz"\nsha256 = "{folder_sha256(clocks)}"\n'
    (tmp_path / "wit" / "deps.lock").write_text(lock)
    return tmp_path


def test_what_is_as_the_lock_says_is_clean(shop: Path) -> None:
    done = witkit("deps", "check", cwd=shop)
    assert (done.returncode, done.stdout) == (0, "nothing to report in 1 package; 1 package locked\n")


def test_an_edit_in_deps_is_found(shop: Path) -> None:
    package(shop / "wit" / "deps" / "clocks", CLOCKS + "// mine\n", "clocks.wit")
    done = witkit("deps", "check", "--format", "github", cwd=shop)
    assert done.returncode == 1
    assert done.stdout.startswith("::warning file=wit/deps.lock,line=3,")
    # `check` reports the same.
    assert "WIT0520" in witkit("check", cwd=shop).stdout


@pytest.fixture
def neighbour(tmp_path: Path) -> Path:
    """A package with a copy of its neighbour in `deps`, as wit-deps leaves it."""
    package(tmp_path / "wit", SHOP)
    for folder in ("clocks", "wit/deps/clocks"):
        package(tmp_path / folder, CLOCKS, "clocks.wit")
    (tmp_path / "wit" / "deps.toml").write_text('clocks = "../clocks"\n')
    lock = f'[clocks]\npath = "../clocks"\nsha256 = "{folder_sha256(tmp_path / "clocks")}"\n'
    (tmp_path / "wit" / "deps.lock").write_text(lock)
    return tmp_path


def test_a_copy_of_a_neighbour_is_clean(neighbour: Path) -> None:
    done = witkit("deps", "check", cwd=neighbour)
    assert (done.returncode, done.stdout) == (0, "nothing to report in 1 package; 1 package locked\n")


@pytest.mark.parametrize(
    ("changed", "message", "help"),
    [
        (
            ["clocks"],
            "`clocks` is out of date: `clocks` has changed since it was locked",
            "update it (`wit-deps update`)",
        ),
        (
            ["wit/deps/clocks"],
            "`clocks` is locked here with different content from `wit/deps/clocks`",
            "the copy was edited: fetch it again (`wit-deps`)",
        ),
        (
            ["clocks", "wit/deps/clocks"],
            "`clocks` is locked here with different content from `wit/deps/clocks`",
            "update the lock (`wit-deps lock`): the folder's sha256 is ",
        ),
    ],
)
def test_a_neighbour_and_its_copy_have_to_be_as_they_were_locked(
    changed: list[str], message: str, help: str, neighbour: Path
) -> None:
    for folder in changed:
        package(neighbour / folder, CLOCKS + "// changed\n", "clocks.wit")
    done = witkit("deps", "check", "--format", "json", cwd=neighbour)
    [found] = json.loads(done.stdout)
    assert (done.returncode, found["code"], found["message"]) == (1, "WIT0520", message)
    assert found["help"].startswith(help)


def test_a_manifest_that_is_newer_than_the_lock_is_found(shop: Path) -> None:
    (shop / "wit" / "deps.toml").write_text('clocks = "https://example.org/clocks-2.tar.gz"\n')
    done = witkit("deps", "check", "wit", cwd=shop)
    assert done.returncode == 1
    assert done.stdout.startswith("warning[WIT0521]: `clocks` is locked from `https://example.org/clocks.tar.gz`, not")


@pytest.mark.parametrize(
    ("lock", "message"),
    [
        ('[clocks]\nurl = "https://example.org/clocks.tar.gz"\n', "`clocks` has no `sha256` in this lock"),
        ('[clocks]\nurl = "https://example.org/clocks.tar.gz"\nsha256 = 1\n', "`clocks` has no `sha256` in this lock"),
        ('clocks = "https://example.org/clocks.tar.gz"\n', "`clocks` has no `sha256` in this lock"),
        (
            '[clocks]\nsha256 = "HASH"\n',
            "`clocks` is locked from nowhere, not from `https://example.org/clocks.tar.gz`",
        ),
    ],
    ids=["no-hash", "number", "no-table", "no-source"],
)
def test_a_lock_that_says_too_little_never_looks_clean(lock: str, message: str, shop: Path) -> None:
    hash = folder_sha256(shop / "wit" / "deps" / "clocks")
    (shop / "wit" / "deps.lock").write_text(lock.replace("HASH", hash))
    done = witkit("deps", "check", cwd=shop)
    assert done.returncode == 1
    assert done.stdout.startswith(f"warning[WIT0521]: {message}")


def test_a_wkg_lock_of_an_unknown_version_never_looks_clean(shop: Path) -> None:
    (shop / "wkg.lock").write_text("version = 2\n")
    done = witkit("deps", "check", cwd=shop)
    assert done.returncode == 1
    assert done.stdout.startswith("warning[WIT0515]: this lock has the unknown version 2: nothing was compared with it")


def test_an_error_in_a_dependency_is_found_and_one_in_the_package_is_not(shop: Path) -> None:
    package(shop / "wit", SHOP.replace("}", "    import nothing;\n}"))
    assert witkit("deps", "check", cwd=shop).returncode == 0
    package(shop / "wit" / "deps" / "clocks", "interface {", "clocks.wit")
    done = witkit("deps", "check", cwd=shop)
    assert done.returncode == 1
    assert "wit/deps/clocks/clocks.wit" in done.stdout


def test_a_package_without_locks_says_so(tmp_path: Path) -> None:
    package(tmp_path / "wit")
    done = witkit("deps", "check", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "nothing to report in 1 package; no packages locked\n")


@pytest.mark.parametrize(("beside", "code"), [("notes.txt", 1), ("deps.toml", 0)])
def test_a_folder_without_a_package_is_refused_unless_it_has_dependencies(
    beside: str, code: int, tmp_path: Path
) -> None:
    (tmp_path / beside).touch()
    done = witkit("deps", "check", cwd=tmp_path)
    assert (done.returncode, "WIT0506" in done.stdout) == (code, code == 1), done.stdout
