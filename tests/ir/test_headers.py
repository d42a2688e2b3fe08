"""Package headers: those that cannot be understood, and those that differ within a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.checks.chosen import Wanted
from witkit.cli.checking import checked, findings
from witkit.cli.packages import packages
from witkit.ir import load
from witkit.text import Diagnostic

BODY = "interface orders { f: func(); }\n"
MALFORMED = [
    "package shop:orders@0.1;",
    "package shop:orders@1;",
    "package shop:orders@v0.1.0;",
    "package shop:orders@0.1.0.0;",
    "package shop:orders@;",
    "package shop:orders@0.01.0;",
    "package shop:orders@*;",
    'package shop:orders@"0.1.0";',
    "package shop:orders @ 0.1;",
    "package shop;",
    "package shop:;",
    "package ;",
    "package :orders;",
    "package shop:orders",
    "package shop:orders@0.1.0",
    "package shop:interface;",
    "package list:orders;",
    "package world;",
    "package shop:orders:x;",
    "package shop/orders;",
    "package shop:orders/x;",
    "package shop.orders;",
    'package "shop:orders";',
    "package my_shop:orders;",
    "package shop orders;",
    "package shop:orders = 1;",
    "package shop:orders,",
    "package shop:orders;;",
    "package -shop:orders;",
    "package shop:orders {",
    "packge shop:orders;",
    "Package shop:orders;",
    "; package shop:orders;",
    "# orders\npackage shop:orders;",
    "/* orders\npackage shop:orders;",
    "@since(version = 0.1.0)\npackage shop:orders@0.1.0;",
]


def check(*paths: Path) -> list[Diagnostic]:
    return findings([checked(path, Wanted("none")) for path in packages(paths)])


@pytest.mark.parametrize("header", MALFORMED, ids=ascii)
def test_a_malformed_header_is_one_finding_and_nothing_about_its_neighbours(header: str, tmp_path: Path) -> None:
    for name, text in {"a": "package shop:a;", "b": "/// Of b.\npackage shop:b@0.2.0;"}.items():
        (tmp_path / f"{name}.wit").write_text(f"{text}\n{BODY}")
    bad = tmp_path / "bad.wit"
    bad.write_text(f"{header}\n{BODY}")
    (found,) = check(bad)
    assert found.where == str(bad)
    together = check(tmp_path / "a.wit", tmp_path / "b.wit", bad)
    assert [d.message for d in together] == [found.message]


@pytest.mark.parametrize("header", ["package shop:orders@0.1;", "package shop:orders@v1.0.0;", "package shop;"])
def test_what_needs_a_package_of_unknown_version_is_not_reported(header: str, tmp_path: Path) -> None:
    (tmp_path / "deps").mkdir()
    (tmp_path / "deps" / "orders.wit").write_text(f"{header}\n@since(version = 0.1.0)\n{BODY}")
    (tmp_path / "a.wit").write_text("package a:b;\nworld w { import shop:orders/orders@0.1.0; }\n")
    (found,) = load(tmp_path).diagnostics
    assert found.where == str(tmp_path / "deps" / "orders.wit")


def test_what_is_wrong_after_a_malformed_header_is_reported_too(tmp_path: Path) -> None:
    (tmp_path / "a.wit").write_text("package a:b@0.1;\ninterface i { f: func() -> strng; }\n")
    assert [d.code for d in load(tmp_path).diagnostics] == ["WIT0103", "WIT0202"]


@pytest.mark.parametrize("other", ["package c:d;", "package a:b@0.2.0;"])
def test_a_second_package_in_a_folder_is_one_finding(other: str, tmp_path: Path) -> None:
    (tmp_path / "a.wit").write_text(f"/// One.\npackage a:b@0.1.0;\n{BODY}")
    (tmp_path / "b.wit").write_text(f"/// Two.\n{other}\n{BODY}interface mine {{ use theirs.{{t}}; }}\n")
    (tmp_path / "c.wit").write_text("interface theirs { type t = u8; }\n")
    (found,) = load(tmp_path).diagnostics
    assert (found.code, found.where) == ("WIT0510", str(tmp_path / "b.wit"))
    assert ("write the same version in both" in found.help) is ("a:b" in other)


def test_each_package_of_a_folder_is_checked_by_itself(tmp_path: Path) -> None:
    (tmp_path / "a.wit").write_text("package a:b;\ninterface i { f: func(); f: func(); }\n")
    (tmp_path / "b.wit").write_text("package c:d;\ninterface i { g: func(); g: func(); }\n")
    assert sorted(d.code for d in load(tmp_path).diagnostics) == ["WIT0209", "WIT0209", "WIT0510"]


@pytest.mark.parametrize(
    ("rest", "help"),
    [("", "write `package acme:one;` without braces, or begin"), (BODY, "begin the file with a header")],
)
def test_a_file_of_nested_packages_alone_is_marked_at_the_first(rest: str, help: str, tmp_path: Path) -> None:
    (tmp_path / "a.wit").write_text(f"package acme:one {{ {BODY} }}\npackage acme:two {{}}\n{rest}")
    (found,) = load(tmp_path / "a.wit").diagnostics
    assert (found.code, found.primary and found.primary.text) == ("WIT0509", "acme:one")
    assert found.help.startswith(help)
