"""The files of docs/scale.md are on the page, and are valid for the tools that read them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

DOCS = REPOSITORY / "docs"
COMPOSE, KUBERNETES = DOCS / "scale" / "compose.yaml", DOCS / "scale" / "kubernetes.yaml"


def checked(*command: str | Path) -> None:
    done = subprocess.run([sys.executable, "-m", *map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_reads_its_file() -> None:
    checked("check_jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE)


def test_kubernetes_reads_its_manifest() -> None:
    checked("kubernetes_validate", "--strict", KUBERNETES)


@pytest.mark.parametrize("file", [COMPOSE, KUBERNETES], ids=lambda file: file.name)
def test_the_page_shows_the_file(file: Path) -> None:
    shown = re.findall(r"```yaml\n(.*?)```", (DOCS / "scale.md").read_text(encoding="utf-8"), re.S)
    assert file.read_text(encoding="utf-8") in shown
