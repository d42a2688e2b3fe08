"""The corpus beside the repository: witkit accepts and refuses what wasm-tools does, at the same lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sampled import sampled
from witkit.syntax import parse
from witkit.text import Source

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not there")

# How wasm-tools words what it finds before it looks at names.
_OF_SYNTAX = (
    "expected `",
    "expected an id",
    "expected '",
    "expected a type",
    "expected fixed-length",
    "nested packages",
)


def _cases(expect: str) -> list[dict[str, str]]:
    if not CORPUS.is_dir():
        return []
    cases: list[dict[str, str]] = json.loads((CORPUS / "cases.json").read_text())
    return [case for case in cases if case["expect"] == expect]


def _is_syntax(case: dict[str, str]) -> bool:
    last = case["message"].rsplit(": ", 1)[-1]
    return "line" in case and (last.startswith(_OF_SYNTAX) or "nesting too deep" in last)


REFUSED = [case for case in _cases("reject") if _is_syntax(case)]


def _read(path: Path) -> Source:
    return Source(path.name, path.read_bytes().decode())


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [p for p in sorted(path.glob("*.wit")) if p.is_file()]


def test_every_file_of_every_accepted_package_is_read() -> None:
    files = {file for case in _cases("accept") for file in _files(CORPUS / case["path"])}
    assert len(files) > 400
    assert [str(f) for f in sampled(sorted(files)) if parse(_read(f)).diagnostics] == []


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["id"])
def test_the_first_finding_is_at_the_line_of_wasm_tools(case: dict[str, str]) -> None:
    source = _read(CORPUS / case["file"])
    first = parse(source).diagnostics[0]
    assert first.primary is not None
    assert source.position(first.primary.start)[0] == int(case["line"])


def test_there_are_cases_of_syntax() -> None:
    assert len(REFUSED) >= 18
