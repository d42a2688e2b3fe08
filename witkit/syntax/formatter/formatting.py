"""A text in witkit's style, proved to say what it said before."""

from __future__ import annotations

from witkit._collector import paused
from witkit.syntax import nodes
from witkit.syntax.formatter.layout import FileLayout
from witkit.syntax.formatter.options import FormatOptions
from witkit.syntax.formatter.proof import prove
from witkit.syntax.reading import parse
from witkit.text import Source, WitkitError

_DEFAULT = FormatOptions()


def format_text(source: Source, options: FormatOptions = _DEFAULT) -> str:
    """The text of a file in witkit's style.

    Raises WitkitError with what is wrong in the text if it does not parse; and with WIT0123, which is a defect of
    witkit, if anything but the layout would change.
    """
    from witkit.syntax.parser import parse_tokens

    with paused():
        parsed, tokens = parse_tokens(source)
        if parsed.diagnostics:
            raise WitkitError(parse(source).diagnostics)
        text = laid_out(parsed.file, options)
        if text != source.text:
            prove(parsed.file, tokens, text, lambda file: laid_out(file, options))
    return text


def idle_directives(file: nodes.File) -> list[nodes.Comment]:
    """The comments `fmt off` and `fmt on` that change nothing, because they are not between the members of a block, or
    because the other one is missing there."""
    layout = FileLayout(file, _DEFAULT)
    layout.write()
    return layout.idle_directives


def laid_out(file: nodes.File, options: FormatOptions) -> str:
    """The text of a file without errors in witkit's style; line ends are those of its first line."""
    old = file.source.text
    text = FileLayout(file, options).write()
    if old.startswith("\ufeff"):
        text = f"\ufeff{text}"
    first = old.find("\n")
    if first > 0 and old[first - 1] == "\r":
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return text
