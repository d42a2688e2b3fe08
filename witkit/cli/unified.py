"""Changes of files as a unified diff, for the options that show changes instead of making them."""

from __future__ import annotations

from difflib import unified_diff
from io import StringIO

import click

from witkit.text.visible import visible, visible_name


def show_diff(name: str, old: str, new: str) -> None:
    """Print how the text of a file would change. Tabs and line ends stay as they are: they can be all that changes."""
    shown = visible_name(name)
    for line in unified_diff(_lines(old), _lines(new), shown, shown):
        text = line.rstrip("\r\n")
        ending = line[len(text) :] if line.endswith("\n") else "\n\\ No newline at end of file\n"
        click.echo("\t".join(map(visible, text.split("\t"))) + ending, nl=False)


def _lines(text: str) -> list[str]:
    """The lines as other tools see them: only a line feed ends one."""
    return list(StringIO(text, newline="\n"))
