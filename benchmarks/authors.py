"""Measure what interface authors run before every commit: check, fmt, diff and the hooks of pre-commit.

    python benchmarks/authors.py [--runs N] [--corpus ../shared/corpus]

Whole processes first, with ratios of one run, then CPU time of rules and formatting in one process, with growing
packages. The package is wasi:http with its dependencies if the corpus is beside the checkout, or else one of witkit's
own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from cli import KNOWN, cost, lines_of, packages, row
from front_end import package
from tools import BIN, wasm_tools

from witkit.checks import Settings, check
from witkit.ir import load
from witkit.syntax.formatter.formatting import format_text
from witkit.syntax.formatter.options import FormatOptions
from witkit.text import Source

WITKIT = BIN / "witkit"
ALL_RULES = Settings(preset="strict")
HOOKS = f"""repos:
- repo: local
  hooks:
  - {{id: check, name: check, entry: {WITKIT} check, language: system, files: '\\.wit$', require_serial: true}}
  - {{id: fmt, name: fmt, entry: {WITKIT} fmt, language: system, files: '\\.wit$', exclude: '(^|/)deps/'}}
"""


def processes(path: Path, runs: int) -> None:
    """Each command on an unchanged package, beside loading alone and the program wasm-tools."""
    print(f"{path} ({lines_of(path)} lines)")
    print(f"{'':<48} {'CPU ms':>8} {'wall ms':>8}")
    loading = cost([WITKIT, "check", path, "--preset", "none"], runs, forgotten=KNOWN)
    row("witkit check --preset none (loading only)", loading)
    for preset in ("standard", "wasi", "strict"):
        # A package may have findings; they are not what is measured.
        this = cost(["sh", "-c", f"{WITKIT} check {path} --preset {preset}; true"], runs, forgotten=KNOWN)
        row(f"witkit check --preset {preset}", this, f"{this.cpu / loading.cpu:.2f} times loading")
    row("witkit check --preset none, known to be clean", cost([WITKIT, "check", path, "--preset", "none"], runs))
    with copy_of(path) as folder:
        row("witkit fmt --check, unchanged", cost([WITKIT, "fmt", "--check", folder], runs))
        row("witkit diff, the same twice", cost([WITKIT, "diff", folder, folder], runs))
    tool = wasm_tools()
    if tool is not None:
        row("wasm-tools component wit", cost([tool, "component", "wit", path], runs))
    with copy_of(path) as folder:
        hooks(folder, runs)


@contextmanager
def copy_of(path: Path) -> Iterator[Path]:
    """A formatted copy of a package, in a folder of its own."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "wit"
        # The corpus is read-only, and so would the copies be, which witkit refuses to format.
        shutil.copytree(path, folder, copy_function=shutil.copyfile)
        for each in (folder, *folder.rglob("*")):
            each.chmod(0o755 if each.is_dir() else 0o644)
        subprocess.run([WITKIT, "fmt", folder], check=True, capture_output=True)
        yield folder


def hooks(folder: Path, runs: int) -> None:
    """pre-commit with hooks in a repository in which nothing has changed, and what it costs without hooks."""
    repository = folder.parent
    *without_fmt, _ = HOOKS.splitlines(keepends=True)
    configs = {"no hooks": "repos: []\n", "check": "".join(without_fmt), "check and fmt": HOOKS}
    subprocess.run(["git", "init", "--quiet"], cwd=repository, check=True)
    (repository / "witkit.toml").write_text('[check]\npreset = "minimal"\n', encoding="utf-8")
    for what, config in configs.items():
        (repository / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
        subprocess.run(["git", "add", "--all"], cwd=repository, check=True)
        command = [BIN / "python", "-m", "pre_commit", "run", "--all-files"]
        row(f"pre-commit run --all-files, {what}", cost(command, runs, repository))


def least(runs: int, work: Callable[[], object]) -> float:
    """CPU milliseconds of the fastest run."""
    found = []
    for _ in range(runs):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return min(found) * 1000


def growth(real: Path, lines: int, runs: int) -> None:
    """Rules and formatting in one process: for a real package, and for made-up ones of N and twice as many lines."""
    print(f"{'in one process':<32} {'load ms':>8} {'standard':>9} {'all rules':>9} {'check new':>9} {'fmt new':>8}")
    in_process("real", real, runs)
    with tempfile.TemporaryDirectory() as folder:
        costs = []
        for size in (lines, 2 * lines):
            path = Path(folder) / f"{size}.wit"
            path.write_text(package(size), encoding="utf-8")
            costs.append(in_process("made up", path, runs))
    names = ("loading", "standard", "all rules", "check of a new text", "fmt of a new text")
    for name, small, large in zip(names, *costs, strict=True):
        print(f"twice the lines cost {large / small:.2f} times {name}")


def in_process(what: str, path: Path, runs: int) -> tuple[float, ...]:
    """CPU milliseconds of loading (of parsed text that was kept) and of two presets. For texts that nobody has read
    before, milliseconds of `check`, loading included, and of formatting the package's files."""
    loaded = load(path)
    options = FormatOptions()
    sources = [tree.source for tree in loaded.trees]
    numbers = count()

    def check_new() -> None:
        number = next(numbers)
        texts = {source.name: f"{source.text}// {time.time_ns()}, {number}\n" for source in sources}
        check(load(path, texts=texts))

    figures = (
        least(runs, lambda: load(path)),
        least(runs, lambda: check(loaded)),
        least(runs, lambda: check(loaded, ALL_RULES)),
        least(runs, check_new),
        least(runs, lambda: [format_text(source, options) for source in sources]),
    )
    lines = sum(source.text.count("\n") for source in sources)
    load_ms, standard, every, new, fmt = figures
    print(f"{what:>14} {lines:>11,} lines {load_ms:8.0f} {standard:9.0f} {every:9.0f} {new:9.0f} {fmt:8.0f}")
    return figures


def comments(runs: int) -> None:
    """A run of 50,000 comments, which belongs to one item."""
    text = "package bench:comments;\n" + "// a line\n" * 50_000 + "interface i {}\n"
    source = Source("comments.wit", text)
    work: dict[str, Callable[[], object]] = {"fmt": lambda: format_text(source, FormatOptions())}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "comments.wit"
        path.write_text(text, encoding="utf-8")
        work["check"] = lambda: check(load(path))
        for what, run in work.items():
            print(f"50,000 lines of comments: {what} {least(runs, run):.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description="What the commands for interface authors cost.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--lines", type=int, default=5_000)
    parser.add_argument("--corpus", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "corpus")
    arguments = parser.parse_args()
    os.environ.pop("FORCE_COLOR", None)
    *_, (_, path) = packages(arguments.corpus)
    processes(path, arguments.runs)
    growth(path, arguments.lines, arguments.runs)
    comments(arguments.runs)


if __name__ == "__main__":
    main()
