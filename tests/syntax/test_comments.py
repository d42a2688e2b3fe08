"""Comments: none is lost, and each item knows those directly before it."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampled import examples
from witkit.syntax import grammar, nodes, parse
from witkit.text import Source

Read = Callable[[str], nodes.File]


def test_an_items_comments_are_the_run_before_its_first_token(read: Read) -> None:
    file = read(
        """// licence

/// package
package a:b; // trailing
/** docs */
@unstable(feature = x) // dropped
interface i { // one
  /* two */ f: func(/* three */); // four
  record r {
    /// five
    a: u8, // six
    b: u8,
    // seven
  }
}
// eight"""
    )
    assert file.package is not None
    assert [c.text for c in file.package.comments] == ["// licence", "/// package"]
    (interface,) = file.items
    assert isinstance(interface, nodes.Interface)
    assert [c.text for c in interface.comments] == ["// trailing", "/** docs */"]
    function, record = interface.items
    assert isinstance(record, nodes.Record)
    assert [c.text for c in function.comments] == ["// one", "/* two */"]
    assert [c.text for c in record.comments] == ["// four"]
    assert [[c.text for c in f.comments] for f in record.fields] == [["/// five"], ["// six"]]
    assert len(file.comments) == 13


def test_block_comments_nest(read: Read) -> None:
    file = read("package a:b; /* a /* b */ c */ interface i {}")
    assert [c.text for c in file.comments] == ["/* a /* b */ c */"]


def test_a_line_comment_ends_before_the_line_end(read: Read) -> None:
    file = read("package a:b; // a\r\n// b\ninterface i {} // c")
    assert [c.text for c in file.comments] == ["// a", "// b", "// c"]


PIECES = [
    "interface i {",
    "}",
    "f: func();",
    "// a\n",
    "/* b /* c */ */",
    "/** é */",
    "\n\n",
    "\r\n",
    "\t",
    " ",
    "$",
    '"x"',
]


@given(st.lists(st.sampled_from(PIECES)))
@settings(max_examples=examples(100), deadline=None)
def test_tokens_comments_and_blanks_are_the_whole_text(pieces: list[str]) -> None:
    source = Source("test.wit", " ".join(pieces))
    scan = grammar.wit().lexer.scan(source)
    stray = [d.primary for d in scan.diagnostics if d.primary]
    spans = sorted([*(t.span for t in scan.tokens), *(c.span for c in scan.comments), *stray], key=lambda s: s.start)
    at = 0
    for span in spans:
        assert source.text[at : span.start].strip(" \t\r\n") == ""
        assert span.start >= at
        at = span.end
    assert at == len(source.text)


@given(st.lists(st.sampled_from(PIECES)))
@settings(max_examples=examples(100), deadline=None)
def test_the_tree_has_every_comment_of_the_text(pieces: list[str]) -> None:
    source = Source("test.wit", " ".join(pieces))
    assert len(parse(source).file.comments) == source.text.count("// a") + source.text.count(
        "/* b"
    ) + source.text.count("/**")


def test_a_hash_is_one_finding_and_what_follows_it_is_prose(findings: Callable[[str], list[str]]) -> None:
    hint = "WIT0102 unexpected character `#`; a comment begins with `//`"
    assert findings("# a package: it's new {\npackage a:b; # more") == [f"1:1 {hint}", f"2:14 {hint}"]
