"""Whole packages: formatting itself proves that tokens, comments and their nodes stay; this, that the meaning does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.ir.conftest import ACCEPTED, Accepted
from tests.resolved import json_of
from tests.sampled import sampled
from witkit.ir import ALL, load
from witkit.syntax import parse
from witkit.syntax.formatter.formatting import format_text
from witkit.text import Source

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"

CHECKOUT = "wasi-checkout"

with_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not there")


@with_corpus
def test_every_file_can_be_formatted_and_fits_in_its_lines() -> None:
    paths, too_long = [path for path in sorted(CORPUS.rglob("*.wit")) if path.is_file()], []
    for path in sampled(paths):
        if parse(source := Source(str(path), path.read_bytes().decode())).diagnostics:
            continue
        too_long += [line for line in format_text(source).splitlines() if len(line) > 100 and "//" not in line]
    assert len(paths) > 1000
    assert [line for line in too_long if not line.lstrip().startswith(("*", "/*"))] == []


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case.path.name)
def test_a_package_of_our_own_means_what_it_meant(case: Accepted, tmp_path: Path) -> None:
    shutil.copytree(case.path, tmp_path / case.path.name)
    _format(tmp_path / case.path.name)
    assert _meaning(tmp_path / case.path.name) == _meaning(case.path)


@with_corpus
def test_every_package_means_what_it_meant(tmp_path: Path) -> None:
    cases = [c for c in json.loads((CORPUS / "cases.json").read_text()) if c["expect"] == "accept"]
    paths = sorted({case["path"] for case in cases})
    changed = [path for path in sampled(paths) if _meaning(_formatted(path, tmp_path)) != _meaning(CORPUS / path)]
    assert len(paths) > 300
    assert changed == []


def _meaning(path: Path) -> object:
    loaded = load(path, features=ALL)
    if loaded.resolve is None:
        loaded = load(path)
    return json_of(loaded) if loaded.resolve else sorted(finding.code for finding in loaded.diagnostics)


def _formatted(name: str, tmp_path: Path) -> Path:
    """A copy of a package, its dependencies included, with every file formatted."""
    # A `deps.toml` names folders beside that of the package.
    copied = CHECKOUT if name.startswith(f"{CHECKOUT}/") else name
    path, copy = CORPUS / copied, tmp_path / copied
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(path, copy) if path.is_dir() else shutil.copy(path, copy)
        _format(copy)
    return tmp_path / name


def _format(path: Path) -> None:
    for file in [path] if path.is_file() else path.rglob("*.wit"):
        if file.is_file() and not parse(source := Source(str(file), file.read_bytes().decode())).diagnostics:
            file.write_bytes(format_text(source).encode())
