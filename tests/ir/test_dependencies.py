"""Dependencies that `deps.toml` names, and lock files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ir.conftest import CORPUS, CORPUS_CASES
from witkit.ir import ALL, load
from witkit.ir.load.digest import folder_sha256
from witkit.text import Severity

CLOCKS = "package w:clocks@0.3.0;\ninterface types { type instant = u64; }\n"
FILES = "package w:files@0.3.0;\ninterface fs { use w:clocks/types@0.3.0.{instant}; }\n"
CLI = "package w:cli@0.3.0;\nworld command { import w:files/fs@0.3.0; }\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Three packages side by side, none with `deps`; each names what it needs by path."""
    for name, text, toml in (
        ("clocks", CLOCKS, ""),
        ("files", FILES, 'clocks = "../../clocks/wit"\n'),
        ("cli", CLI, '[files]\npath = "../../files/wit"\n'),
    ):
        folder = tmp_path / name / "wit"
        folder.mkdir(parents=True)
        (folder / "p.wit").write_text(text)
        if toml:
            (folder / "deps.toml").write_text(toml)
    return tmp_path


def test_folders_are_found_through_deps_toml_of_dependencies_too(checkout: Path) -> None:
    loaded = load(checkout / "cli" / "wit")
    assert loaded.resolve is not None
    assert [str(p.name) for p in loaded.resolve.packages] == ["w:clocks@0.3.0", "w:files@0.3.0", "w:cli@0.3.0"]
    assert [str(p.name) for p in loaded.resolve.main] == ["w:cli@0.3.0"]


def test_what_nobody_mentions_is_not_added(checkout: Path) -> None:
    (checkout / "clocks" / "wit" / "deps.toml").write_text('cli = "../../cli/wit"\n')
    loaded = load(checkout / "clocks" / "wit")
    assert loaded.resolve is not None
    assert len(loaded.resolve.packages) == 1


def test_a_copy_in_deps_comes_first(checkout: Path) -> None:
    copy = checkout / "files" / "wit" / "deps" / "clocks"
    copy.mkdir(parents=True)
    (copy / "p.wit").write_text(CLOCKS.replace("u64", "string"))
    loaded = load(checkout / "files" / "wit")
    assert loaded.resolve is not None
    assert loaded.resolve.types[0].kind.type == "string"  # type: ignore[union-attr]


def test_a_deps_toml_may_begin_with_a_byte_order_mark(checkout: Path) -> None:
    file = checkout / "files" / "wit" / "deps.toml"
    file.write_text(file.read_text(), encoding="utf-8-sig")
    assert load(checkout / "files" / "wit").diagnostics == ()


def test_a_path_that_leads_nowhere_is_reported_at_its_entry(checkout: Path) -> None:
    (checkout / "files" / "wit" / "deps.toml").write_text('# where\nclocks = "../../clock/wit"\n')
    found = load(checkout / "files" / "wit").diagnostics
    assert {d.code for d in found} == {"WIT0517", "WIT0501"}
    entry = next(d for d in found if d.code == "WIT0517")
    assert entry.primary is not None
    assert entry.primary.text == "clocks"
    assert entry.primary.source.position(entry.primary.start) == (2, 1)


def test_a_package_that_is_not_found_names_every_place(checkout: Path) -> None:
    (checkout / "files" / "wit" / "deps.toml").write_text('clocks = "https://example.org/clocks.tar.gz"\n')
    (found,) = load(checkout / "files" / "wit").diagnostics
    assert found.code == "WIT0501"
    assert "https://example.org/clocks.tar.gz" in found.help
    assert str(checkout / "files" / "wit" / "deps") in found.help


def test_paths_in_a_circle_end(checkout: Path) -> None:
    (checkout / "clocks" / "wit" / "deps.toml").write_text('files = "../../files/wit"\nself = "."\n')
    assert load(checkout / "cli" / "wit").is_clean


@pytest.mark.parametrize("text", ["clocks = ", "clocks = 1", "clocks = []", "[clocks]\nsha256 = 'x'"])
def test_a_deps_toml_that_is_wrong(checkout: Path, text: str) -> None:
    (checkout / "files" / "wit" / "deps.toml").write_text(text)
    found = load(checkout / "files" / "wit").diagnostics
    assert {"WIT0515", "WIT0516"} & {d.code for d in found}


def test_a_folder_in_place_of_a_lock_is_an_error_with_a_way_out(checkout: Path) -> None:
    (checkout / "clocks" / "wit" / "deps.lock").mkdir()
    (found,) = load(checkout / "clocks" / "wit").diagnostics
    assert (found.code, found.message) == ("WIT0515", "cannot read this file: is a directory")
    assert found.help == "make it a readable file, or move it away"


