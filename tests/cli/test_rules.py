"""`witkit check` with rules, fixes and settings, `witkit explain` and `witkit rules`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.command_line import package, witkit
from witkit.checks.table import LISTED
from witkit.text.formats import FORMATS

LATE = "package test:late;\n\ninterface trains {\n  // In minutes.\n  delay: func() -> u32;\n}\n"
GATED = "package test:late@1.0.0;\n\n/// Trains.\ninterface trains {\n}\n"


def codes(folder: Path, *arguments: str) -> list[str]:
    found = json.loads(witkit("check", "wit", "--format", "json", *arguments, cwd=folder).stdout)
    return [d["rule"] for d in found]


def test_a_rule_finds_what_loading_accepts(tmp_path: Path) -> None:
    package(tmp_path / "wit", LATE)
    done = witkit("check", "wit", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("warning[WIT1301 undocumented-function]: `delay` has no documentation\n")
    assert done.stdout.endswith("1 warning in 1 package; 1 can be fixed with --fix\n")


def test_rules_are_chosen_by_preset_name_code_and_category(tmp_path: Path) -> None:
    package(tmp_path / "wit", LATE)
    assert codes(tmp_path, "--preset", "minimal") == []
    assert "undocumented-function" in codes(tmp_path, "--preset", "none", "--select", "documentation")
    assert codes(tmp_path, "--preset", "none", "--select", "WIT1401,undocumented-function") == ["undocumented-function"]
    assert codes(tmp_path, "--ignore", "WIT1301") == []
    assert codes(tmp_path, "--ignore", "documentation", "--select", "undocumented-function") == [
        "undocumented-function"
    ]


def test_an_unknown_rule_is_wrong_use(tmp_path: Path) -> None:
    package(tmp_path / "wit", LATE)
    done = witkit("check", "wit", "--select", "undocumented-functions", cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean `undocumented-function`?" in done.stderr


def test_a_comment_allows_a_finding(tmp_path: Path) -> None:
    package(tmp_path / "wit", LATE.replace("u32;", "u32; // witkit: allow(undocumented-function): its name says it"))
    assert codes(tmp_path) == []
    package(tmp_path / "wit", LATE.replace("interface", "// witkit: allow(WIT1301)\ninterface"))
    assert codes(tmp_path) == []
    package(tmp_path / "wit", LATE + "// witkit: allow-file(undocumented-function): generated\n")
    assert codes(tmp_path) == []


def test_dependencies_are_not_held_to_rules(tmp_path: Path) -> None:
    package(package(tmp_path / "wit", GATED) / "deps" / "late", LATE)
    assert codes(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "header"), [("witkit.toml", "check"), ("pyproject.toml", "tool.witkit.check")], ids=["witkit", "pyproject"]
)
def test_a_project_chooses_rules(file: str, header: str, tmp_path: Path) -> None:
    package(tmp_path / "wit", GATED)
    (tmp_path / file).write_text(f'[{header}]\npreset = "wasi"\n', encoding="utf-8")
    assert codes(tmp_path) == ["missing-gate"]
    assert codes(tmp_path, "--preset", "minimal") == []
    (tmp_path / file).write_text(
        f'[{header}]\npreset = "wasi"\n[{header}.per-path."wit/**"]\nignore = ["gates"]\n', encoding="utf-8"
    )
    assert codes(tmp_path) == []


def test_a_project_sets_options(tmp_path: Path) -> None:
    package(tmp_path / "wit", "package test:late;\n\ninterface trains {\n  resource train { constructor(); }\n}\n")
    assert codes(tmp_path) == []
    text = "[check.rules.undocumented-function]\nconstructors = true\n"
    (tmp_path / "witkit.toml").write_text(text, encoding="utf-8")
    assert codes(tmp_path) == ["undocumented-function"]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('preset = "all"', "2:1", "`preset` cannot be `all`"),
        ('ignore = ["gate"]', "2:1", "no rule or category `gate`"),
        ("[check.rules.unused-use]\nx = 1", "2:1", "`unused-use` has no options"),
        ("[check.rules.unused-uses]\nx = 1", "2:1", "has no key `unused-uses`"),
        ("[check.rules.undocumented-function]\nconstructors = 1", "3:1", "must be true or false"),
        ('[check.per-path."a/*"]\npreset = "wasi"', "3:1", "has no key `preset`"),
        ('baseline = ""', "2:1", "`baseline` cannot be empty"),
    ],
)
def test_a_mistake_in_the_settings_is_reported_at_its_place(
    text: str, place: str, message: str, tmp_path: Path
) -> None:
    package(tmp_path / "wit", GATED)
    (tmp_path / "witkit.toml").write_text(f"[check]\n{text}\n", encoding="utf-8")
    done = witkit("check", "wit", cwd=tmp_path)
    assert done.returncode == 2
    assert f"witkit.toml:{place}\n" in done.stderr
    assert message in done.stderr
    assert "*" not in done.stderr.replace("a/*", "")


@pytest.mark.parametrize(
    ("file", "text"),
    [("witkit.toml", "[key-value]\n\n[chek]\n"), ("pyproject.toml", "[project]\n\n[tool.witkit.chek]\n")],
)
def test_a_misspelt_table_is_not_overlooked(file: str, text: str, tmp_path: Path) -> None:
    package(tmp_path / "wit", GATED)
    (tmp_path / file).write_text(text, encoding="utf-8")
    done = witkit("check", "wit", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{file}:3:1\n" in done.stderr
    assert "has no key `chek`" in done.stderr
    assert "did you mean `check`?" in done.stderr


def test_programs_read_what_is_wrong_in_the_settings(tmp_path: Path) -> None:
    package(tmp_path / "wit", LATE)
    (tmp_path / "witkit.toml").write_text('[check]\npreset = "standrad"\n', encoding="utf-8")
    done = witkit("check", "--format", "json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "")
    [found] = json.loads(done.stdout)
    assert (found["file"], found["line"], found["code"]) == ("witkit.toml", 2, "WIT0904")


def test_a_mistake_in_the_settings_is_reported_once(tmp_path: Path) -> None:
    package(tmp_path / "wit", GATED)
    (tmp_path / "witkit.toml").write_text('[check]\nselect = "gates"\n[check.rules.nope]\n', encoding="utf-8")
    done = witkit("check", "wit", cwd=tmp_path)
    assert done.stderr.count("error[") == 2
    assert "known keys" not in done.stderr


@pytest.mark.parametrize(("preset", "help"), [("strikt", "did you mean `strict`? Allowed"), ("all", "allowed")])
def test_a_preset_that_there_is_not_gets_those_that_there_are(preset: str, help: str, tmp_path: Path) -> None:
    package(tmp_path / "wit", GATED)
    (tmp_path / "witkit.toml").write_text(f'[check]\npreset = "{preset}"\n', encoding="utf-8")
    done = witkit("check", "wit", cwd=tmp_path)
    assert f'= help: {help} values: "none", "minimal", "standard", "wasi", "strict"\n' in done.stderr


def test_what_can_be_fixed_is_counted_by_how_safe_that_is(tmp_path: Path) -> None:
    function = "{\n  // In minutes.\n  @since(version = 1.0.0)\n  delay: func() -> u32;\n"
    package(tmp_path / "wit", GATED.replace("{\n", function))
    done = witkit("check", "wit", "--preset", "none", "--select", "missing-gate,undocumented-function", cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == (
        "2 warnings in 1 package; 1 can be fixed with --fix; 1 with --fix --unsafe-fixes"
    )
    done = witkit("check", "wit", "--preset", "none", "--select", "missing-gate", cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "1 warning in 1 package; 1 can be fixed with --fix --unsafe-fixes"


def test_fix_writes_what_diff_shows(tmp_path: Path) -> None:
    folder = package(tmp_path / "wit", LATE)
    shown = witkit("check", "wit", "--diff", cwd=tmp_path)
    assert (shown.returncode, (folder / "shop.wit").read_text(encoding="utf-8")) == (1, LATE)
    assert "-  // In minutes.\n+  /// In minutes.\n" in shown.stdout
    done = witkit("check", "wit", "--fix", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "nothing to report in 1 package; 1 fixed\n")
    assert (folder / "shop.wit").read_text(encoding="utf-8") == LATE.replace("  // ", "  /// ")
    assert witkit("check", "wit", "--diff", cwd=tmp_path).stdout == ""


def test_diff_never_looks_clean_if_something_would_be_left(tmp_path: Path) -> None:
    package(tmp_path / "wit", "package test:late;\n\ninterface trains {\n  delay: func() -> u3\n")
    shown = witkit("check", "wit", "--diff", cwd=tmp_path)
    assert (shown.returncode, shown.stdout) == (1, "")
    assert "WIT0111" in shown.stderr
    package(tmp_path / "wit", LATE.replace("  // In minutes.\n", ""))
    shown = witkit("check", "wit", "--diff", cwd=tmp_path)
    assert (shown.returncode, shown.stdout) == (1, "")
    assert shown.stderr.endswith("1 warning would be left\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--unsafe-fixes"], "--unsafe-fixes goes with --fix or --diff"),
        (["--diff", "--format", "json"], "--diff shows changes only: omit --format"),
        (["--diff", "--write-baseline"], "--diff shows changes only: omit --write-baseline"),
    ],
)
def test_an_option_without_effect_is_refused(options: list[str], message: str, tmp_path: Path) -> None:
    package(tmp_path / "wit", LATE)
    done = witkit("check", "wit", *options, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


@pytest.mark.parametrize(
    ("options", "option", "rules"),
    [
        (["--preset", "none", "--wasi", "0.3.0"], "--wasi", "feature-not-in-release,package-of-later-release"),
        (["--ignore", "targets", "--target", "jco"], "--target", "unsupported-type,"),
        (["--preset", "minimal", "--against", "wit"], "--against", "backdated-gate,changed-gate"),
    ],
)
def test_what_no_chosen_rule_looks_at_is_refused(options: list[str], option: str, rules: str, tmp_path: Path) -> None:
    package(tmp_path / "wit", LATE)
    done = witkit("check", "wit", *options, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        f"error[WIT0943]: `{option}` has no effect: none of the rules that need it is chosen\n"
        f"  = help: add `--select {rules}"
    )
    # Rules for some files are enough.
    name = rules.partition(",")[0]
    (tmp_path / "witkit.toml").write_text(f'[check.per-path."**"]\nselect = ["{name}"]\n', encoding="utf-8")
    assert "WIT0943" not in witkit("check", "wit", *options, cwd=tmp_path).stderr


def test_the_formats_of_the_option_are_all_that_there_are(tmp_path: Path) -> None:
    package(tmp_path / "wit", LATE)
    assert [witkit("check", "wit", "--format", name, cwd=tmp_path).returncode for name in FORMATS] == [1] * len(FORMATS)


def test_sarif_has_the_page_of_the_rule(tmp_path: Path) -> None:
    package(tmp_path / "wit", LATE)
    log = json.loads(witkit("check", "wit", "--format", "sarif", cwd=tmp_path).stdout)
    (rule,) = log["runs"][0]["tool"]["driver"]["rules"]
    assert rule["name"] == "undocumented-function"
    assert rule["help"]["markdown"].startswith("# undocumented-function (WIT1301)\n")


@pytest.mark.parametrize("name", ["unused-use", "WIT1601", "wit1601", "no-unused-use", "unused_use", "Unused use"])
def test_explain_prints_the_page_of_a_rule(name: str, tmp_path: Path, repository: Path) -> None:
    page = (repository / "docs" / "rules" / "unused-use.md").read_text(encoding="utf-8")
    assert witkit("explain", name, cwd=tmp_path).stdout == page


def test_explain_prints_the_section_of_a_code(tmp_path: Path) -> None:
    assert witkit("explain", "WIT0501", cwd=tmp_path).stdout.startswith("# WIT0501 ")


def test_explain_lists_the_rules_of_a_category(tmp_path: Path) -> None:
    page = witkit("explain", "names", cwd=tmp_path).stdout
    assert page.startswith("# names\n\nNames, and how they become names of other languages.")
    listed = re.findall(r"^\| (WIT\d{4}) \| `([\w-]+)` \|", page, re.MULTILINE)
    assert listed == [(rule.code, rule.name) for rule in LISTED if rule.category == "names"]


def test_explain_offers_a_name_that_is_near(tmp_path: Path) -> None:
    done = witkit("explain", "unused-uses", cwd=tmp_path)
    assert (done.returncode, "did you mean `unused-use`?" in done.stderr) == (2, True)


def test_explain_offers_no_other_code_for_an_unknown_one(tmp_path: Path) -> None:
    done = witkit("explain", "WIT9999", cwd=tmp_path)
    assert (done.returncode, "did you mean" in done.stderr) == (2, False)


def test_rules_are_listed_for_people_and_programs(tmp_path: Path) -> None:
    listed = witkit("rules", cwd=tmp_path).stdout.splitlines()
    rules = json.loads(witkit("rules", "--json", cwd=tmp_path).stdout)
    assert [line.split()[1] for line in listed] == [rule["name"] for rule in rules]
    assert {"code", "category", "severity", "summary", "presets", "fix", "needs", "options"} <= rules[0].keys()


def test_a_baseline_hides_what_is_known_wherever_it_moves(tmp_path: Path) -> None:
    folder = package(tmp_path / "wit", LATE)
    options = ("--baseline", "known.json")
    done = witkit("check", "wit", *options, "--write-baseline", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "nothing to report in 1 package; 1 known finding in known.json\n")
    package(tmp_path / "wit", LATE.replace("interface", "\n\ninterface").replace("}\n", "  more: func();\n}\n"))
    found = json.loads(witkit("check", "wit", *options, "--format", "json", cwd=tmp_path).stdout)
    assert [d["message"] for d in found] == ["`more` has no documentation"]
    assert folder.is_dir()


def test_a_known_finding_that_is_gone_is_a_note(tmp_path: Path) -> None:
    package(tmp_path / "wit", LATE)
    witkit("check", "wit", "--baseline", "known.json", "--write-baseline", cwd=tmp_path)
    package(tmp_path / "wit", LATE.replace("//", "///"))
    done = witkit("check", "wit", "--baseline", "known.json", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("note[WIT1092]: 1 known finding no longer occurs\n")


def test_a_baseline_keeps_what_it_knows_about_other_packages(tmp_path: Path) -> None:
    package(tmp_path / "wit", LATE)
    package(tmp_path / "other", LATE.replace("test:late", "test:other"))
    (tmp_path / "witkit.toml").write_text('[check]\nbaseline = "known.json"\n', encoding="utf-8")
    assert witkit("check", "wit", "other", "--write-baseline", cwd=tmp_path).returncode == 0
    package(tmp_path / "wit", LATE.replace("//", "///"))
    assert witkit("check", "wit", "--write-baseline", cwd=tmp_path).returncode == 0
    known = json.loads((tmp_path / "known.json").read_text(encoding="utf-8"))["findings"]
    assert [entry["item"] for entry in known] == ["test:other/trains.delay"]
    assert witkit("check", "other", cwd=tmp_path).stdout == "nothing to report in 1 package\n"


def test_an_invalid_baseline_is_wrong_configuration(tmp_path: Path) -> None:
    package(tmp_path / "wit", LATE)
    (tmp_path / "bad.json").write_text("[]", encoding="utf-8")
    numbers = {"findings": [{"item": 1, "rule": 2, "message": 3, "fingerprint": 4}]}
    (tmp_path / "numbers.json").write_text(json.dumps(numbers), encoding="utf-8")
    for name in ("missing.json", "bad.json", "numbers.json"):
        done = witkit("check", "wit", "--baseline", name, cwd=tmp_path)
        assert (done.returncode, "WIT0937" in done.stderr) == (2, True)
    done = witkit("check", "wit", "--write-baseline", cwd=tmp_path)
    assert (done.returncode, "WIT0938" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("option", "value", "known"), [("--target", "jcp", "jco"), ("--wasi", "0.4", "0.3.1")], ids=["target", "wasi"]
)
def test_what_to_check_for_must_be_known(option: str, value: str, known: str, tmp_path: Path) -> None:
    package(tmp_path / "wit", GATED)
    done = witkit("check", "wit", option, value, cwd=tmp_path)
    assert (done.returncode, known in done.stderr) == (2, True)
    key = option.removeprefix("--")
    (tmp_path / "witkit.toml").write_text(f'[check]\n{key} = "{value}"\n', encoding="utf-8")
    done = witkit("check", "wit", cwd=tmp_path)
    assert (done.returncode, "witkit.toml:2:1" in done.stderr) == (2, True)
    assert witkit("check", "wit", option, known, "--ignore", "gates", cwd=tmp_path).returncode == 2
    (tmp_path / "witkit.toml").unlink()
    assert witkit("check", "wit", option, known, cwd=tmp_path).returncode == 0


def test_releases_are_listed_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "a.wit").write_text("package a:b;\n", encoding="utf-8")
    (tmp_path / "witkit.toml").write_text('[check]\nwasi = "0.2.99"\n', encoding="utf-8")
    done = witkit("check", "a.wit", cwd=tmp_path)
    assert done.returncode == 2
    assert '"0.2.2", "0.2.3"' in done.stderr
    assert '"0.2.9", "0.2.10", "0.2.11", "0.2.12", "0.3.0"' in done.stderr
