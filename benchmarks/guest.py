"""Measure what the author of a guest waits for: tests without a build, typed bindings, an unchanged build.

    python benchmarks/guest.py [--runs N] [--corpus ../shared/corpus]

Prints one table. A test under CPython is what the example's own tests do: connect the imports, import the guest
again, place an order. Processes are measured as in `benchmarks/cli.py`.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cli import ORDERS, REPOSITORY, Cost, cost, row
from tools import BIN

OTHER_PLUGINS = ("cacheprovider", "anyio", "hypothesispytest", "rerunfailures", "xdist")
"""Plugins of pytest that witkit's own tests need, and a guest's do not. Importing hypothesis takes 0.3 s."""


def native(runs: int) -> tuple[Cost, Cost]:
    """The first test, which includes imports, and the minimum of the following ones."""
    sys.path[:0] = [str(ORDERS), str(ORDERS / "bindings")]
    import witkit.guest

    def test() -> Cost:
        cpu, wall = time.process_time(), time.perf_counter()
        with witkit.guest.bind(keyvalue="memory") as host:
            guest = host.load("app")
            assert guest.place("tea", 2).number == 1
            assert guest.catalog.stock("tea") == 38
        return Cost((time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000)

    first, others = test(), [test() for _ in range(max(runs, 1) * 10)]
    return first, Cost(min(c.cpu for c in others), min(c.wall for c in others))


def measure(runs: int, corpus: Path) -> None:
    witkit = str(BIN / "witkit")
    print(f"{'':<48} {'CPU ms':>8} {'wall ms':>8}")
    first, another = native(runs)
    row("a native test of examples/orders, the first", first, "with the imports of witkit's backends")
    row("a native test of examples/orders, another", another, "goal: under 50 ms")
    without = [word for name in OTHER_PLUGINS for word in ("-p", f"no:{name}")]
    quiet = [sys.executable, "-m", "pytest", "-q", *without, "tests"]
    row("pytest in examples/orders, without other plugins", cost(quiet, runs, ORDERS))
    http = corpus / "real" / "wasi-http" / "wit"
    if http.is_dir():
        with tempfile.TemporaryDirectory() as folder:
            command = [witkit, "gen", "guest", http, "--world", "proxy", "-o", folder]
            row("witkit gen guest wasi:http, nothing new", cost(command, runs), "goal: under 500 ms")
    measure_building(witkit, runs)


def measure_building(witkit: str, runs: int) -> None:
    """An unchanged build, in a copy of the example that was built once."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "orders"
        shutil.copytree(ORDERS, project, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        kept = REPOSITORY / ".cache" / "orders.wasm"
        if kept.is_file():
            shutil.copyfile(kept, project / "orders.wasm")
        print("building a copy of examples/orders unless it is there …", file=sys.stderr)
        subprocess.run([witkit, "build", project], check=True, capture_output=True)
        row("witkit build examples/orders, unchanged", cost([witkit, "build", project], runs), "goal: under 300 ms")


def main() -> None:
    parser = argparse.ArgumentParser(description="What the author of a guest waits for.")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--corpus", type=Path, default=REPOSITORY.parent / "shared" / "corpus")
    arguments = parser.parse_args()
    measure(arguments.runs, arguments.corpus)


if __name__ == "__main__":
    main()
