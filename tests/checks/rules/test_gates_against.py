"""Gates compared with those of the package as it was."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from witkit.checks import check
from witkit.checks.settings import RuleChoice, Settings
from witkit.ir import load

SINCE, NEW = "@since(version = 1.0.0)", "@since(version = 1.1.0)"
UNSTABLE = "@unstable(feature = x)"


def found(folder: Path, old: str, new: str, versions: tuple[str, str] = ("1.0.0", "1.1.0")) -> list[str]:
    """What the rules that compare gates report."""
    for name, version, text in zip(("old", "new"), versions, (old, new), strict=True):
        (folder / name).mkdir()
        (folder / name / "shop.wit").write_text(f"package example:shop@{version};\n{text}\n", encoding="utf-8")
    against = load(folder / "old")
    assert against.is_clean
    choice = RuleChoice(select=("backdated-gate", "changed-gate"))
    settings = Settings(preset="none", choices=(choice,), against=against)
    return [f"{d.rule or d.code}: {d.message}" for d in check(load(folder / "new"), settings)]


SAME = {
    "an interface": f"{SINCE} interface i {{ {SINCE} type t = u8; {SINCE} f: func(); }}",
    "a resource": f"{SINCE} interface i {{ {SINCE} resource r {{ {SINCE} constructor(); {SINCE} m: func(); "
    f"{SINCE} s: static func(); }} }}",
    "a world": f"interface i {{}} {SINCE} world w {{ {SINCE} import i; {SINCE} export i; {SINCE} import f: func(); "
    f"{SINCE} type t = u8; {SINCE} resource r {{ {SINCE} m: func(); }} "
    f"{SINCE} import x: interface {{ {SINCE} g: func(); }} }}",
    "a use": f"interface j {{ {SINCE} type t = u8; }} interface i {{ {SINCE} use j.{{t as u}}; }}",
    "items without gates in one with a gate": f"{SINCE} interface i {{ f: func(); resource r {{ m: func(); }} }}",
}


@pytest.mark.parametrize("what", SAME)
def test_gates_that_stay_are_not_reported(what: str, tmp_path: Path) -> None:
    assert found(tmp_path, SAME[what], SAME[what]) == []


@pytest.mark.parametrize("what", [what for what in SAME if "without" not in what])
def test_each_gate_that_changes_is_reported(what: str, tmp_path: Path) -> None:
    changed = found(tmp_path, SAME[what], SAME[what].replace("1.0.0", "1.1.0"))
    assert len(changed) == SAME[what].count(SINCE)
    assert all(each.startswith("changed-gate: ") for each in changed)


@pytest.mark.parametrize("what", SAME)
def test_each_new_item_with_an_old_gate_is_reported(what: str, tmp_path: Path) -> None:
    new = found(tmp_path, "interface other {}", SAME[what])
    assert len(new) == SAME[what].count(SINCE)
    assert all(each.startswith("backdated-gate: ") for each in new)


@pytest.mark.parametrize("what", SAME)
def test_each_new_item_with_a_new_gate_is_not_reported(what: str, tmp_path: Path) -> None:
    assert found(tmp_path, "interface other {}", SAME[what].replace("1.0.0", "1.1.0")) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (f"{SINCE} f: func();", "f: func();", "changed-gate: `f` has no gate, and in 1.0.0 it existed since 1.0.0"),
        (f"{SINCE} f: func();", f"{UNSTABLE} f: func();", "changed-gate: `f` is unstable, and in 1.0.0 it existed"),
        ("f: func();", f"{NEW} f: func();", "changed-gate: `f` exists since 1.1.0, and 1.0.0 has it already"),
        (f"{UNSTABLE} f: func();", f"{SINCE} f: func();", "backdated-gate: `f` exists since 1.0.0, and 1.0.0 does not"),
        ("", f"{SINCE} f: func();", "backdated-gate: `f` exists since 1.0.0, and 1.0.0 does not have it"),
    ],
)
def test_a_change_of_a_gate_is_one_finding(old: str, new: str, expected: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, f"interface i {{ {old} }}", f"interface i {{ {new} }}")
    assert finding.startswith(expected)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("f: func();", f"{SINCE} f: func();"),
        (f"{UNSTABLE} f: func();", f"{NEW} f: func();"),
        (f"{UNSTABLE} f: func();", f"{UNSTABLE} f: func();"),
        (f"{SINCE} f: func();", f"{SINCE} @deprecated(version = 1.1.0) f: func();"),
        (f"{SINCE} f: func();", ""),
    ],
)
def test_a_change_that_keeps_history_is_not_reported(old: str, new: str, tmp_path: Path) -> None:
    assert found(tmp_path, f"interface i {{ {old} }}", f"interface i {{ {new} }}") == []


@pytest.mark.parametrize("versions", [("0.2.0", "0.3.0"), ("1.0.0-rc.1", "1.0.0"), ("1.0.0", "2.0.0")])
def test_history_begins_again_with_an_incompatible_version(versions: tuple[str, str], tmp_path: Path) -> None:
    old, new = (f"@since(version = {version}) interface i {{}}" for version in versions)
    assert found(tmp_path, old, new, versions) == []


def test_a_new_item_may_belong_to_the_version_that_is_being_prepared(tmp_path: Path) -> None:
    assert found(tmp_path, "interface i {}", f"interface i {{ {SINCE} f: func(); }}", ("1.0.0", "1.0.0")) == []


def test_an_item_of_a_version_before_the_compared_one_is_reported_even_if_the_version_stays(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "interface i {}", f"interface i {{ {SINCE} f: func(); }}", ("1.1.0", "1.1.0"))
    assert finding == "backdated-gate: `f` exists since 1.0.0, and 1.1.0 does not have it"


def test_a_package_is_not_compared_with_another_one(tmp_path: Path) -> None:
    (tmp_path / "old.wit").write_text(f"package example:other@1.0.0;\n{SINCE} interface i {{}}\n", encoding="utf-8")
    (tmp_path / "new.wit").write_text(f"package example:shop@1.1.0;\n{NEW} interface i {{}}\n", encoding="utf-8")
    settings = Settings(preset="wasi", against=load(tmp_path / "old.wit"))
    assert [d.message for d in check(load(tmp_path / "new.wit"), settings) if "gate" in str(d.rule)] == []


@pytest.mark.thorough
def test_the_releases_of_wasi_have_a_world_and_a_type_that_claim_to_be_old(corpus: Path) -> None:
    choice = RuleChoice(select=("backdated-gate", "changed-gate"))
    reported = []
    for name in ("cli", "http"):
        for old, new in pairwise(corpus / "releases" / f"wasi-{name}-0.2.{patch}" for patch in range(9)):
            settings = Settings(preset="none", choices=(choice,), against=load(old))
            reported += [f"{new.name}: {d.message}" for d in check(load(new), settings)]
    assert [each for each in reported if "0.2.1:" not in each] == [
        "wasi-http-0.2.2: `field-name` exists since 0.2.1, and 0.2.1 does not have it"
    ]
    assert reported[0] == "wasi-http-0.2.1: `imports` exists since 0.2.0, and 0.2.0 does not have it"
    assert len(reported) == 9  # that world has seven imports
