"""The SpiderLightning files of 2022 and 2024, and today's proposals that still say `float64`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.tools import wasm_tools
from witkit.checks.chosen import Wanted
from witkit.cli.checking import checked, findings
from witkit.upgrade import Upgraded, upgrade

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not there")

FOLDERS = [
    "legacy/spiderlightning-2022-08-26",
    "legacy/spiderlightning-2024-01-04",
    "real/wasi-sql/wit",
    "real/wasi-observe/wit",
    "real/wasi-cloud-core/wit",
]


def upgraded_into(out: Path, folder: str) -> Upgraded:
    package = "spider:lightning@0.1.0" if folder.startswith("legacy") else None
    upgraded = upgrade(CORPUS / folder, package=package)
    for file in upgraded.files:
        (out / file.path).parent.mkdir(parents=True, exist_ok=True)
        (out / file.path).write_text(file.text)
    return upgraded


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_written_is_clean(tmp_path: Path, folder: str) -> None:
    upgraded = upgraded_into(tmp_path, folder)
    assert [d for d in upgraded.diagnostics if d.is_error] == []
    assert [d.message for d in findings([checked(tmp_path, Wanted("none"))]) if d.is_error] == []


def test_check_has_nothing_at_all_to_say_of_spiderlightning(tmp_path: Path) -> None:
    for folder in FOLDERS[:2]:
        upgraded_into(tmp_path / Path(folder).name, folder)
    done = witkit("check", "--preset", "minimal", *[Path(folder).name for folder in FOLDERS[:2]], cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "nothing to report in 2 packages\n")


@pytest.mark.parametrize("folder", FOLDERS)
def test_wasm_tools_accepts_what_is_written(tmp_path: Path, folder: str) -> None:
    upgraded_into(tmp_path, folder)
    done = wasm_tools.run("component", "wit", tmp_path)
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize("folder", FOLDERS[:2])
def test_every_word_of_every_comment_is_kept(tmp_path: Path, folder: str) -> None:
    upgraded = upgraded_into(tmp_path, folder)
    for path in sorted((CORPUS / folder).glob("*.wit")):
        new = next(f.text for f in upgraded.files if f.path.name == path.name)
        kept = "\n".join(re.findall(r"//.*|/\*(?s:.*?)\*/", new))
        for comment in re.findall(r"//+(.*)|/\*(.*?)\*/", path.read_text()):
            for word in " ".join(comment).split():
                assert word in kept


def test_all_24_files_of_2022_are_upgraded(tmp_path: Path) -> None:
    numbers = [len(upgraded_into(tmp_path / str(i), folder).files) for i, folder in enumerate(FOLDERS[:2])]
    assert numbers == [13, 13]
