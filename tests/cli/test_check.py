"""`witkit check`: which packages it reads, what it reports on, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

from syrupy.assertion import SnapshotAssertion

from tests.cli.command_line import BROKEN, CLEAN, package, witkit

# A dependency and a package that uses it.
DEPENDENCY = "package test:money@1.0.0;\n\ninterface amounts {\n  type cents = u32;\n}\n"
USER = """package test:till;

interface till {
  use test:money/amounts@1.0.0.{cents};
  /// All that is in it.
  total: func() -> cents;
}
"""


def test_a_clean_package_says_so(tmp_path: Path) -> None:
    package(tmp_path / "wit")
    done = witkit("check", "wit", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "nothing to report in 1 package\n", "")


def test_every_mistake_is_shown_in_one_run(tmp_path: Path, text_snapshot: SnapshotAssertion) -> None:
    package(tmp_path / "wit", BROKEN)
    done = witkit("check", "wit", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == text_snapshot


def test_json_goes_to_standard_output_and_is_nothing_but_json(tmp_path: Path) -> None:
    package(tmp_path / "wit", BROKEN)
    done = witkit("check", "wit", "--format", "json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert [(d["file"], d["line"], d["severity"]) for d in found] == [
        ("wit/shop.wit", 5, "error"),
        ("wit/shop.wit", 6, "error"),
    ]


def test_github_format_annotates_and_sums_up(tmp_path: Path) -> None:
    package(tmp_path / "wit", BROKEN)
    first, second, last = witkit("check", "wit", "--format", "github", cwd=tmp_path).stdout.splitlines()
    assert first.startswith("::error file=wit/shop.wit,line=5,endLine=5,col=")
    assert second.startswith("::error file=wit/shop.wit,line=6,")
    assert last == "2 errors in 1 package"


def test_github_gets_all_findings_in_the_summary_of_the_step(tmp_path: Path) -> None:
    package(tmp_path / "wit", BROKEN)
    (tmp_path / "summary.md").write_text("before\n", encoding="utf-8")
    witkit("check", "wit", "--format", "github", cwd=tmp_path, GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"))
    before, _, _, first, second = (tmp_path / "summary.md").read_text(encoding="utf-8").splitlines()
    assert before == "before"
    assert first.startswith("| wit/shop.wit:5:39 | error | WIT0202 | ")
    assert second.startswith("| wit/shop.wit:6:8 | error | WIT0209 | ")


def test_without_a_path_the_folder_wit_is_checked(tmp_path: Path) -> None:
    package(tmp_path / "wit", BROKEN)
    assert witkit("check", cwd=tmp_path).returncode == 1


def test_a_missing_path_is_a_finding(tmp_path: Path) -> None:
    done = witkit("check", "nowhere", "--format", "json", cwd=tmp_path)
    assert done.returncode == 1
    assert [d["file"] for d in json.loads(done.stdout)] == ["nowhere"]


def test_files_stand_for_their_package_once(tmp_path: Path) -> None:
    folder = package(tmp_path / "wit")
    (folder / "more.wit").write_text("interface more { use prices.{nothing}; }\n", encoding="utf-8")
    done = witkit("check", "wit/shop.wit", "wit/more.wit", "wit", cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "1 error in 1 package"


def test_a_file_of_a_folder_that_is_named_too_is_not_checked_again(tmp_path: Path) -> None:
    package(tmp_path / "shop")
    assert witkit("check", "shop/shop.wit", "shop", cwd=tmp_path).stdout == "nothing to report in 1 package\n"


def test_a_file_that_names_no_package_belongs_to_its_folder(tmp_path: Path) -> None:
    folder = package(tmp_path / "interfaces")
    (folder / "more.wit").write_text("interface more { use prices.{nothing}; }\n", encoding="utf-8")
    assert "does not exist" in witkit("check", "interfaces/more.wit", cwd=tmp_path).stdout


def test_a_file_among_others_is_a_package_of_its_own(tmp_path: Path) -> None:
    package(package(tmp_path / "cases"), BROKEN, "broken.wit")
    assert witkit("check", "cases/shop.wit", cwd=tmp_path).returncode == 0


def test_a_vendored_file_stands_for_the_package_that_vendors_it(tmp_path: Path) -> None:
    package(package(tmp_path / "wit", USER) / "deps" / "money", DEPENDENCY)
    done = witkit("check", "wit/deps/money/shop.wit", "wit/shop.wit", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "nothing to report in 1 package\n")


def test_an_error_in_a_dependency_is_reported(tmp_path: Path) -> None:
    package(package(tmp_path / "wit", USER) / "deps" / "money", DEPENDENCY.replace("u32", "u33"))
    done = witkit("check", "wit", cwd=tmp_path)
    assert done.returncode == 1
    assert "wit/deps/money/shop.wit:4:16" in done.stdout


def test_a_lock_file_stands_for_the_package_beside_it(tmp_path: Path) -> None:
    (package(tmp_path, CLEAN) / "wkg.toml").write_text("", encoding="utf-8")
    assert witkit("check", "wkg.toml", cwd=tmp_path).stdout == "nothing to report in 1 package\n"


def test_a_lock_file_above_the_package_stands_for_it(tmp_path: Path) -> None:
    package(tmp_path / "wit")
    (tmp_path / "wkg.lock").write_text("version = 1\n", encoding="utf-8")
    assert witkit("check", "wkg.lock", cwd=tmp_path).stdout == "nothing to report in 1 package\n"


def test_a_lock_file_without_a_package_stands_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "wkg.lock").write_text("version = 1\n", encoding="utf-8")
    done = witkit("check", "wkg.lock", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "nothing to report in no packages\n")


def test_features_open_gates(tmp_path: Path) -> None:
    gated = (
        "package a:b;\n@unstable(feature = fast)\ninterface f { @unstable(feature = fast) type t = u8; }\n"
        "interface g { use f.{t}; }\n"
    )
    package(tmp_path / "wit", gated)
    codes = [
        witkit("check", "wit", "--preset", "none", *flags, cwd=tmp_path).returncode
        for flags in ([], ["--features", "slow,fast"], ["--features", "slow"], ["--all-features"])
    ]
    assert codes == [1, 0, 1, 0]


def test_colour_is_for_terminals_and_those_who_force_it(tmp_path: Path) -> None:
    package(tmp_path / "wit", BROKEN)
    plain = witkit("check", cwd=tmp_path).stdout
    assert "\x1b" not in plain
    assert "\x1b[1;31merror" in witkit("check", cwd=tmp_path, FORCE_COLOR="1").stdout
    assert witkit("check", cwd=tmp_path, FORCE_COLOR="1", NO_COLOR="1").stdout == plain
