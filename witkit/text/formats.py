"""The formats in which diagnostics are written, by the name that `--format` takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from witkit.text import render_github, render_json, render_text
from witkit.text.diagnostic import Diagnostic


class Format(Protocol):
    """Writes diagnostics in one format. A format without colours ignores `color`."""

    def __call__(self, diagnostics: Iterable[Diagnostic], *, color: bool = False) -> str: ...


FORMATS: dict[str, Format] = {
    "text": render_text.render,
    "json": render_json.render,
    "github": render_github.render,
}
