"""Packages with the answers of wasm-tools: some of our own, and the corpus beside the repository."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.tools import wasm_tools
from witkit.ir import Features

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[2] / "shared" / "corpus"
CORPUS_CASES = (
    json.loads((CORPUS / "cases.json").read_text(encoding="utf-8")) if (CORPUS / "cases.json").is_file() else []
)


@dataclass(frozen=True)
class Accepted:
    """A package and the JSON that wasm-tools prints for it."""

    path: Path
    features: Features

    @property
    def answer(self) -> str:
        return (self.path / "resolve.json").read_text(encoding="utf-8")

    @property
    def flags(self) -> list[str]:
        if self.features.all:
            return ["--all-features"]
        return ["--features", ",".join(sorted(self.features.names))] if self.features.names else []


def features_of(text: str) -> Features:
    """`*` or `all` for all of them, else names with commas between."""
    text = text.strip()
    return Features(all=True) if text in ("*", "all") else Features(frozenset(filter(None, text.split(","))))


def accepted(path: Path) -> Accepted:
    chosen = path / "features"
    return Accepted(path, features_of(chosen.read_text(encoding="utf-8") if chosen.exists() else ""))


ACCEPTED = [accepted(path) for path in sorted((HERE / "accepted").iterdir())]
REJECTED = sorted((HERE / "rejected").iterdir())


def reference(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run wasm-tools, of the environment that runs the tests."""
    return wasm_tools.run(*arguments)
