"""Numbers and nestings beyond all measure are findings, not the end of the interpreter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ir.conftest import reference
from tests.sampled import sampled
from tests.work import calls
from witkit.ir import Loaded, load

DEEP = ["list<", "option<", "tuple<", "tuple<u8, ", "result<", "result<_, ", "future<", "stream<", "map<u8, "]
AROUND = {
    "an alias": "type t = T;",
    "a field": "record r { a: T, b: u8 }",
    "a case": "variant v { a(T), b }",
    "a parameter": "f: func(a: T, b: u8);",
    "a result": "f: func() -> T;",
    "a constructor": "resource r { constructor(a: T); m: func(); }",
    "what others use": "type t = T; f: func(a: t) -> list<t>; } interface j { use i.{t}; type s = t;",
}
LENGTHS = {"1": True, "4294967295": True, "0" * 5000 + "1": True, "4294967296": False, "1" * 4301: False}


def read(folder: Path, text: str) -> Loaded:
    (folder / "p.wit").write_text(text, encoding="utf-8")
    return load(folder / "p.wit")


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("opening", DEEP)
def test_a_type_100_deep_is_one_finding_wherever_it_stands(opening: str, around: str, tmp_path: Path) -> None:
    for depth in (99, 100, 101, 2000):
        deep = opening * depth + "u8" + ">" * depth
        found = read(tmp_path, f"package a:b; interface i {{ {AROUND[around].replace('T', deep)} }}").diagnostics
        assert [d.code for d in found] == ([] if depth < 100 else ["WIT0108"])


@pytest.mark.parametrize("opening", ["list<", "nope<", "<", "list<u8, "])
def test_what_is_deep_and_never_closed_is_reported(opening: str, tmp_path: Path) -> None:
    loaded = read(tmp_path, f"package a:b; interface i {{ type t = {opening * 5000}")
    assert any(d.is_error for d in loaded.diagnostics)


def test_each_missing_mark_is_counted_for_its_own_type_only(tmp_path: Path) -> None:
    parameters = ", ".join(f"a{i}: list<u8" for i in range(150))
    found = read(tmp_path, f"package a:b; interface i {{ f: func({parameters}); }}").diagnostics
    assert {d.code for d in found} == {"WIT0103"}


@pytest.mark.parametrize("length", LENGTHS, ids=lambda n: f"{n[:12]}({len(n)})")
def test_the_length_of_a_list_has_to_fit_32_bits(length: str, tmp_path: Path) -> None:
    loaded = read(tmp_path, f"package a:b; interface i {{ f: func(a: list<u8, {length}>); }}")
    assert [d.code for d in loaded.diagnostics] == ([] if LENGTHS[length] else ["WIT0307"])
    judged = reference("component", "wit", tmp_path / "p.wit", "--json")
    assert (judged.returncode == 0) is LENGTHS[length]


@pytest.mark.parametrize("digits", ["18446744073709551615", "18446744073709551616", "9" * 4301, "9" * 50_000], ids=len)
@pytest.mark.parametrize("version", ["N.0.0", "0.N.0", "0.0.N", "0.0.0-N", "0.0.0-rc.N", "0.0.0+N", "0.0.0+b.00N"])
def test_long_numbers_in_versions_are_judged_as_by_wasm_tools(version: str, digits: str, tmp_path: Path) -> None:
    long = version.replace("N", digits)
    text = f"package a:b@{long}; @since(version = {long}) interface i {{}} world w {{ import c:d/e@{long}; }} "
    loaded = read(tmp_path, f"{text} package c:d@{long} {{ interface e {{}} }} package c:d@0.0.0 {{}}")
    judged = reference("component", "wit", tmp_path / "p.wit", "--json")
    assert loaded.is_clean is (judged.returncode == 0)
    assert {d.code for d in loaded.diagnostics} <= {"WIT0106"}


def each(text: str, number: int) -> str:
    return "".join(text.replace("#", str(i)) for i in range(number))


MANY = {
    "unknown types": lambda n: f"interface i {{ {each('type t# = u8; f#: func(a: nope#); ', n)} }}",
    "unknown names of a use": lambda n: (
        f"interface j {{ {each('type t# = u8; ', n)} }} interface i {{ use j.{{ {each('x#, ', n)} }}; }}"
    ),
    "unknown interfaces": lambda n: each("interface i# { use nope#.{t}; } ", n),
    "names for a resource": lambda n: (
        "interface i { resource t0; " + "".join(f"type t{i + 1} = t{i}; f{i}: func(a: t{i}); " for i in range(n)) + "}"
    ),
    "included worlds": lambda n: (
        f"{each('world w# { import f#: func(); } ', n)} world w {{ {each('include w#; ', n)} }}"
    ),
    "renames": lambda n: (
        f"world v {{ {each('import f#: func(); ', n)} }} world w {{ include v with {{ {each('f# as g#, ', n)} }} }}"
    ),
    "packages that lack others": lambda n: each("package c:d# { interface i { use e:f#/i.{t}; } } ", n),
}


@pytest.mark.parametrize("what", sampled(MANY))
def test_twice_as_many_are_twice_the_work(what: str, tmp_path: Path) -> None:
    def work(number: int) -> int:
        (tmp_path / "p.wit").write_text(f"package a:b; {MANY[what](number)}", encoding="utf-8")
        return calls(lambda: load(tmp_path / "p.wit"))

    assert work(800) < 2.6 * work(400)
