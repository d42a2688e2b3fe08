"""Measure the command line: whole processes, compared with bare Python and wasm-tools.

    python benchmarks/cli.py [--runs N] [--corpus ../shared/corpus]

Prints one table; CPU and wall time of a process are the least of N runs, after one that warms the caches and compiles
the modules. Packages of the corpus are measured if it is beside the checkout, witkit's own interfaces always.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import BIN, wasm_tools

from witkit._resources import cache_folder

REPOSITORY = Path(__file__).resolve().parent.parent
ORDERS = REPOSITORY / "examples" / "orders"
KNOWN = ["clean-wit"]
"""The folder of the cache with what `witkit check` knows to be clean, which it does not load."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of one process, CPU (user and system) and wall."""

    cpu: float
    wall: float


def cost(
    command: Sequence[object], runs: int, cwd: Path = REPOSITORY, *, code: int = 0, forgotten: Sequence[str] = ()
) -> Cost:
    """The minimum cost of a process. The first run is not counted; every run must end with `code`.

    Before each run, these folders of witkit's cache are removed.
    """
    found = []
    for _ in range(runs + 1):
        for name in forgotten:
            shutil.rmtree(cache_folder() / name, ignore_errors=True)
        found.append(_once(list(map(str, command)), cwd, code))
    found = found[min(runs, 1) :]
    return Cost(min(c.cpu for c in found), min(c.wall for c in found))


def _once(command: list[str], cwd: Path, code: int) -> Cost:
    # Installing witkit compiles its modules, so the settings of this process for bytecode must not count.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != code:
        raise SystemExit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu * 1000, wall * 1000)


def packages(corpus: Path) -> Iterator[tuple[str, Path]]:
    """What is checked: an interface of witkit's own, and larger packages of the corpus if there is one."""
    yield "wit/keyvalue", REPOSITORY / "wit" / "keyvalue"
    for name in ("wasi-cli", "wasi-http"):
        path = corpus / "real" / name / "wit"
        if path.is_dir():
            yield f"corpus {name}", path


def lines_of(package: Path) -> int:
    return sum(len(path.read_bytes().splitlines()) for path in package.rglob("*.wit"))


def row(what: str, cost: Cost, beside: str = "") -> None:
    print(f"{what:<48} {cost.cpu:>8.0f} {cost.wall:>8.0f}  {beside}")


def measure(runs: int, corpus: Path) -> None:
    python, witkit = str(BIN / "python"), str(BIN / "witkit")
    print(f"{'':<48} {'CPU ms':>8} {'wall ms':>8}")
    bare = cost([python, "-c", "pass"], runs)
    row("python -c pass", bare)
    for arguments in (["--version"], ["--help"]):
        this = cost([witkit, *arguments], runs)
        row(f"witkit {' '.join(arguments)}", this, f"{this.cpu - bare.cpu:+.0f} ms over bare Python")
    reference = wasm_tools()
    for name, path in packages(corpus):
        ours = cost([witkit, "check", path, "--preset", "minimal"], runs, forgotten=KNOWN)
        label = f"witkit check {name} ({lines_of(path)} lines), minimal"
        bare_check = cost([witkit, "check", path, "--preset", "none"], runs, forgotten=KNOWN)
        row(
            f"witkit check {name} without rules", bare_check, f"with rules {ours.wall / bare_check.wall:.2f} times that"
        )
        if reference is None:
            row(label, ours)
            continue
        theirs = cost([reference, "component", "wit", path], runs)
        row(label, ours, f"{ours.wall / theirs.wall:.1f} times wasm-tools")
        row(f"wasm-tools component wit {name}", theirs)
    measure_generating(witkit, runs)
    component = built_orders(witkit)
    measure_binaries(witkit, reference, component, runs)
    measure_running(witkit, component, runs)


def measure_generating(witkit: str, runs: int) -> None:
    """Measure generating as a first run, which writes, and as one that finds everything up to date."""
    for side in ("host", "guest"):
        with tempfile.TemporaryDirectory() as folder:
            command = [witkit, "gen", side, ORDERS / "wit", "--world", "orders", "-o", folder]
            row(f"witkit gen {side} examples/orders, nothing new", cost(command, runs))


def built_orders(witkit: str) -> Path:
    component = ORDERS / "orders.wasm"
    if not component.is_file():
        print("building examples/orders first …", file=sys.stderr)
        subprocess.run([witkit, "build", ORDERS], check=True, capture_output=True)
    return component


def measure_binaries(witkit: str, reference: Path | None, component: Path, runs: int) -> None:
    """The WIT of a large component: its code is skipped here, and validated by wasm-tools."""
    label = f"orders.wasm ({component.stat().st_size / 1e6:.0f} MB)"
    row(f"witkit show {label}", cost([witkit, "show", component], runs))
    if reference is not None:
        row(f"wasm-tools component wit {label}", cost([reference, "component", "wit", component], runs))
    with tempfile.TemporaryDirectory() as folder:
        command = [witkit, "gen", "host", component, "-o", folder]
        row(f"witkit gen host {label}, nothing new", cost(command, runs))


def measure_running(witkit: str, component: Path, runs: int) -> None:
    """A warm run of the example: the compiled component comes from the cache."""
    with tempfile.TemporaryDirectory() as folder:
        command = [witkit, "run", "--key-value", "memory", component]
        row("witkit run orders.wasm, warm", cost(command, runs, Path(folder)))


def main() -> None:
    parser = argparse.ArgumentParser(description="What the command line costs.")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--corpus", type=Path, default=REPOSITORY.parent / "shared" / "corpus")
    arguments = parser.parse_args()
    os.environ.pop("FORCE_COLOR", None)
    measure(arguments.runs, arguments.corpus)


if __name__ == "__main__":
    main()
