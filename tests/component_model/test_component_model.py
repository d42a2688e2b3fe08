"""The component model's own tests of linking, resources and values."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.component_model.wast import FOLDER, Wast, files
from witkit import Engine

DIFFERENCES: dict[str, dict[int, str]] = {}
"""Commands that have another outcome here, by file and line, with the reason."""


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine(cache=False)


@pytest.mark.skipif(FOLDER is None, reason="the component model's own tests are not beside or above the checkout")
@pytest.mark.parametrize("name", files("linking", "resources", "values"))
def test_a_file_has_the_outcomes_that_it_says(name: str, engine: Engine, tmp_path: Path) -> None:
    file = Wast(name, tmp_path, engine)
    file.run()
    file.close()
    assert file.ran
    differences = DIFFERENCES.get(name, {})
    assert {line: text for line, text in file.failures.items() if line not in differences} == {}
    assert differences.keys() <= file.failures.keys(), "these differences are gone"
