"""What tests of guests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.guest.shops import shop_project

if TYPE_CHECKING:
    from tests.guest.test_fuzzed_values import Fuzz


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The guest of `shops`. A module whose tests need another one has a fixture of this name itself."""
    return shop_project(tmp_path)


@pytest.fixture(scope="module")
def fuzz(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzz]:
    """Random types and values, in a component and natively."""
    from tests.guest.test_fuzzed_values import Fuzz

    made = Fuzz(tmp_path_factory.mktemp("fuzz"))
    yield made
    for side in made.sides:
        side.close()
