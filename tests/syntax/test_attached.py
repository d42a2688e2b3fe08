"""Which node a comment belongs to: one, whatever the text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.sampled import examples, portion, sampled
from tests.syntax.test_printer import commented
from tests.syntax.test_properties import mutations
from tests.work import calls
from witkit.syntax import nodes, parse
from witkit.syntax.comments import Comments
from witkit.text import Source

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
Read = Callable[[str], nodes.File]


def owners(file: nodes.File) -> list[str]:
    """`comment position node`, the node by its kind and the first line of its text."""
    return [
        f"{each.comment.text} {each.position} {type(each.node).__name__} {each.node.span.text.splitlines()[0][:20]}"
        for each in Comments(file)
    ]


def test_comments_lead_trail_or_dangle(read: Read) -> None:
    file = read(
        """// licence

package a:b; // trailing
/** docs */
@unstable(feature = x) // of the gate
interface i { // first
  f: func(/* empty */); // after f
  record r { // head
    a: u8, // after a
    b: /* before */ u8 /* behind */, /* last */
    // end
  } // after r
  // rest
}
// end of file"""
    )
    assert owners(file) == [
        "// licence leading PackageHeader package a:b",
        "// trailing trailing PackageHeader package a:b",
        "/** docs */ leading Interface @unstable(feature = ",
        "// of the gate trailing Attribute @unstable(feature = ",
        "// first leading Function f: func(/* empty */)",
        "/* empty */ dangling Signature func(/* empty */)",
        "// after f trailing Function f: func(/* empty */)",
        "// head leading Field a: u8",
        "// after a trailing Field a: u8",
        "/* before */ leading Primitive u8",
        "/* behind */ trailing Field b: /* before */ u8",
        "/* last */ trailing Field b: /* before */ u8",
        "// end dangling Record record r { // head",
        "// after r trailing Record record r { // head",
        "// rest dangling Interface @unstable(feature = ",
        "// end of file dangling File // licence",
    ]


@pytest.mark.parametrize(
    ("body", "owner"),
    [
        ("interface i { /* c */ }", "dangling Interface"),
        ("interface i {} // c", "trailing Interface"),
        ("interface i {}\n// c", "dangling File"),
        ("interface i { f: func(a: u8, /* c */ b: u8); }", "leading Parameter b: u8"),
        ("interface i { f: func(a: u8, // c\n b: u8); }", "trailing Parameter a: u8"),
        ("interface i { f: func(a: u8 // c\n, b: u8); }", "trailing Parameter a: u8"),
        ("interface i { f: func(a: u8\n// c\n, b: u8); }", "leading Parameter b: u8"),
        ("interface i { f: func(a: u8\n// c\n); }", "dangling Signature"),
        ("interface i { f: func(a: u8, // c\n); }", "trailing Parameter a: u8"),
        ("interface i { f: func(a: u8, /* c */); }", "trailing Parameter a: u8"),
        ("interface i { f: /* c */ func(); }", "leading Signature func()"),
        ("interface i { f: func()\n/* c */; }", "dangling Function"),
        ("interface i { resource /* c */ r; }", "leading Id r"),
        ("interface i { @since(version = 1.0.0)\n// c\nf: func(); }", "leading Id f"),
        ("world w { include a with { /* c */ } }", "dangling Include"),
        ("world w { import a; /* c */ import b; }", "leading Extern import b;"),
    ],
)
def test_a_comment_in_an_odd_place_has_one_node(read: Read, body: str, owner: str) -> None:
    (found,) = owners(read(f"package a:b;\n{body}"))
    assert found.removeprefix("/* c */ ").removeprefix("// c ").startswith(owner)


@given(commented())
@settings(max_examples=examples(100), deadline=None, suppress_health_check=list(HealthCheck))
def test_every_comment_belongs_to_one_node(text: str) -> None:
    check(text)


@given(mutations())
@settings(max_examples=examples(200), deadline=None)
def test_every_comment_of_a_text_with_errors_belongs_to_one_node(text: str) -> None:
    file = parse(Source("test.wit", text)).file
    starts = [each.comment.span.start for each in Comments(file)]
    assert set(starts) >= {comment.span.start for comment in file.comments}
    assert len(set(starts)) == len(starts)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not there")
def test_every_comment_of_the_corpus_belongs_to_one_node() -> None:
    paths = sampled(path for path in sorted(CORPUS.rglob("*.wit")) if path.is_file())
    assert sum(check(path.read_bytes().decode()) for path in paths) > portion(40_000)


def check(text: str) -> int:
    """Compare with the lexer's list, object by object; how many comments there are."""
    file = parse(Source("test.wit", text)).file
    assert [each.comment for each in Comments(file)] == file.comments
    return len(file.comments)


def test_the_comments_of_a_node_are_those_attached_to_it(read: Read) -> None:
    file = read("package a:b;\n// one\ninterface i {\n// two\n} // three\ninterface j {}")
    first, second = file.items
    owned = Comments(file).of(first)
    assert [[c.text for c in list] for list in (owned.leading, owned.trailing, owned.dangling)] == [
        ["// one"],
        ["// three"],
        ["// two"],
    ]
    assert Comments(file).of(second).leading == []


def test_a_long_run_of_comments_is_work_in_proportion(read: Read) -> None:
    def work(number: int) -> int:
        file = read("package a:b; interface i {\n" + "// x\n" * number + "f: func();\n" + "/**/" * number + "}")
        assert len(list(Comments(file))) == 2 * number
        return calls(lambda: list(Comments(file)))

    assert work(4000) < 2.3 * work(2000)
