"""The files of docs/scale.md are on the page, and are valid for the tools that read them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.judged import complaints

DOCS = REPOSITORY / "docs"
COMPOSE, KUBERNETES = DOCS / "scale" / "compose.yaml", DOCS / "scale" / "kubernetes.yaml"


def test_compose_reads_its_file() -> None:
    schema = ("-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec")
    assert complaints(*schema, str(COMPOSE.relative_to(REPOSITORY)), about=[COMPOSE]) == ""


def test_kubernetes_reads_its_manifest() -> None:
    manifest = str(KUBERNETES.relative_to(REPOSITORY))
    assert complaints("-m", "kubernetes_validate", "--strict", manifest, about=[KUBERNETES]) == ""


@pytest.mark.parametrize("file", [COMPOSE, KUBERNETES], ids=lambda file: file.name)
def test_the_page_shows_the_file(file: Path) -> None:
    shown = re.findall(r"```yaml\n(.*?)```", (DOCS / "scale.md").read_text(encoding="utf-8"), re.S)
    assert file.read_text(encoding="utf-8") in shown
