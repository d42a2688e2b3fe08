"""What reading WIT costs in a process that has witkit imported: text to tree, as it grows, and from the cache.

    python benchmarks/syntax.py [--runs N]

Prints one table over a synthetic package; times are CPU, the least of N runs.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable

from witkit.syntax import grammar, parse, read
from witkit.text import Source

INTERFACE = """/// Orders of day {0}, as they were placed.
interface orders-{0} {{
  use shop:types/common@1.0.0.{{money, customer as buyer}};

  /// One line of an order.
  record line {{ item: string, quantity: u32, prices: list<tuple<string, option<u64>>> }}
  variant refusal {{ closed, sold-out(string), other(result<_, string>) }}
  @since(version = 1.0.0)
  resource basket {{
    constructor(owner: buyer);
    put: func(what: line) -> result<option<list<u8>>, refusal>;
    parse: static async func(text: string) -> basket;
  }}
  flags state {{ paid, sent, returned }}
  type total = tuple<money, u16, u32>;
  // Takes the basket away.
  place: func(what: own<basket>, notes: list<string>) -> result<total, refusal>;
}}
"""


def package(interfaces: int) -> Source:
    """A package of so many interfaces, 16 lines each."""
    return Source("orders.wit", "package shop:orders@1.0.0;\n" + "".join(map(INTERFACE.format, range(interfaces))))


def least(runs: int, work: Callable[[], object]) -> float:
    """The least CPU seconds of some runs."""
    found = []
    for _ in range(runs):
        before = time.process_time()
        work()
        found.append(time.process_time() - before)
    return min(found)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=3)
    runs = options.parse_args().runs
    parse(package(1))
    print(f"{'lines':>7} {'tokens':>8} {'lexer ms':>9} {'parse ms':>9} {'tokens/s':>9} {'growth':>7} {'cached ms':>10}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WITKIT_CACHE_DIR"] = folder
        before = 0.0
        for interfaces in (160, 320, 625, 1250, 2500):
            before = measure(package(interfaces), runs, before)


def measure(source: Source, runs: int, before: float) -> float:
    """Print the row of one text; `before` is what parsing half of it took. Gives what parsing it took."""
    lexer = grammar.wit().lexer
    tokens = len(lexer.scan(source).tokens)
    scanned, parsed = least(runs, lambda: lexer.scan(source)), least(runs, lambda: parse(source))
    read(source)
    cached = least(runs, lambda: read(source))
    growth = f"{parsed / before:.2f}" if before else ""
    print(
        f"{source.text.count(chr(10)):>7} {tokens:>8} {scanned * 1000:>9.0f} {parsed * 1000:>9.0f} "
        f"{tokens / parsed:>9.0f} {growth:>7} {cached * 1000:>10.0f}"
    )
    return parsed


if __name__ == "__main__":
    main()
