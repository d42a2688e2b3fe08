"""Changes of files as a unified diff, for the options that show changes instead of making them."""

from __future__ import annotations

from difflib import unified_diff

import click

from witkit.text.visible import visible


def show_diff(name: str, old: str, new: str) -> None:
    """Print how the text of a file would change."""
    for line in unified_diff(_lines(old), _lines(new), name, name):
        ending = "\n" if line.endswith("\n") else "\n\\ No newline at end of file\n"
        click.echo(visible(line.rstrip("\r\n")) + ending, nl=False)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
