"""The text renderer: where it puts its carets, and what it refuses to show as it is."""

from __future__ import annotations

import re

from syrupy.assertion import SnapshotAssertion

from witkit.text import Diagnostic, Related, Severity, Source, error
from witkit.text.render_text import render
from witkit.text.visible import columns


def at(text: str, marked: str, *, name: str = "wit/log.wit", label: str = "here") -> Diagnostic:
    """A diagnostic at the first occurrence of `marked` in `text`."""
    start = text.index(marked)
    return error("WIT0201", "wrong", Source(name, text).span(start, start + len(marked)), label=label)


def marked_columns(rendered: str) -> tuple[int, int]:
    """Terminal columns before the carets, and how many carets, after the frame."""
    line = next(line for line in rendered.splitlines() if "^" in line)
    behind = line.split("|", 1)[1][1:]
    return behind.index("^"), behind.count("^")


def shown_line(rendered: str) -> str:
    return next(line for line in rendered.splitlines() if re.match(r"\s*\d+ \|", line)).split("|", 1)[1][1:]


def test_a_full_diagnostic_has_place_line_caret_label_related_places_and_help(text_snapshot: SnapshotAssertion) -> None:
    text = "interface log {\n  enum level { debug }\n\n  enum level { warn }\n}\n"
    source = Source("wit/log.wit", text)
    again = text.rindex("level")
    finding = error(
        "WIT0201",
        "`level` is defined twice",
        source.span(again, again + 5),
        label="defined again",
        related=[Related(source.span(text.index("level"), text.index("level") + 5), "first defined here")],
        help="rename one of the two\nor remove it",
    )
    assert render([finding]) == text_snapshot


def test_the_frames_of_all_places_stand_below_each_other() -> None:
    text = "a\n" * 8 + "bb\n" * 99
    source = Source("long.wit", text)
    late = text.rindex("bb")
    finding = error("WIT0201", "wrong", source.span(0, 1), related=[Related(source.span(late, late + 2), "there")])
    frames = {line.index("|") for line in render([finding]).splitlines() if "|" in line}
    assert frames == {len("107 ")}


def test_a_diagnostic_without_a_place_names_its_file() -> None:
    rendered = render([error("WIT0501", "the folder has no WIT file", file="empty")])
    assert rendered == "error[WIT0501]: the folder has no WIT file\n --> empty\n\n"


def test_a_caret_stands_below_text_after_tabs() -> None:
    rendered = render([at("\t\tf: func() -> strem;", "strem")])
    before, carets = marked_columns(rendered)
    assert shown_line(rendered)[before : before + carets] == "strem"


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    rendered = render([at("/* 漢字 e\u0301 */ strem", "strem")])
    before, carets = marked_columns(rendered)
    assert before == columns(shown_line(rendered).split("strem")[0]) == len("/* ____ e */ ")
    assert carets == 5


def test_a_marked_wide_character_has_two_carets() -> None:
    assert marked_columns(render([at("漢", "漢")])) == (0, 2)


def test_a_very_long_line_is_cut_around_what_is_marked() -> None:
    text = "x" * 100_000 + " strem " + "y" * 100_000
    rendered = render([at(text, "strem")])
    before, carets = marked_columns(rendered)
    line = shown_line(rendered)
    assert len(line) < 200
    assert line[before : before + carets] == "strem"
    assert (line[0], line[-1]) == ("…", "…")


def test_a_span_longer_than_the_screen_is_marked_as_far_as_it_is_shown() -> None:
    rendered = render([at("z" * 5_000, "z" * 5_000)])
    assert max(map(len, rendered.splitlines())) < 200


def test_a_span_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    text = "record a {\n  x: u8,\n}"
    assert marked_columns(render([at(text, text)])) == (0, len("record a {"))


def test_the_end_of_a_text_can_be_marked() -> None:
    source = Source("a.wit", "interface a {\n")
    rendered = render([error("WIT0101", "unfinished", source.span(14, 14))])
    assert "a.wit:2:1" in rendered
    assert marked_columns(rendered) == (0, 1)


def test_nothing_in_a_source_can_act_on_the_terminal() -> None:
    text = "/* \x1b[31m \u202e \x00 \ud800 */ strem"
    rendered = render([at(text, "strem", name="a\x1b]0;title\x07.wit", label="\x1b[2J")])
    assert rendered.isprintable() or all(c == "\n" or c.isprintable() for c in rendered)
    assert "␛[31m <U+202E> ␀ <U+D800>" in rendered


def test_colour_is_only_added_never_changes_the_text() -> None:
    finding = at("f: func() -> strem;", "strem")
    coloured = render([finding], color=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render([finding])


def test_a_warning_is_called_one() -> None:
    assert render([Diagnostic("WIT0401", Severity.WARNING, "old", file="a.wit")]).startswith("warning[WIT0401]: old")
