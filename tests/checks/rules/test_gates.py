"""Gates at the limits of what the rules about them report."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from tests.checks.test_rules import load_with
from tests.resolved import json_of
from witkit.checks import check
from witkit.checks.fixing import fix
from witkit.checks.settings import RuleChoice, Settings
from witkit.ir import ALL, load

GATES = Settings(preset="none", choices=(RuleChoice(select=("gates",)),))


def found(folder: Path, text: str, header: str = "package example:shop@1.2.0;") -> list[str]:
    """What the rules about gates report, with all features on."""
    (folder / "shop.wit").write_text(f"{header}\n{text}\n", encoding="utf-8")
    return [f"{d.rule or d.code}: {d.message}" for d in check(load(folder, features=ALL), GATES)]


SINCE = "@since(version = 1.0.0)"
NEW = "@since(version = 1.1.0)"
UNSTABLE = "@unstable(feature = shop-x)"
CLEAN = {
    "a gate as old as the one around it": f"{SINCE} interface i {{ {SINCE} type t = u8; {NEW} resource r {{ }} }}",
    "a newer gate in a newer resource": f"{SINCE} interface i {{ {NEW} resource r {{ {NEW} f: func(); }} }}",
    "something unstable in something stable": f"{SINCE} interface i {{ {UNSTABLE} f: func(); }}",
    "two features": f"{UNSTABLE} interface i {{ @unstable(feature = shop-y) f: func(); }}",
    "a reference to something older": f"{SINCE} interface i {{ {SINCE} record r {{ x: u8 }} {NEW} f: func(x: r); }}",
    "a new name for an old type": f"{SINCE} interface i {{ {SINCE} enum e {{ x }} {NEW} type t = e; "
    f"{SINCE} f: func(x: t); }}",
    "a new name for a number": f"{SINCE} interface i {{ {NEW} type t = u8; {SINCE} f: func(x: t); }}",
    "a reference within a feature": f"{UNSTABLE} interface i {{ {UNSTABLE} type t = u8; {UNSTABLE} f: func(x: t); }}",
    "a reference to the feature of what is around it": f"{UNSTABLE} interface i {{ {UNSTABLE} enum e {{ x }} "
    "@unstable(feature = shop-y) f: func(x: e); }",
    "a resource's own name": f"{SINCE} interface i {{ {NEW} resource r {{ {NEW} f: func(x: borrow<r>); }} }}",
    "a deprecation in the first version": f"/// `u`\n{SINCE} @deprecated(version = 1.0.0) interface i {{}}",
    "a deprecation in the current version": f"/// `u`\n{SINCE} @deprecated(version = 1.2.0) interface i {{}}",
    "a deprecated item that refers to another one": f"/// `u`\n{SINCE} @deprecated(version = 1.1.0) interface i {{ "
    f"/** `u` */ {SINCE} @deprecated(version = 1.1.0) type t = u8; {SINCE} f: func(x: t); }}",
    "the name of the package as a feature": "@unstable(feature = shop) interface i {}",
    "another comment": f"// @stabilize-nextish\n{SINCE} interface i {{}}",
}
REPORTED = {
    "weaker-gate": [
        f"{UNSTABLE} interface i {{ {SINCE} f: func(); }}",
        f"{SINCE} interface i {{ {NEW} resource r {{ {SINCE} f: func(); }} }}",
        f"{NEW} world w {{ {SINCE} import f: func(); }}",
    ],
    "newer-reference": [
        f"{NEW} interface j {{ {NEW} enum e {{ x }} }} {SINCE} interface i {{ {SINCE} use j.{{e}}; }}",
        f"{NEW} interface j {{}} {SINCE} world w {{ {SINCE} import j; }}",
        f"{NEW} world v {{}} {SINCE} world w {{ {SINCE} include v; }}",
        f"{SINCE} interface i {{ {NEW} resource r; {SINCE} f: func(x: borrow<r>); }}",
        f"{SINCE} interface i {{ {NEW} resource r; {SINCE} record s {{ x: list<option<r>> }} }}",
        f"{SINCE} interface i {{ {NEW} resource r; {NEW} type t = r; {SINCE} f: func(x: t); }}",
        f"{SINCE} interface i {{ {UNSTABLE} type t = u8; {SINCE} f: func(x: t); }}",
        f"{SINCE} interface i {{ {UNSTABLE} type t = u8; @unstable(feature = shop-y) f: func(x: t); }}",
    ],
    "impossible-deprecation": [
        f"/// `u`\n{NEW} @deprecated(version = 1.0.0) interface i {{}}",
        f"/// `u`\n{SINCE} @deprecated(version = 1.3.0) interface i {{}}",
        f"/// `u`\n{UNSTABLE} @deprecated(version = 2.0.0) interface i {{}}",
    ],
    "unprefixed-feature": ["@unstable(feature = shopping) interface i {}"],
    "stale-marker": [
        f"// @stabilize-next\n{SINCE} interface i {{}}",
        f"// @stabilize-next\n\n{UNSTABLE} interface i {{}}",
    ],
    "use-of-deprecated": [
        f"/// `u`\n{SINCE} @deprecated(version = 1.1.0) interface j {{}} {SINCE} world w {{ {SINCE} export j; }}",
    ],
}


@pytest.mark.parametrize("what", CLEAN)
def test_gates_that_agree_are_not_reported(what: str, tmp_path: Path) -> None:
    assert found(tmp_path, CLEAN[what]) == []


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in REPORTED.items() for text in texts])
def test_gates_that_disagree_are_one_finding(rule: str, text: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, text)
    assert finding.startswith(f"{rule}: ")


def test_versions_of_another_package_are_not_compared(tmp_path: Path) -> None:
    (tmp_path / "deps").mkdir()
    (tmp_path / "deps" / "d.wit").write_text(
        "package example:d@2.0.0; interface j { @since(version = 2.0.0) enum e { x } }", encoding="utf-8"
    )
    assert (
        found(tmp_path, f"{SINCE} interface i {{ {SINCE} use example:d/j@2.0.0.{{e}}; {SINCE} f: func(x: e); }}") == []
    )


def test_something_deprecated_in_another_package_is_reported(tmp_path: Path) -> None:
    (tmp_path / "deps").mkdir()
    (tmp_path / "deps" / "d.wit").write_text(
        "package example:d@2.0.0;\n/// Old.\n@since(version = 1.0.0) @deprecated(version = 2.0.0) interface j {}",
        encoding="utf-8",
    )
    assert found(tmp_path, f"{SINCE} world w {{ {SINCE} import example:d/j@2.0.0; }}") == [
        "use-of-deprecated: `j` is deprecated since 2.0.0"
    ]


def test_a_nested_package_has_a_version_of_its_own(tmp_path: Path) -> None:
    nested = "package example:inner@0.1.0 { interface i {} } package example:plain { interface i {} }"
    assert found(tmp_path, nested) == [
        "missing-gate: `i` has no `@since` or `@unstable`",
        "unversioned-package: the package `example:plain` has no version",
    ]


def test_a_raised_gate_is_the_only_change(tmp_path: Path) -> None:
    path = tmp_path / "shop.wit"
    text = f"package example:shop@1.2.0;\n{NEW}\ninterface i {{\n  {SINCE}\n  f: func();\n}}\n"
    path.write_text(text, encoding="utf-8")
    before = json.dumps(json_of(load(tmp_path)))
    (after,) = fix(partial(load_with, tmp_path), GATES, unsafe=False).texts.values()
    assert after == text.replace("1.0.0", "1.1.0")
    path.write_text(after, encoding="utf-8")
    assert json.dumps(json_of(load(tmp_path))) == before.replace("1.0.0", "1.1.0")


@pytest.mark.parametrize("gate", ["@since(/* why */ version = 1.0.0)", "@ // why\nsince(version = 1.0.0)"])
def test_a_gate_with_a_comment_in_it_is_left_to_its_author(tmp_path: Path, gate: str) -> None:
    text = f"package example:shop@1.2.0;\n{NEW} interface i {{ {gate} type t = u8; }}\n"
    (tmp_path / "shop.wit").write_text(text, encoding="utf-8")
    weaker = [d for d in check(load(tmp_path), GATES) if d.rule == "weaker-gate"]
    assert [(d.message, d.fix) for d in weaker] == [("`t` exists since 1.0.0, and what it is in since 1.1.0", None)]
