"""The text that is being written: lines, with what the gaps of the old text say about comments and blank lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from witkit.syntax.nodes import Comment
from witkit.text import Source

_BLANKS: Final = re.compile(r"[ \t\r\n]*")


class Page:
    """Lines in the making. Every comment of the old text is written once, in order, as the gap that has it is written.

    `text` is the old text; places are offsets in it.
    """

    def __init__(self, source: Source, comments: Sequence[Comment]) -> None:
        self.text = source.text
        self._comments = comments
        self._starts = [comment.span.start for comment in comments]
        self._next = 0
        self._lines: list[str] = []
        self.line = ""

    def written(self) -> str:
        """All lines, each with its end; nothing if there is nothing on them."""
        text = "\n".join([*self._lines, self.line.rstrip()]).strip("\n")
        return f"{text}\n" if text else ""

    @property
    def column(self) -> int:
        """How many characters are on the line, of which a comment of several lines may have begun another."""
        return len(self.line) - self.line.rfind("\n") - 1

    def newline(self, indent: str, blank: bool = False) -> None:
        """Begin a line; `blank` leaves one empty before it."""
        self._lines.append(self.line.rstrip())
        if blank:
            self._lines.append("")
        self.line = indent

    def has_comment_before(self, end: int) -> bool:
        """Whether one of the comments that are not written yet begins before `end`."""
        return self._next < len(self._starts) and self._starts[self._next] < end

    def next_token(self, at: int) -> int:
        """The place of the first token at or after `at`, where no token is cut."""
        number = self._next
        while True:
            blank = _BLANKS.match(self.text, at)
            assert blank is not None
            at = blank.end()
            if number == len(self._starts) or self._starts[number] != at:
                return at
            at = self._comments[number].span.end
            number += 1

    def skip_to(self, place: int) -> None:
        """Go on with the comments from `place` on: those before are written."""
        self._next = bisect_left(self._starts, place, self._next)

    def after_last(self, at: int, comma: int | None, closing: int) -> int | None:
        """Where the gap after the last element of a list begins, if the comma is moved to the element's end `at`.

        None if the comma has to stay where it is: there are comments before and after it.
        """
        if comma is None or not self.has_comment_before(comma):
            return at if comma is None else comma + 1
        return at if bisect_left(self._starts, comma) == bisect_left(self._starts, closing) else None

    def comments_before(self, end: int) -> Sequence[Comment]:
        """The comments before `end` that are not written yet; they count as written then."""
        first = self._next
        self.skip_to(end)
        return self._comments[first : self._next]

    def add_comment(self, comment: Comment) -> None:
        """Write a comment, on the line that has been begun."""
        text = comment.text
        self.line += text if comment.is_block else text.rstrip()

    # ---- gaps -----------------------------------------------------------------------------------

    def gap(
        self, at: int, until: int, indent: str, *, opens: bool = False, blanks: bool = True, shares: bool = True
    ) -> None:
        """A line end between two tokens, with the comments there; single blank lines stay, except after an opening.

        A comment stays on the line of what is before it. Does what comes next `share` that line, it goes with that.
        """
        if not self.has_comment_before(until):
            self.newline(indent, blanks and not opens and self.text.count("\n", at, until) > 1)
            return
        run = self.comments_before(until)
        staying = self._staying(run, at, until, shares)
        at = self._stay(run[:staying], at)
        self._rest(run[staying:], at, until, indent, opens, blanks)

    def closing_gap(self, at: int, until: int, indent: str, closing: str, *, opens: bool = False) -> None:
        """As `gap`, before a closing bracket, whose line begins with `closing`; the comments are at `indent`."""
        if self.has_comment_before(until):
            run = self.comments_before(until)
            staying = self._staying(run, at, until, opens)
            at = self._stay(run[:staying], at)
            self._own_lines(run[staying:], at, indent, not opens)
        self.newline(closing)

    def inline_gap(self, at: int, until: int, indent: str) -> bool:
        """Comments between two tokens that belong on one line; whether a line was begun for what comes next."""
        begun = False
        for comment in self.comments_before(until):
            begun = self.inline_comment(comment, indent, begun, "\n" in self.text[at : comment.span.start])
            at = comment.span.end
        return begun

    def inline_comment(self, comment: Comment, indent: str, begun: bool, own_line: bool) -> bool:
        """One comment inside a statement; whether a line was begun for what comes next."""
        if own_line and not begun:
            self.newline(indent)
        elif not begun and self.line.strip() and not self.line.endswith(" "):
            self.line += " "
        self.add_comment(comment)
        if self.ends_line(comment):
            self.newline(indent)
            return True
        return False

    def ends_line(self, comment: Comment) -> bool:
        """Whether a comment is the last thing on its line."""
        if not comment.is_block:
            return True
        end = self.text.find("\n", comment.span.end)
        return not self.text[comment.span.end : end if end >= 0 else len(self.text)].strip()

    def _number_on_line(self, run: Sequence[Comment], at: int) -> int:
        """How many comments of a run are on the line of what is before them."""
        for number, comment in enumerate(run):
            if "\n" in self.text[at : comment.span.start]:
                return number
            at = comment.span.end
        return len(run)

    def _staying(self, run: Sequence[Comment], at: int, until: int, shares: bool) -> int:
        """How many comments of a run stay on the line of what is before them, which is nothing where a text starts."""
        number = self._number_on_line(run, at) if at else 0
        is_shared = shares and number == len(run) and "\n" not in self.text[run[-1].span.end : until]
        return 0 if is_shared else number

    def _stay(self, run: Sequence[Comment], at: int) -> int:
        """Comments on the line that is there; the place after them."""
        for comment in run:
            self.line += " "
            self.add_comment(comment)
            at = comment.span.end
        return at

    def _own_lines(self, run: Sequence[Comment], at: int, indent: str, blanks: bool) -> int:
        """Comments on lines of their own, as far as they were; the place after them."""
        for number, comment in enumerate(run):
            lines = self.text.count("\n", at, comment.span.start)
            if lines or not number:
                self.newline(indent, lines > 1 and blanks)
            else:
                self.line += " "
            self.add_comment(comment)
            at, blanks = comment.span.end, True
        return at

    def _rest(self, run: Sequence[Comment], at: int, until: int, indent: str, opens: bool, blanks: bool) -> None:
        """Comments that do not stay on the line before, and the beginning of what comes after them."""
        at = self._own_lines(run, at, indent, blanks and not opens)
        lines = self.text.count("\n", at, until)
        if run and not lines:
            self.line += " "
        else:
            self.newline(indent, lines > 1 and blanks and not (opens and not run))
