"""Worlds of the repository and of the corpus, loaded once, and the tools that judge what is generated from them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.conftest import CORPUS
from tests.ir.conftest import ACCEPTED, Accepted
from tests.sampled import sampled
from tests.tools import wasm_tools
from witkit.ir import Features, load
from witkit.ir.model import World


@dataclass(frozen=True, slots=True)
class CorpusWorld:
    """One world of one case; `path` is the case's package, `features` as the command line takes them."""

    case: str
    path: Path
    features: tuple[str, ...]
    world: World

    def __str__(self) -> str:
        return f"{self.case}: {self.world.qualified_name}"


@cache
def everywhere(*groups: str) -> tuple[CorpusWorld, ...]:
    """The worlds of our own packages, and of these groups of the corpus if it is beside this checkout."""
    return own() + (accepted(CORPUS, *groups) if CORPUS.is_dir() else ())


@cache
def own() -> tuple[CorpusWorld, ...]:
    """Every world of our own packages, which have something of everything in the corpus."""
    return tuple(world for case in ACCEPTED for world in _own(case))


def _own(case: Accepted) -> Iterator[CorpusWorld]:
    loaded = load(case.path, features=case.features)
    assert loaded.package is not None, loaded.diagnostics
    for world in loaded.package.worlds.values():
        yield CorpusWorld(case.path.name, case.path, tuple(case.flags), world)


@cache
def accepted(corpus: Path, *groups: str) -> tuple[CorpusWorld, ...]:
    """Every world that the accepted cases of these groups define or depend on, or those of a sample of the cases."""
    cases = json.loads((corpus / "cases.json").read_text(encoding="utf-8"))
    chosen = sampled((c for c in cases if c["group"] in groups and c["expect"] == "accept"), of="bindgen")
    return tuple(world for case in chosen for world in _worlds(corpus, case))


def _worlds(corpus: Path, case: dict[str, str]) -> Iterator[CorpusWorld]:
    everything = case["features"] == "all"
    names = frozenset(case["features"].split(","))
    loaded = load(corpus / case["path"], features=Features(all=True) if everything else Features(names=names))
    assert loaded.resolve is not None, f"{case['id']} does not load: {loaded.diagnostics}"
    flags = ("--all-features",) if everything else ("--features", case["features"])
    for world in loaded.resolve.worlds:
        yield CorpusWorld(case["id"], corpus / case["path"], flags, world)


def tool(name: str) -> Path:
    """A program of the test environment."""
    return Path(sys.executable).with_name(name)


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a tool and keep what it says."""
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def dummy(path: Path, world: str, folder: Path, *features: str) -> subprocess.CompletedProcess[str]:
    """Make `folder/dummy.wasm`, a component of that world whose functions trap. Its messages if it cannot."""
    core, component = folder / "core.wasm", folder / "dummy.wasm"
    embed = ("component", "embed", "--dummy", *features, "-w", world, str(path), "-o", str(core))
    made = wasm_tools.run(*embed, cwd=folder)
    if made.returncode:
        return made
    return wasm_tools.run("component", "new", core, "-o", component, cwd=folder)
