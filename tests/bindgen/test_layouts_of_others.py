"""Whatever a formatter does to generated files, they stay up to date; a changed word does not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import witkit

ORDERS = Path(__file__).resolve().parents[2] / "examples" / "orders" / "wit"
NAMES = Path(__file__).parent / "names"

FORMATTERS = {
    "black": ["black", "--quiet"],
    "black, long lines, any quotes": ["black", "--quiet", "--line-length=120", "--skip-string-normalization"],
    "black, without its magic commas": ["black", "--quiet", "--skip-magic-trailing-comma"],
    "black, as it will be": ["black", "--quiet", "--preview", "--unstable"],
    "ruff": ["ruff", "format", "--quiet", "--isolated"],
    "ruff, long lines, single quotes": [
        *("ruff", "format", "--quiet", "--isolated", "--line-length=120"),
        *("--config", "format.quote-style='single'", "--config", "format.docstring-code-format=true"),
    ],
}


@pytest.mark.parametrize("formatter", FORMATTERS.values(), ids=FORMATTERS)
@pytest.mark.parametrize("target", ["host", "guest"])
def test_a_formatter_may_lay_generated_files_out(target: str, formatter: list[str], tmp_path: Path) -> None:
    shutil.copytree(ORDERS, tmp_path / "wit")
    witkit("gen", target, "wit", "-o", "src", cwd=tmp_path)
    before = {path: path.read_text() for path in (tmp_path / "src").rglob("*.py")}
    subprocess.run([sys.executable, "-m", *formatter, "src"], cwd=tmp_path, check=True)
    # What is longer than 88 characters in one line is laid out in another way if lines may be longer.
    is_other = "--line-length=120" in formatter
    assert (before != {path: path.read_text() for path in before}) or not is_other
    done = witkit("gen", target, "wit", "-o", "src", "--check", cwd=tmp_path)
    assert (done.returncode, done.stdout.endswith(" up to date\n")) == (0, True), done.stdout


def test_a_changed_word_is_found_after_formatting(tmp_path: Path) -> None:
    shutil.copytree(NAMES, tmp_path / "wit")
    witkit("gen", "host", "wit", "-o", "src", cwd=tmp_path)
    subprocess.run([sys.executable, "-m", "black", "--quiet", "-l", "120", "src"], cwd=tmp_path, check=True)
    file = next(path for path in (tmp_path / "src").rglob("*.py") if "slots=True" in path.read_text())
    file.write_text(file.read_text().replace("slots=True", "slots=False", 1))
    done = witkit("gen", "host", "wit", "-o", "src", "--check", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == f"{file.relative_to(tmp_path)}: would be changed"
