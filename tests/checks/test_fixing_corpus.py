"""Every fix of every rule, on whole packages: none breaks one, and a second run changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from tests.checks.hits import packages
from tests.conftest import CORPUS, REPOSITORY
from tests.ir.conftest import ACCEPTED
from tests.resolved import json_of
from tests.sampled import portion, sampled
from witkit.checks import Settings
from witkit.checks.checked import Checked
from witkit.checks.fixing import fix
from witkit.checks.settings import RuleChoice
from witkit.checks.table import NAMES
from witkit.ir import Loaded, load

WORDS = Settings(preset="none", choices=(RuleChoice(select=("documentation", "names")),))
UNDOCUMENTED = Settings(preset="none", choices=(RuleChoice(select=("undocumented-function",)),))
ALL = Settings(preset="none", choices=(RuleChoice(select=NAMES),))
OWN = [*(case.path for case in ACCEPTED), *sorted({path.parent for path in REPOSITORY.glob("wit/*/*.wit")})]
"""Packages of witkit's own."""


@pytest.fixture(params=["own", "of other repositories"])
def folders(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    """Folders of packages. Documentation in our own ones becomes mere comments, as many authors write it."""
    if request.param == "own":
        copies = [Path(shutil.copytree(folder, tmp_path / folder.name)) for folder in OWN]
        for file in tmp_path.rglob("*.wit"):
            file.write_bytes(file.read_bytes().replace(b"///", b"//"))
        return copies
    if not CORPUS.is_dir():
        pytest.skip("the corpus (../shared/corpus) is not beside this checkout")
    return list(sampled(folder for _, folder in packages()))


def loaded(folder: Path, before: Mapping[str, str], texts: Mapping[str, str]) -> Loaded:
    return load(folder, texts={**before, **texts})


def fixed(folder: Path, settings: Settings, before: Mapping[str, str], *, unsafe: bool = False) -> Checked:
    return fix(partial(loaded, folder, before), settings, unsafe=unsafe)


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "all"])
def test_fixes_break_nothing_and_are_made_in_one_run(folders: list[Path], unsafe: bool) -> None:
    for folder in folders:
        if not load(folder).is_clean:
            continue
        done = fixed(folder, ALL, {}, unsafe=unsafe)
        assert (done.errors, done.broken) == (0, {}), folder
        assert fixed(folder, ALL, done.texts, unsafe=unsafe).count == 0, folder


def test_marks_of_documentation_change_nothing_in_the_resolved_package(folders: list[Path]) -> None:
    changed = 0
    for folder in folders:
        before = load(folder)
        if before.resolve is None:
            continue
        done = fixed(folder, UNDOCUMENTED, {})
        after = load(folder, texts=done.texts)
        assert json_of(after) == json_of(before), folder
        changed += done.count
    assert changed >= portion(10)


def test_fixes_of_documentation_and_names_change_nothing_but_documentation(folders: list[Path]) -> None:
    changed = 0
    for folder in folders:
        before = load(folder)
        if before.resolve is None:
            continue
        done = fixed(folder, WORDS, {})
        after = load(folder, texts=done.texts)
        assert without_docs(json_of(after)) == without_docs(json_of(before)), folder
        changed += done.count
    assert changed >= portion(20)


def without_docs(value: object) -> object:
    if isinstance(value, dict):
        return {name: without_docs(each) for name, each in value.items() if name != "docs"}
    return [without_docs(each) for each in value] if isinstance(value, list) else value
