"""The guest that all these tests ask."""

from __future__ import annotations

import pytest

from tests.wasi.asking import Asked, loaded


@pytest.fixture(scope="session")
def asked() -> Asked:
    return loaded()
