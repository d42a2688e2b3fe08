"""The edges of the rules about types."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.checks.rules.running import findings, fixed, messages
from tests.resolved import json_of
from witkit.checks import check
from witkit.checks.settings import RuleChoice, Settings
from witkit.ir import Loaded, load


def shop(*items: str) -> str:
    """A package with one interface of these items."""
    return "package example:shop;\ninterface prices {\n" + "\n".join(items) + "\n}\n"


QUIET = {
    "a variant with one payload": ("variant-without-payload", ["variant v { a, b(u8) }"]),
    "flags with one name": ("single-case", ["flags f { a }"]),
    "a parameter that is a result": ("result-without-error", ["exit: func(status: result);"]),
    "a result in a stream": ("result-without-error", ["f: func() -> stream<result>;"]),
    "an error context": ("primitive-error", ["f: func() -> result<_, error-context>;"]),
    "the only parameter": ("bool-parameter", ["set: func(on: bool);"]),
    "five parameters": ("many-parameters", ["f: func(a: u8, b: u8, c: u8, d: u8, e: u8);"]),
    "an option in a list in an option": ("nested-option", ["f: func() -> option<list<option<u8>>>;"]),
    "a result in an option": ("nested-option", ["f: func() -> option<result<u8>>;"]),
    "a result without types": ("equal-result-types", ["f: func() -> result;"]),
    "two enums with equal cases": (
        "equal-result-types",
        ["enum a { x }", "enum b { x }", "f: func() -> result<a, b>;"],
    ),
    "a name for an owned handle": ("explicit-own", ["resource r;", "type t = own<r>;"]),
    "a list of borrowed handles": ("borrow-in-type", ["resource r;", "f: func(all: list<borrow<r>>);"]),
    "a constructor of nothing": (
        "infallible-constructor",
        ["resource r { constructor(); open: static func() -> result<r, string>; }"],
    ),
    "a static function that makes something else": (
        "infallible-constructor",
        ["resource r { constructor(a: u8); size: static func() -> result<u32, string>; }"],
    ),
    "a pair": ("tuple-result", ["f: func() -> tuple<u8, u8>;"]),
    "a long tuple as parameter": ("tuple-result", ["f: func(x: tuple<u8, u8, u8>);"]),
    "an enum that is not an error": ("closed-error", ["enum e { a }", "f: func() -> result<e, string>;"]),
    "an error with a text inside": (
        "closed-error",
        ["record why { text: option<string> }", "variant e { a, b(why) }", "f: func() -> result<_, e>;"],
    ),
    "an error with a name for the rest": (
        "closed-error",
        ["enum e { a, internal-error }", "f: func() -> result<_, e>;"],
    ),
    "pairs without a key": ("list-of-pairs", ["f: func() -> list<tuple<f32, u8>>;"]),
    "triples": ("list-of-pairs", ["f: func() -> list<tuple<u8, u8, u8>>;"]),
    "a list with a length": ("list-of-pairs", ["f: func() -> list<tuple<u8, u8>, 2>;"]),
}

FOUND = {
    "a variant with gates and comments": (
        "variant-without-payload",
        ["// variant", "@unstable(feature = x)", "variant /* of */ v { a, b }"],
        ["no case of variant `v` has a payload"],
    ),
    "a function of a world's own interface": (
        "result-without-error",
        ["f: async func() -> result<u8>;"],
        ["`f` does not say why it fails"],
    ),
    "an error with two names": (
        "primitive-error",
        ["type code = u32;", "type error = code;", "f: func() -> list<result<_, error>>;"],
        ["the error of this result is only a `u32`"],
    ),
    "an option by name": (
        "nested-option",
        ["type price = option<u8>;", "f: func() -> option<price>;"],
        ["an option directly inside an option"],
    ),
    "a tuple in a future": (
        "tuple-result",
        ["f: func() -> future<result<tuple<u8, u8, u8>, string>>;"],
        ["the 3 values of this result have no names"],
    ),
    "a borrow in a list in a variant": (
        "borrow-in-type",
        ["resource r;", "variant v { a(list<borrow<r>>) }"],
        ["because of this, variant `v` can only be a parameter"],
    ),
    "an error by another name": (
        "closed-error",
        ["enum e { a, b }", "type failure = e;", "f: func() -> result<_, failure>;"],
        ["error `e` has no case for all other errors"],
    ),
    "pairs with a named key": (
        "list-of-pairs",
        ["type name = string;", "record r { all: list<tuple<name, list<u8>>> }"],
        ["this list of pairs could be a map"],
    ),
}


@pytest.mark.parametrize(("rule", "items"), QUIET.values(), ids=list(QUIET))
def test_nothing_is_said_of(rule: str, items: Sequence[str], tmp_path: Path) -> None:
    assert messages(rule, shop(*items), tmp_path) == []


@pytest.mark.parametrize(("rule", "items", "expected"), FOUND.values(), ids=list(FOUND))
def test_it_is_found(rule: str, items: Sequence[str], expected: list[str], tmp_path: Path) -> None:
    assert messages(rule, shop(*items), tmp_path) == expected


def test_a_function_of_a_world_is_seen(tmp_path: Path) -> None:
    world = "package example:shop;\nworld shop { export run: func() -> result; import shown: func(a: u8, b: bool); }\n"
    assert messages("result-without-error", world, tmp_path) == ["`run` does not say why it fails"]
    assert messages("bool-parameter", world, tmp_path) == ["callers of this function cannot see what `b` means"]


def test_limits_are_options(tmp_path: Path) -> None:
    text = shop("f: func(a: u8, b: u8) -> tuple<u8, u8>;", "flags days { mo, tu }")
    assert len(messages("many-parameters", text, tmp_path, most=1)) == 1
    assert len(messages("tuple-result", text, tmp_path, least=2)) == 1
    assert messages("nearly-full-flags", text, tmp_path, most=1) == ["`days` has 2 of the 32 flags that are possible"]


def test_handles_without_own_resolve_to_the_same(tmp_path: Path) -> None:
    before = shop("resource r;", "type t = own<r>;", "f: func(a: own<r>, b: list<own<r>>) -> tuple<own<r>, t>;")
    (tmp_path / "shop.wit").write_text(before, encoding="utf-8")
    resolved = json_of(load(tmp_path))
    after = fixed("explicit-own", before, tmp_path)
    assert after.count("own") == 1
    (tmp_path / "shop.wit").write_text(after, encoding="utf-8")
    assert json_of(load(tmp_path)) == resolved


def test_an_enum_can_take_the_place_of_the_variant(tmp_path: Path) -> None:
    (finding,) = findings("variant-without-payload", shop("variant /* variant */ v { a }"), tmp_path)
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    text = edit.span.source.text
    assert "  enum /* variant */ v" not in text
    assert (text[: edit.span.start] + edit.text + text[edit.span.end :]).count("enum /* variant */ v { a }") == 1


def pairs_beside(before: Loaded, folder: Path) -> list[str]:
    settings = Settings(preset="none", choices=(RuleChoice(select=("list-of-pairs",)),), against=before)
    return [d.item for d in check(load(folder), settings)]


def test_only_new_lists_of_pairs_are_reported_beside_an_old_version(tmp_path: Path) -> None:
    text = """package example:shop@1.0.0;
interface prices {
  resource catalog { all: func() -> list<tuple<string, u32>>; NEW }
  type known = list<tuple<string, u32>>;
  all: func() -> list<tuple<string, u32>>;
}
world shop {
  import all: func(some: list<tuple<string, u32>>);
  export lists: interface { all: func() -> list<tuple<string, u32>>; NEW }
}
"""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, extra in ((old, ""), (new, "some: func() -> list<tuple<string, u32>>;")):
        folder.mkdir()
        (folder / "shop.wit").write_text(text.replace("NEW", extra), encoding="utf-8")
    assert pairs_beside(load(old), new) == ["example:shop/prices.catalog.some", "example:shop/shop.lists.some"]
    assert len(pairs_beside(load(tmp_path / "old"), old)) == 0


def test_a_handle_with_a_comment_in_it_is_left_to_its_author(tmp_path: Path) -> None:
    (finding,) = findings("explicit-own", shop("resource r;", "f: func() -> own<r // why\n>;"), tmp_path)
    assert finding.message == "`own<r>` is the same as `r`"
    assert finding.fix is None
