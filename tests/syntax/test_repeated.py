"""One thing over and over again, right or wrong: the work grows with the text, and the findings have an end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sampled import sampled
from tests.work import calls
from witkit.syntax import nodes, parse
from witkit.text import Source

PLACES = {
    "an interface": "package a:b;\ninterface i {\nX}\n",
    "a record": "package a:b;\ninterface i { record r {X} f: func(); }\n",
    "parameters": "package a:b;\ninterface i { f: func(X); g: func(); }\n",
    "the header": "package X;\ninterface i {}\n",
}
PARTS = [";", "@", "}", "<", "// c\n", "/* c */", "x y\n", "export ", "tuple<u8, ", "@nope(x) ", "package c:d {"]
PARTS += ["record r { a: u8 ", "use a:b/c@1.0.0.{x};", "@since(version = 1.0.0) "]
PARTS += ["world w { }\n", "interface z: q {}\n", "include x with { a: b };\n", "% ", "... ", "a = 1 << 2, "]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("part", sampled(PARTS, of="syntax"), ids=ascii)
def test_twice_as_much_is_twice_the_work(part: str, place: str) -> None:
    def work(number: int) -> int:
        source = Source("test.wit", PLACES[place].replace("X", part * number))
        return calls(lambda: parse(source))

    assert work(800) < 2.3 * work(400)


@pytest.mark.parametrize("part", [";", "@", "}", "f func(;\n", "use x.{\n", "record r {\n"], ids=ascii)
def test_hopeless_text_is_given_up_with_a_note(part: str) -> None:
    parsed = parse(Source("test.wit", f"package a:b;\ninterface good {{}}\ninterface i {{\n{part * 50_000}"))
    assert len(parsed.diagnostics) <= 310
    (note,) = [d for d in parsed.diagnostics if not d.is_error]
    assert note.code == "WIT0114"
    assert note.message.startswith("the rest of this file is not read")
    assert note.help
    assert [item.name.name for item in parsed.file.items if isinstance(item, nodes.Interface)][:1] == ["good"]


def test_what_stands_after_the_last_error_is_lost_and_not_missed() -> None:
    text = "package a:b;\ninterface i {\n" + "f func(;\n" * 400 + "}\ninterface last { type here = u8; }\n"
    assert {"last", "here"} <= {name.name for name in parse(Source("test.wit", text)).file.lost}


@pytest.mark.parametrize("comment", ["// c\n", "/* c */", "/// c\n"], ids=ascii)
def test_a_long_run_of_comments_is_kept_whole(comment: str, read: Callable[[str], nodes.File]) -> None:
    file = read(f"package a:b;\n{comment * 50_000}interface i {{}}")
    (interface,) = file.items
    assert isinstance(interface, nodes.Interface)
    assert len(interface.comments) == len(file.comments) == 50_000
