"""Measure generating and checking, first and again, compared with `componentize-py bindings` and `wasm-tools`.

    python benchmarks/generating.py [--runs N] [--corpus ../shared/corpus] [--functions 20000]

Whole processes in CPU time, the least of N runs, the tools in turns. A cold process finds an empty cache folder
and nothing generated; a warm one finds all that it made before. The corpus is measured if it is beside the checkout:
`golem:api/golem`, the world with the most text generated. A made-up world of N plain functions is measured always, and
one of half and of a quarter of it: their costs are to be in proportion.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cli import REPOSITORY
from tools import BIN, componentize_py, wasm_tools

FUNCTION = "  number{}: func(first: u32, second: string) -> u32;\n"


def functions(count: int, folder: Path) -> Path:
    """A package whose one world imports an interface of so many functions."""
    path = folder / f"functions-{count}"
    path.mkdir()
    text = "".join(map(FUNCTION.format, range(count)))
    (path / "many.wit").write_text(
        f"package bench:many;\n\ninterface many {{\n{text}}}\n\nworld w {{ import many; }}\n"
    )
    return path


def cpu(command: Sequence[object], cache: Path) -> float:
    """Milliseconds of CPU that one process takes, in user and system mode."""
    environment = {**os.environ, "WITKIT_CACHE_DIR": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(list(map(str, command)), env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000


class Bench:
    """Prints a row per command: cold, warm, the other tool, and how many times its cost both are."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder, self.runs = folder, runs
        print(
            f"{'CPU ms of one process':<44} {'cold':>7} {'warm':>7} {'other':>7} {'cold ratio':>11} {'warm ratio':>11}"
        )

    def row(self, label: str, arguments: Sequence[object], other: Sequence[object] | None = None) -> None:
        cache, out = self.folder / "cache", self.folder / "out"
        command = [BIN / "witkit", *(out if argument is OUT else argument for argument in arguments)]
        theirs = None if other is None else [self.folder / "theirs" if part is OUT else part for part in other]
        # Compiling to bytecode is not counted.
        cpu(command, cache)
        cold, warm, compared = [], [], []
        for _ in range(self.runs):
            shutil.rmtree(cache, ignore_errors=True)
            shutil.rmtree(out, ignore_errors=True)
            cold.append(cpu(command, cache))
            # A large text is kept when it is read for the second time.
            cpu(command, cache)
            warm.append(cpu(command, cache))
            if theirs is not None:
                shutil.rmtree(self.folder / "theirs", ignore_errors=True)
                compared.append(cpu(theirs, cache))
        ratios = ""
        if compared:
            least = max(min(compared), 1)
            ratios = f"{least:>7.0f} {min(cold) / least:>10.1f}x {min(warm) / least:>10.1f}x"
        print(f"{label:<44} {min(cold):>7.0f} {min(warm):>7.0f} {ratios}", flush=True)


OUT = object()
"""Stands for the folder that a command writes to."""


def largest_world(bench: Bench, corpus: Path) -> None:
    wit = corpus / "real" / "golem" / "wit"
    if not wit.is_dir():
        return
    world = ["--all-features", "--world", "golem:api/golem"]
    bindings = componentize_py()
    other = [bindings, "--all-features", "-d", wit, "-w", "golem:api/golem", "bindings", OUT] if bindings else None
    bench.row("gen guest golem:api/golem", ["gen", "guest", wit, *world, "-o", OUT], other)
    bench.row("gen host golem:api/golem", ["gen", "host", wit, *world, "-o", OUT])


def many_functions(bench: Bench, count: int) -> None:
    reference, bindings = wasm_tools(), componentize_py()
    for number in (800, count // 4, count // 2, count):
        wit = functions(number, bench.folder)
        other = [reference, "component", "wit", wit] if reference else None
        bench.row(f"check {number:,} functions", ["check", wit, "--preset", "none"], other)
        other = [bindings, "-d", wit, "-w", "w", "bindings", OUT] if bindings else None
        bench.row(f"gen guest {number:,} functions", ["gen", "guest", wit, "-o", OUT], other)
        bench.row(f"gen host {number:,} functions", ["gen", "host", wit, "-o", OUT])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--functions", type=int, default=20_000)
    options.add_argument("--corpus", type=Path, default=REPOSITORY.parent / "shared" / "corpus")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), chosen.runs)
        largest_world(bench, chosen.corpus)
        many_functions(bench, chosen.functions)


if __name__ == "__main__":
    main()
