"""Every rule does what its page says: `Bad` gives its finding and no other, `Good` gives none."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

import pytest

from witkit.checks import check
from witkit.checks.configuration import read_configuration
from witkit.checks.fixing import fix
from witkit.checks.page import SECTIONS, Example, example, sections
from witkit.checks.rule import CATEGORIES, PRESETS, Listed, Rule
from witkit.checks.settings import Settings
from witkit.checks.table import LISTED, NAMES, own_rules
from witkit.ir import Loaded, load
from witkit.text import Diagnostic, Source
from witkit.text.settings import SettingsTable
from witkit.text.toml_places import TomlPlaces

RULES = own_rules()
each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])


def written(example: Example, folder: Path) -> Path:
    """The files of an example on disk."""
    for path, text in example.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def settings(rule: Rule, example: Example, folder: Path) -> Settings:
    """The preset `standard` and this rule, with the settings of the example."""
    text = example.settings or f'[check]\nselect = ["{rule.name}"]\n'
    table = SettingsTable(Source("witkit.toml", text), tomllib.loads(text), TomlPlaces(text)).table("check")
    return read_configuration(table, folder, RULES).settings


def against(rule: Rule, example: Example, folder: Path) -> Settings:
    """The settings of the example, whose files are on disk, with the package as it was before."""
    before = folder / "before"
    return replace(settings(rule, example, folder), against=load(before) if before.is_dir() else None)


def found(rule: Rule, example: Example, folder: Path) -> tuple[Diagnostic, ...]:
    written(example, folder)
    return check(load(folder), against(rule, example, folder))


def load_with(folder: Path, texts: Mapping[str, str]) -> Loaded:
    return load(folder, texts=texts)


@each_rule
def test_what_is_bad_gives_the_finding_of_the_rule(rule: Rule, tmp_path: Path) -> None:
    bad = example(sections(rule)["Bad"])
    assert {d.rule or d.code for d in found(rule, bad, tmp_path)} == {rule.name}


@each_rule
def test_what_is_good_gives_no_finding(rule: Rule, tmp_path: Path) -> None:
    good = example(sections(rule)["Good"])
    assert [d.message for d in found(rule, good, tmp_path)] == []


@each_rule
def test_a_page_has_its_sections(rule: Rule) -> None:
    wanted = [title for title in SECTIONS if title != "Options" or rule.options]
    assert [title for title in sections(rule) if title != "Fixed"] == wanted
    assert "Fixed" not in sections(rule) or rule.fix
    assert rule.summary.endswith(".")
    assert all(f"`{name}" in sections(rule)["Options"] for name in rule.options)


@each_rule
def test_a_rule_belongs_to_a_category_and_to_presets(rule: Rule) -> None:
    assert rule.code[3:5] == str(10 + list(CATEGORIES).index(rule.category))
    assert set(rule.presets) <= PRESETS.keys() - {"none"}


@each_rule
def test_a_rule_says_whether_it_has_fixes(rule: Rule, tmp_path: Path) -> None:
    fixes = [d.fix for d in found(rule, example(sections(rule)["Bad"]), tmp_path) if d.fix]
    assert bool(fixes) is bool(rule.fix)
    assert all(fix.is_safe for fix in fixes) is (rule.fix != "unsafe")


@each_rule
def test_a_fix_leaves_nothing_of_what_is_bad(rule: Rule, tmp_path: Path) -> None:
    if rule.fix:
        bad = example(sections(rule)["Bad"])
        folder = written(bad, tmp_path)
        fixed = fix(partial(load_with, folder), against(rule, bad, folder), unsafe=True)
        assert [d.message for d in fixed.found] == []
        after = {Path(name).relative_to(folder).as_posix(): text for name, text in fixed.texts.items()}
        if "Fixed" in sections(rule):
            assert after == example(sections(rule)["Fixed"]).files


@each_rule
def test_the_table_says_of_a_rule_what_its_module_says(rule: Rule) -> None:
    listed, known = LISTED[NAMES.index(rule.name)], [each.name for each in fields(Listed)]
    assert [getattr(listed, each) for each in known] == [getattr(rule, each) for each in known]


@pytest.mark.parametrize(("preset", "some"), [("none", ()), ("minimal", ("stream_of_char",))])
def test_a_check_imports_only_the_rules_that_it_runs(preset: str, some: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "shop.wit").write_text("package test:shop;\n", encoding="utf-8")
    program = f"""
import sys
from witkit.checks import Settings, check
from witkit.ir import load
check(load("shop.wit"), Settings("{preset}"))
print(*(name.rpartition(".")[2] for name in sys.modules if name.startswith("witkit.checks.rules.")))
"""
    run = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    imported = set(run.stdout.split())
    assert imported == {each.name.replace("-", "_") for each in LISTED if preset in each.presets and not each.needs}
    assert imported >= set(some)


def test_the_table_is_in_the_order_of_the_codes() -> None:
    assert [rule.name for rule in RULES] == list(NAMES)
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))


def test_a_rule_is_not_named_like_a_category() -> None:
    assert not set(NAMES) & CATEGORIES.keys()


def test_every_module_is_in_the_table(repository: Path) -> None:
    modules = {path.stem for path in (repository / "witkit" / "checks" / "rules").glob("[a-z]*.py")}
    assert modules == {name.replace("-", "_") for name in NAMES}
