"""`witkit show`: what was understood, and where the errors go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.command_line import BROKEN, package, witkit


@pytest.mark.parametrize("format", ["tree", "wit"])
def test_a_package_is_shown(format: str, tmp_path: Path, text_snapshot: SnapshotAssertion) -> None:
    package(tmp_path / "wit")
    done = witkit("show", "wit", "--format", format, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == text_snapshot


def test_json_has_the_shape_of_the_references_resolve(tmp_path: Path) -> None:
    package(tmp_path / "wit")
    shown = json.loads(witkit("show", "wit", "--format", "json", cwd=tmp_path).stdout)
    assert list(shown) == ["worlds", "interfaces", "types", "packages"]
    assert shown["packages"] == [{"name": "test:shop@0.1.0", "interfaces": {"prices": 0}, "worlds": {"shop": 0}}]


@pytest.mark.parametrize("format", ["tree", "wit", "json"])
def test_errors_go_to_standard_error_and_nothing_is_shown(format: str, tmp_path: Path) -> None:
    package(tmp_path / "wit", BROKEN)
    done = witkit("show", "wit", "--format", format, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error[WIT")


def test_canonical_wit_is_a_clean_package_again(tmp_path: Path) -> None:
    package(tmp_path / "wit")
    once = witkit("show", "wit", "--format", "wit", cwd=tmp_path).stdout
    package(tmp_path / "again", once)
    assert witkit("show", "again", "--format", "wit", cwd=tmp_path).stdout == once
