"""The front end compared with wasm-tools: whole processes, the library, growth, and what the cache saves.

    python benchmarks/wit.py [--runs N] [--corpus ../shared/corpus] [--lines 20000]

Prints the least of N runs, in CPU time, which is wall time on a machine with nothing else to do. A cold process has
its grammar tables but no kept tree of what it reads; a warm one has both. Packages of the corpus are measured where it
is beside the checkout, a made-up package always.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cli import REPOSITORY, cost, lines_of
from front_end import package
from tools import BIN, wasm_tools

from witkit.syntax import grammar, parse, read
from witkit.text import Source


def packages(corpus: Path, made: Path, lines: int) -> Iterator[tuple[str, Path, tuple[str, ...]]]:
    """What is shown, with the name of its row and the options that both tools get."""
    for name in ("wasi-http", "componentize-py", "golem"):
        path = corpus / "real" / name / "wit"
        if path.is_dir():
            yield f"{name}, {lines_of(path):,} lines", path, ("--all-features",)
    http = corpus / "wasi-checkout" / "proposals" / "http" / "wit"
    if http.is_dir():
        yield "WASI checkout http, through deps.toml", http, ()
    yield f"made up, {lines:,} lines", made, ()


def processes(runs: int, corpus: Path, lines: int) -> None:
    print(f"{'CPU ms of one process':<42} {'cold':>7} {'warm':>7} {'reference':>10} {'cold ratio':>11}")
    reference = wasm_tools()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WITKIT_CACHE_DIR"] = str(Path(folder) / "cache")
        made = Path(folder) / "made.wit"
        made.write_text(package(lines), encoding="utf-8")
        for name, path, flags in packages(corpus, made, lines):
            show = [BIN / "witkit", "show", path, "--format", "json", *flags]
            warm = cost(show, runs).cpu
            kept = Path(folder) / "cache" / "parsed"
            cold = min(_cold(show, kept) for _ in range(runs))
            theirs = ""
            if reference is not None and "deps.toml" not in name:
                other = cost([reference, "component", "wit", path, "--json", *flags], runs).cpu
                theirs = f"{other:>10.0f} {cold / other:>10.1f}x"
            print(f"{name:<42} {cold:>7.0f} {warm:>7.0f} {theirs}")


def _cold(command: list[object], kept: Path) -> float:
    """Milliseconds of a process that finds no tree."""
    shutil.rmtree(kept, ignore_errors=True)
    return cost(command, 0).cpu


def library(runs: int, lines: int) -> None:
    """Text to tree in this process: of one size, of twice the size, and from the cache."""
    seconds: list[float] = []
    print(f"\n{'text to tree in one process':<42} {'ms':>7} {'tokens/s':>10}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WITKIT_CACHE_DIR"] = folder
        for size in (lines, 2 * lines):
            source = Source("bench.wit", package(size))
            tokens = len(grammar.wit().lexer.scan(source).tokens)
            seconds.append(least(runs, parse, source))
            print(f"{size:>8,} lines parsed {seconds[-1] * 1000:>27.0f} {tokens / seconds[-1]:>10,.0f}")
            read(source)
            kept = least(runs, read, source)
            print(f"{size:>8,} lines from the cache {kept * 1000:>19.0f} {tokens / kept:>10,.0f}")
    print(f"twice the lines cost {seconds[1] / seconds[0]:.2f} times as much")


def least(runs: int, work: Callable[[Source], object], source: Source) -> float:
    """CPU seconds of the fastest run."""
    found = []
    for _ in range(runs):
        before = time.process_time()
        work(source)
        found.append(time.process_time() - before)
    return min(found)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--lines", type=int, default=20_000)
    options.add_argument("--corpus", type=Path, default=REPOSITORY.parent / "shared" / "corpus")
    chosen = options.parse_args()
    processes(chosen.runs, chosen.corpus, chosen.lines)
    library(chosen.runs, chosen.lines)


if __name__ == "__main__":
    main()
