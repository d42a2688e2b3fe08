"""Shared by the syntax tests: read a text, show a tree and its findings in a line each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from witkit.syntax import Parsed, nodes, parse
from witkit.text import Source


@pytest.fixture
def read() -> Callable[[str], nodes.File]:
    """A text that has to be right, as a tree."""

    def read(text: str) -> nodes.File:
        parsed = parse(Source("test.wit", text))
        assert parsed.diagnostics == ()
        return parsed.file

    return read


@pytest.fixture
def findings() -> Callable[[str], list[str]]:
    """A text as its findings: `line:column code message; help`."""

    def findings(text: str) -> list[str]:
        return [
            _line(parsed, i) for parsed in [parse(Source("test.wit", text))] for i in range(len(parsed.diagnostics))
        ]

    return findings


def _line(parsed: Parsed, index: int) -> str:
    found = parsed.diagnostics[index]
    assert found.primary is not None
    line, column = found.primary.source.position(found.primary.start)
    return f"{line}:{column} {found.code} {found.message}" + (f"; {found.help}" if found.help else "")
