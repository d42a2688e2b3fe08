"""How much work rules are: less than loading, and in proportion to the package. benchmarks/authors.py has the times."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from tests.work import calls
from witkit.checks import Settings, check
from witkit.checks.settings import RuleChoice
from witkit.checks.table import NAMES
from witkit.ir import load

EVERYTHING = Settings(preset="strict", choices=(RuleChoice(select=NAMES),))


def test_sixty_rules_are_less_work_than_loading_without_parsing(repository: Path) -> None:
    package = repository / "wit" / "wasi"
    loaded = load(package)
    assert calls(lambda: check(loaded, Settings(preset="wasi"))) < calls(lambda: load(package))


SHAPES = {
    "records": "  record r{n} {{ a: u8 }}\n  // Of {n}.\n  f{n}x: func(a: r{n}) -> r{n};\n",
    "blocks": "  /**\n   * Of {n}.\n   */\n  f{n}x: func();\n",
    "gates": "  @unstable(feature = x)\n  /// Of {n}.\n  f{n}x: func(); /// Of the next.\n",
    "references": "  /// See `no-{n}a` or [a][b{n}] and `` c ```.\n  f{n}x: func();\n",
    "getters": "  get-f{n}x: func() -> u8;\n  set-f{n}x: func(v: u8);\n",
}
"""What is repeated, with other names each time."""


@pytest.mark.parametrize("shape", SHAPES)
def test_rules_are_work_in_proportion_to_the_package(shape: str, tmp_path: Path) -> None:
    def work(number: int) -> int:
        body = "".join(SHAPES[shape].format(n=n) for n in range(number))
        (tmp_path / "shop.wit").write_text(f"package test:shop;\n\ninterface i {{\n{body}}}\n", encoding="utf-8")
        loaded = load(tmp_path)
        assert loaded.is_clean
        return calls(lambda: check(loaded, EVERYTHING))

    assert work(800) < 2.3 * work(400)


LINES = (("//", ""), ("//", "x"), ("// x", "x"), ("///", ""), ("/// x", "x"))
"""What is before and after what repeats in a line."""


@pytest.mark.parametrize("repeated", [" ", "\t", "/", "* /", "/ ", "a;", "-", "`a", "[a]"])
def test_a_long_line_of_a_comment_is_no_more_work_than_its_length(repeated: str, tmp_path: Path) -> None:
    line = repeated * (40_000 // len(repeated))
    body = "".join(f"  {mark} {line}{end}\n  f{n}: func();\n" for n, (mark, end) in enumerate(LINES))
    (tmp_path / "shop.wit").write_text(f"package test:shop;\n\ninterface i {{\n{body}}}\n", encoding="utf-8")
    started = process_time()
    check(load(tmp_path), EVERYTHING)
    assert process_time() - started < 5, "about 0.2 s, and minutes if each character begins to read the rest again"


def test_deep_comments_are_no_more_work_than_their_length(tmp_path: Path) -> None:
    (tmp_path / "shop.wit").write_text("package test:shop;\n" + "/* " * 20_000 + " */" * 20_000, encoding="utf-8")
    started = process_time()
    check(load(tmp_path), EVERYTHING)
    assert process_time() - started < 5
