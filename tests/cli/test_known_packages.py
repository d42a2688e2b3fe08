"""`witkit check` of a package that is known to be clean: nothing is loaded, and nothing is overlooked."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from witkit.checks import known
from witkit.checks.settings import Settings
from witkit.checks.table import LISTED
from witkit.cli.group import run

CLEAN = """package example:shop;

/// What is for sale.
interface articles {
    /// The price of an article in cents.
    price: func(article: string) -> u32;
}
"""
Check = Callable[..., int]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "wit"
    folder.mkdir()
    (folder / "shop.wit").write_text(CLEAN, encoding="utf-8")
    return folder


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """The exit code of `witkit check` with these arguments."""
    monkeypatch.setenv("WITKIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: run(["check", *map(str, arguments)])


def test_a_clean_package_is_loaded_once(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WITKIT_CACHE_DIR", str(tmp_path / "cache"))
    (package / "README.md").write_text("# Shop\n", encoding="utf-8")
    (package / "deps.toml").write_text('bank = "https://example.com/bank.tar.gz"\n', encoding="utf-8")
    (package / "deps" / "bank").mkdir(parents=True)
    (package / "deps" / "bank" / "bank.wit").write_text("package example:bank;\n", encoding="utf-8")
    command = [sys.executable, "-X", "importtime", "-m", "witkit", "check", str(package)]
    first, second = (subprocess.run(command, capture_output=True, text=True, encoding="utf-8") for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout == second.stdout == "nothing to report in 1 package\n"
    assert "witkit.ir.load.loading\n" in first.stderr
    assert "witkit.ir" not in second.stderr


def test_a_package_with_findings_is_reported_every_time(check: Check, package: Path) -> None:
    (package / "shop.wit").write_text(CLEAN.replace("    /// The price", "    // The price"), encoding="utf-8")
    assert [check(package), check(package)] == [1, 1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shop.wit", CLEAN.replace("u32", "u33")),
        ("more.wit", "interface more { f: func(; }"),
        ("deps/other/other.wit", "package example:other\n"),
        ("deps/other.wit", "package example:other\n"),
        ("deps.toml", "= 1\n"),
        ("deps.lock", '[gone]\nsha256 = "00"\n'),
        ("wkg.lock", '[[packages]]\nname = "a:gone"\nversions = [{version = "1.0.0"}]\n'),
        ("../wkg.lock", '[[packages]]\nname = "a:gone"\nversions = [{version = "1.0.0"}]\n'),
        ("../witkit.toml", '[check]\nselect = ["undocumented-package"]\n'),
        ("../witkit.toml", '[check.per-path."wit/**"]\nselect = ["undocumented-package"]\n'),
    ],
)
def test_every_file_that_a_check_reads_counts(check: Check, package: Path, name: str, text: str) -> None:
    (package / "deps").mkdir()
    assert [check(package), check(package)] == [0, 0]
    file = package / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    assert check(package) == 1


@pytest.mark.parametrize("name", ["deps/empty", "deps/bank/wit", "deps.toml", "deps.lock", "wkg.lock", "../wkg.lock"])
def test_a_folder_in_place_of_a_file_or_a_package_counts(check: Check, package: Path, name: str) -> None:
    (package / "deps").mkdir()
    assert [check(package), check(package)] == [0, 0]
    (package / name).mkdir(parents=True)
    assert check(package) == 1


@pytest.mark.parametrize("options", [("--preset", "strict"), ("--select", "undocumented-package")])
def test_other_rules_find_what_those_before_did_not(check: Check, package: Path, options: tuple[str, ...]) -> None:
    assert check(package) == 0
    assert check(package, *options) == 1


def test_a_feature_that_is_turned_off_counts(check: Check, package: Path) -> None:
    gated = "@unstable(feature = extra)\ninterface money { type cents = u32; }\n"
    used = CLEAN.replace("    ///", "    use money.{cents};\n\n    ///").replace("u32", "cents")
    (package / "shop.wit").write_text(used + gated, encoding="utf-8")
    options = ("--preset", "none")
    assert [check(package, *options, "--features", "extra"), check(package, *options, "--all-features")] == [0, 0]
    assert check(package, *options) == 1


@pytest.mark.parametrize("entry", ['"../other"', '{ path = "../other" }', '{ url = "../other" }'])
def test_a_package_with_dependencies_elsewhere_is_always_loaded(check: Check, package: Path, entry: str) -> None:
    other = package.parent / "other"
    other.mkdir()
    (other / "other.wit").write_text(CLEAN.replace("shop", "other"), encoding="utf-8")
    (package / "deps.toml").write_text(f"other = {entry}\n", encoding="utf-8")
    world = "world w {\n    import example:other/articles;\n}\n"
    (package / "shop.wit").write_text(f"{CLEAN}\n/// All.\n{world}", encoding="utf-8")
    assert [check(package), check(package)] == [0, 0]
    (other / "other.wit").write_text("package example:other\n", encoding="utf-8")
    assert check(package) == 1


def test_a_rule_that_looks_at_other_files_keeps_a_package_from_being_known(check: Check, package: Path) -> None:
    options = ("--preset", "none", "--select", "dead-link")
    (package / "shop.wit").write_text(CLEAN.replace("cents", "[cents](../cents.md)"), encoding="utf-8")
    cents = package.parent / "cents.md"
    cents.write_text("# Cents\n", encoding="utf-8")
    assert [check(package, *options), check(package, *options)] == [0, 0]
    cents.unlink()
    assert check(package, *options) == 1


def test_a_rule_for_some_files_counts_however_a_package_is_named(check: Check, package: Path) -> None:
    settings = '[check.per-path."wit/**"]\nselect = ["dead-link"]\n'
    (package.parent / "witkit.toml").write_text(settings, encoding="utf-8")
    (package / "shop.wit").write_text(CLEAN.replace("cents", "[cents](cents.md)"), encoding="utf-8")
    cents = package / "cents.md"
    cents.write_text("# Cents\n", encoding="utf-8")
    (package.parent / "beside").mkdir()
    name = "beside/../wit"
    assert [check(name), check(name)] == [0, 0]
    cents.unlink()
    assert check(name) == 1


def test_rules_that_look_at_other_files_are_listed(repository: Path) -> None:
    reads = re.compile(r"\bread_text\(|\bread_bytes\(|\bopen\(|\.exists\(|\.is_file\(|\.is_dir\(|\biterdir\(|\bglob\(")
    rules = repository / "witkit" / "checks" / "rules"
    found = {
        file.stem.replace("_", "-") for file in rules.glob("*.py") if reads.search(file.read_text(encoding="utf-8"))
    }
    assert found == known.LOOK_ELSEWHERE
    assert found <= {rule.name for rule in LISTED}


def test_all_code_that_a_check_runs_counts(repository: Path) -> None:
    imported = re.compile(r"^ *(?:from|import) witkit\.([a-z]\w*)", re.MULTILINE)
    files = [file for name in known.MAKERS for file in (repository / "witkit" / name).rglob("*.py")]
    used = {name for file in files for name in imported.findall(file.read_text(encoding="utf-8"))}
    assert {"checks", "ir", "text"} <= used <= set(known.MAKERS)


def test_a_path_that_cannot_be_read_is_not_known(tmp_path: Path) -> None:
    assert known.place_of(tmp_path / "gone", Settings(), (), all_features=False) is None
