"""What rules cost: all of them together at most as much as loading, and time in proportion to the package."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from witkit.checks import Settings, check
from witkit.checks.settings import Choice
from witkit.checks.table import NAMES
from witkit.ir import load

EVERYTHING = Settings(preset="strict", choices=(Choice(select=NAMES),))


def seconds(action: Callable[[], object]) -> float:
    """The shortest of several runs: other processes make some of them longer."""
    times = []
    for _ in range(5):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return min(times)


def test_all_rules_cost_at_most_as_much_as_loading(corpus: Path) -> None:
    package = corpus / "releases" / "wasi-http-0.2.8"
    check(load(package), EVERYTHING)
    loaded = load(package)
    assert seconds(lambda: check(loaded, EVERYTHING)) < seconds(lambda: load(package))


SHAPES = {
    "records": "  record r{n} {{ a: u8 }}\n  // Of {n}.\n  f{n}x: func(a: r{n}) -> r{n};\n",
    "blocks": "  /**\n   * Of {n}.\n   */\n  f{n}x: func();\n",
    "gates": "  @unstable(feature = x)\n  /// Of {n}.\n  f{n}x: func(); /// Of the next.\n",
    "references": "  /// See `no-{n}a` or [a][b{n}] and `` c ```.\n  f{n}x: func();\n",
    "getters": "  get-f{n}x: func() -> u8;\n  set-f{n}x: func(v: u8);\n",
}
"""What is repeated, with other names each time."""


@pytest.mark.parametrize("shape", SHAPES)
def test_rules_take_time_in_proportion_to_the_package(shape: str, tmp_path: Path) -> None:
    def cost(number: int) -> float:
        body = "".join(SHAPES[shape].format(n=n) for n in range(number))
        (tmp_path / "shop.wit").write_text(f"package test:shop;\n\ninterface i {{\n{body}}}\n", encoding="utf-8")
        loaded = load(tmp_path)
        assert loaded.is_clean
        return seconds(lambda: check(loaded, EVERYTHING))

    cost(10)
    assert cost(1200) < 10 * max(cost(300), 0.005)
