"""Which files are read, and what is said if that fails."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from witkit.ir import load
from witkit.text import WitkitError

PACKAGE = "package a:b;\ninterface i { type t = u32; }\n"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files given by path and text below a folder `wit`; returns the folder."""

    def write(**files: str | bytes) -> Path:
        for name, content in files.items():
            path = tmp_path / "wit" / name.replace("__", "/").replace("_wit", ".wit").replace("_toml", ".toml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "wit"

    return write


def codes(path: Path) -> list[str]:
    return [d.code for d in load(path).diagnostics]


def test_a_missing_path_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(WitkitError, match="there is no file or folder"):
        load(tmp_path / "nowhere")


def test_the_files_of_a_folder_are_one_package(write: Write) -> None:
    loaded = load(write(b_wit="interface j { use i.{t}; }", a_wit=PACKAGE))
    assert loaded.package is not None
    assert list(loaded.package.interfaces) == ["i", "j"]
    assert [Path(f).name for f in loaded.files] == ["a.wit", "b.wit"]


def test_files_of_sub_folders_are_not_read(write: Write) -> None:
    assert load(write(a_wit=PACKAGE, more__bad_wit="nonsense")).is_clean


def test_a_single_file_stands_alone(write: Write) -> None:
    folder = write(
        a_wit="package a:b; interface i { use c:d/e.{t}; }", deps__c_wit="package c:d; interface e { type t = u8; }"
    )
    assert load(folder).is_clean
    assert codes(folder / "a.wit") == ["WIT0501"]


def test_messages_name_files_as_the_user_does(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(a_wit="package a:b; interface i { f: func(x: nope); }").parent)
    assert [d.where for d in load("wit").diagnostics] == [os.path.join("wit", "a.wit")]  # noqa: PTH118


def test_a_folder_without_wit_files(tmp_path: Path) -> None:
    assert codes(tmp_path) == ["WIT0506"]


def test_a_file_that_is_not_utf8(write: Write) -> None:
    (found,) = load(write(a_wit=PACKAGE, b_wit=b"// one\n// \xff\n")).diagnostics
    assert (found.code, Path(found.file).name) == ("WIT0505", "b.wit")
    assert "line 2 has byte 0xff" in found.message


def test_a_single_file_that_is_not_utf8(write: Write) -> None:
    with pytest.raises(WitkitError, match="not UTF-8"):
        load(write(a_wit=b"\xff") / "a.wit")


def test_webassembly_among_the_files_of_a_package(write: Write) -> None:
    assert codes(write(a_wit=PACKAGE, b_wit=b"\0asm\x0d\0\x01\0")) == ["WIT0507"]


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"package a:b;"])
def test_a_file_named_wasm_that_is_not_webassembly_is_not_read_as_text(write: Write, content: bytes) -> None:
    assert codes(write(**{"a.wasm": content}) / "a.wasm") == ["WIT0507"]


def test_webassembly_in_its_text_format_is_not_read(write: Write) -> None:
    assert codes(write(a_wit=PACKAGE, **{"deps__x.wat": "(component)"})) == ["WIT0507"]
    with pytest.raises(WitkitError, match="text format"):
        load(write(**{"a.wat": "(component)"}) / "a.wat")


def test_an_encoded_dependency_that_is_cut_off(write: Write) -> None:
    assert codes(write(a_wit=PACKAGE, **{"deps__x.wasm": b"\0asm"})) == ["WIT0507"]


def test_other_files_in_deps_are_nobodys(write: Write) -> None:
    assert load(write(a_wit=PACKAGE, deps__README="hello")).is_clean


def test_deps_that_is_a_file(write: Write) -> None:
    assert codes(write(a_wit=PACKAGE, deps="hello")) == ["WIT0508"]


@pytest.mark.skipif(os.name == "nt", reason="needs symlinks")
@pytest.mark.parametrize(("target", "found"), [("deps", {"WIT0508"}), ("nowhere", {"WIT0508"}), (".", {"WIT0502"})])
def test_deps_that_is_a_loop_of_links(write: Write, target: str, found: set[str]) -> None:
    folder = write(a_wit=PACKAGE)
    (folder / "deps").symlink_to(target)
    assert set(codes(folder)) == found


def test_a_link_that_leads_nowhere_is_only_a_warning(write: Write) -> None:
    folder = write(a_wit=PACKAGE)
    (folder / "deps").symlink_to("nowhere")
    assert load(folder).is_clean


def test_a_broken_link_among_the_dependencies(write: Write) -> None:
    folder = write(a_wit=PACKAGE, deps__c_wit="package c:d;")
    (folder / "deps" / "gone.wit").symlink_to("nowhere.wit")
    assert codes(folder) == ["WIT0504"]


def test_a_folder_that_is_named_like_a_file(write: Write) -> None:
    folder = write(a_wit=PACKAGE)
    (folder / "b.wit").mkdir()
    assert load(folder).is_clean


def test_packages_in_a_circle(write: Write) -> None:
    folder = write(
        a_wit="package a:a; interface i { use b:b/i.{t}; }",
        deps__b_wit="package b:b; interface i { use c:c/i.{t}; }",
        deps__c_wit="package c:c; interface i { use b:b/i.{t}; type u = t; }",
    )
    assert "WIT0503" in codes(folder)


def test_a_folder_that_may_not_be_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(a_wit=PACKAGE)

    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refuse)
    found = load(folder).diagnostics
    assert [(d.code, d.message) for d in found] == [("WIT0504", "cannot read this folder: permission denied")]


def test_nested_packages_of_the_file_come_after_its_own(write: Write) -> None:
    text = "package a:z; package a:c { } package a:b { interface i {} }"
    loaded = load(write(a_wit=text))
    assert loaded.resolve is not None
    assert [str(p.name) for p in loaded.resolve.main] == ["a:z", "a:c", "a:b"]


def test_two_packages_of_one_name(write: Write) -> None:
    folder = write(a_wit=PACKAGE, deps__x_wit="package c:d;", deps__y_wit="package c:d;")
    (found,) = load(folder).diagnostics
    assert found.code == "WIT0502"
    assert found.primary is not None
    assert {Path(s.source.name).name for s in (found.primary, found.related[0].span)} == {"x.wit", "y.wit"}


def test_line_ends_and_a_byte_order_mark_do_not_matter(write: Write) -> None:
    folder = write(a_wit="\ufeff" + "/// One.\n/// Two.\npackage a:b;\ninterface i {}\n".replace("\n", "\r\n"))
    loaded = load(folder)
    assert loaded.package is not None
    assert loaded.package.docs == "One.\nTwo."


def test_loading_leaves_garbage_collection_as_it_was(write: Write) -> None:
    import gc

    load(write(a_wit=PACKAGE))
    assert gc.isenabled()