def test_a_locked_dependency_that_is_missing_is_a_warning_at_the_lock(checkout: Path) -> None:
    (checkout / "clocks" / "wit" / "deps.lock").write_text('[random]\nurl = "https://example.org"\nsha256 = "00"\n')
    (found,) = load(checkout / "clocks" / "wit").diagnostics
    assert (found.severity, found.code) == (Severity.WARNING, "WIT0518")
    assert found.primary is not None
    assert found.primary.text == "[random]"
    assert str(checkout / "clocks" / "wit" / "deps" / "random") in found.message


def test_locked_paths_that_are_there_are_fine(checkout: Path) -> None:
    (checkout / "cli" / "wit" / "deps.lock").write_text(
        '[files]\npath = "../../files/wit"\ndeps = ["clocks"]\n'
        f'[clocks]\nsha256 = "{folder_sha256(checkout / "clocks" / "wit")}"\n'
    )
    assert load(checkout / "cli" / "wit").diagnostics == ()


WKG_LOCK = """version = 1

[[packages]]
name = "w:clocks"
registry = "wasi.dev"

[[packages.versions]]
requirement = "=0.2.0"
version = "{version}"
digest = "sha256:00"
"""


def test_a_locked_folder_with_other_content_is_a_warning_at_its_digest(checkout: Path) -> None:
    digest = folder_sha256(checkout / "clocks" / "wit")
    lock = checkout / "files" / "wit" / "deps.lock"
    lock.write_text(f'[clocks]\npath = "../../clocks/wit"\nsha256 = "{digest}"\n')
    assert load(checkout / "files" / "wit").diagnostics == ()
    (checkout / "clocks" / "wit" / "p.wit").write_text(CLOCKS + "// changed\n")
    (found,) = load(checkout / "files" / "wit").diagnostics
    assert (found.severity, found.code) == (Severity.WARNING, "WIT0520")
    assert found.primary is not None
    assert found.primary.text == f'"{digest}"'
    assert str(checkout / "clocks" / "wit") in found.message


@pytest.mark.parametrize(
    ("lock", "message"),
    [
        ("", "`clocks` is not locked"),
        ('[clocks]\npath = "../clocks"\n', "`clocks` is locked from `../clocks`, not from `../../clocks/wit`"),
    ],
)
def test_an_entry_that_the_lock_does_not_have_is_a_warning_at_the_entry(
    checkout: Path, lock: str, message: str
) -> None:
    wit = checkout / "files" / "wit"
    (wit / "deps.toml").write_text('# what it needs\nclocks = "../../clocks/wit"\n')
    (wit / "deps.lock").write_text(lock)
    (found,) = load(wit).diagnostics
    assert (found.severity, found.code) == (Severity.WARNING, "WIT0521")
    assert found.message == f"{message}: `{wit / 'deps.lock'}` is out of date"
    assert found.primary is not None
    assert found.primary.text == "clocks"


@pytest.mark.skipif(not CORPUS_CASES, reason="needs the corpus at ../shared/corpus")
@pytest.mark.parametrize("proposal", ["cli", "filesystem", "http", "sockets"])
def test_digests_are_those_of_wit_deps(proposal: str) -> None:
    assert load(CORPUS / "wasi-checkout" / "proposals" / proposal / "wit", features=ALL).diagnostics == ()


@pytest.mark.parametrize("place", ["files", "files/wit"])
def test_a_locked_package_in_another_version_names_both_places(checkout: Path, place: str) -> None:
    (checkout / place / "wkg.lock").write_text(WKG_LOCK.format(version="0.2.0"))
    (found,) = load(checkout / "files" / "wit").diagnostics
    assert (found.severity, found.code) == (Severity.WARNING, "WIT0519")
    assert found.primary is not None
    assert (Path(found.where).name, found.primary.text) == ("wkg.lock", '"0.2.0"')
    assert Path(found.related[0].span.source.name).parts[-3:] == ("clocks", "wit", "p.wit")


def test_a_locked_package_that_is_there_is_fine(checkout: Path) -> None:
    (checkout / "files" / "wkg.lock").write_text(WKG_LOCK.format(version="0.3.0"))
    assert load(checkout / "files" / "wit").diagnostics == ()


def test_a_locked_package_that_is_nowhere(checkout: Path) -> None:
    (checkout / "clocks" / "wkg.lock").write_text(WKG_LOCK.format(version="1.0.0").replace("w:clocks", "w:random"))
    assert [d.code for d in load(checkout / "clocks" / "wit").diagnostics] == ["WIT0518"]
