"""Every fix of every rule, on packages of other repositories: none breaks one, and a second run changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from tests.checks.hits import packages
from tests.sampled import portion, sampled
from witkit.checks import Settings
from witkit.checks.fixing import Checked, fix
from witkit.checks.settings import Choice
from witkit.checks.table import NAMES
from witkit.ir import Loaded, load
from witkit.ir.show.resolve_json import to_json

WORDS = Settings(preset="none", choices=(Choice(select=("documentation", "names")),))
UNDOCUMENTED = Settings(preset="none", choices=(Choice(select=("undocumented-function",)),))
ALL = Settings(preset="none", choices=(Choice(select=NAMES),))


def loaded(folder: Path, before: Mapping[str, str], texts: Mapping[str, str]) -> Loaded:
    return load(folder, texts={**before, **texts})


def fixed(folder: Path, settings: Settings, before: Mapping[str, str], *, unsafe: bool = False) -> Checked:
    return fix(partial(loaded, folder, before), settings, unsafe=unsafe)


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "all"])
def test_fixes_break_nothing_and_are_made_in_one_run(corpus: Path, unsafe: bool) -> None:
    for _, folder in sampled(packages()):
        if not load(folder).is_clean:
            continue
        done = fixed(folder, ALL, {}, unsafe=unsafe)
        assert (done.errors, done.broken) == (0, {}), folder
        assert fixed(folder, ALL, done.texts, unsafe=unsafe).count == 0, folder


def test_marks_of_documentation_change_nothing_in_the_resolved_package(corpus: Path) -> None:
    changed = 0
    for _, folder in sampled(packages()):
        before = load(folder)
        if before.resolve is None:
            continue
        done = fixed(folder, UNDOCUMENTED, {})
        after = load(folder, texts=done.texts)
        assert after.resolve is not None
        assert to_json(after.resolve) == to_json(before.resolve), folder
        changed += done.count
    assert changed >= portion(10)


def test_fixes_of_documentation_and_names_change_nothing_but_documentation(corpus: Path) -> None:
    changed = 0
    for _, folder in sampled(packages()):
        before = load(folder)
        if before.resolve is None:
            continue
        done = fixed(folder, WORDS, {})
        after = load(folder, texts=done.texts)
        assert after.resolve is not None
        assert without_docs(to_json(after.resolve)) == without_docs(to_json(before.resolve)), folder
        changed += done.count
    assert changed >= portion(40)


def without_docs(value: object) -> object:
    if isinstance(value, dict):
        return {name: without_docs(each) for name, each in value.items() if name != "docs"}
    return [without_docs(each) for each in value] if isinstance(value, list) else value
