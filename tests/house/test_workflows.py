"""The files that other services read are valid for their schemas."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.judged import complaints

VALIDATORS = {
    ".github/workflows/ci.yml": ("check_jsonschema", "--builtin-schema", "vendor.github-workflows"),
    "action.yml": ("check_jsonschema", "--builtin-schema", "vendor.github-actions"),
    "ci/gitlab.yml": ("check_jsonschema", "--builtin-schema", "vendor.gitlab-ci"),
    ".pre-commit-config.yaml": ("pre_commit", "validate-config"),
    ".pre-commit-hooks.yaml": ("pre_commit", "validate-manifest"),
}


@pytest.mark.parametrize("file", VALIDATORS)
def test_a_file_is_valid_for_its_schema(file: str, repository: Path) -> None:
    assert complaints("-m", *VALIDATORS[file], file, about=[repository / file]) == ""
