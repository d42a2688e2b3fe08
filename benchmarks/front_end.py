"""Measure reading WIT in a process that has loaded witkit: parsing, resolving, and how both grow.

    python benchmarks/front_end.py [--runs N] [--lines 10000]

Reads a made-up package of N lines and one of twice as many, and prints the minimum of the runs: milliseconds, tokens
per second, and the ratio of both packages.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from witkit.ir import Loaded, load
from witkit.ir.show.resolve_json import to_json
from witkit.ir.show.wit import to_wit
from witkit.syntax import grammar, parse
from witkit.text import Source

INTERFACE = """
/// Part number {i} of the package.
interface part{i} {{
  {use}
  /// What can be ordered.
  record item {{
    name: string,
    price: u64,
    tags: list<string>,
  }}
  variant outcome {{
    none,
    one(item),
    many(list<item>),
    failed(tuple<u32, string>),
  }}
  flags options {{ gift, express }}
  resource basket {{
    constructor(owner: string);
    add: func(item: item, number: u32) -> result<u32, string>;
    items: func() -> list<item>;
    merge: static func(left: borrow<basket>, right: basket) -> basket;
  }}
  order: func(basket: basket, options: options) -> outcome;
  cancel: func(number: u32) -> result<_, string>;
}}
"""


def package(lines: int) -> str:
    """WIT of about that many lines; every interface uses a type of the one before it."""
    each = INTERFACE.count("\n")
    text = ["package bench:front@1.0.0;"]
    for i in range(lines // each):
        text.append(INTERFACE.format(i=i, use=f"use part{i - 1}.{{item as before}};" if i else ""))
    return "\n".join(text)


def least(runs: int, work: Callable[[], object]) -> float:
    """Milliseconds of the fastest run."""
    found = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return min(found) * 1000


def measure(lines: int, runs: int, folder: Path) -> tuple[float, float]:
    """Print the figures of one size; returns milliseconds of parsing and of loading."""
    text = package(lines)
    path = folder / f"{lines}.wit"
    path.write_text(text, encoding="utf-8")
    source = Source("bench.wit", text)
    tokens = len(grammar.wit().lexer.scan(source).tokens)
    loaded = clean(path)
    resolve = loaded.resolve
    assert resolve is not None
    gc.disable()
    parsing = least(runs, lambda: parse(source))
    gc.enable()
    loading = least(runs, lambda: load(path))
    print(f"{text.count(chr(10)):>8,} lines  parse {parsing:7.0f} ms  {tokens / parsing * 1000:>9,.0f} tokens/s")
    print(f"                load  {loading:7.0f} ms")
    print(f"                JSON  {least(runs, lambda: to_json(resolve, loaded.written)):7.0f} ms  WIT", end=" ")
    print(f"{least(runs, lambda: to_wit(resolve, loaded.written)):.0f} ms")
    return parsing, loading


def clean(path: Path) -> Loaded:
    loaded = load(path)
    if not loaded.is_clean:
        raise SystemExit("\n".join(d.message for d in loaded.diagnostics))
    return loaded


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--lines", type=int, default=10_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = measure(chosen.lines, chosen.runs, Path(folder))
        large = measure(2 * chosen.lines, chosen.runs, Path(folder))
    parsing, loading = (b / a for a, b in zip(small, large, strict=True))
    print(f"twice the lines cost {parsing:.2f} times the parsing and {loading:.2f} times the loading")


if __name__ == "__main__":
    main()
