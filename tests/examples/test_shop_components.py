"""The shop as two components."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.examples.test_shop import PACKED, SHOP, demo, shop
from tests.guest.building import built

__all__ = ["shop"]


@pytest.mark.thorough
def test_two_components_are_the_same_shop(shop: Path, tmp_path: Path) -> None:
    for name in ("front", "worker"):
        shutil.copyfile(built(SHOP / name, f"shop-{name}", tmp_path), shop / f"{name}.wasm")
    done = demo(shop, FRONT="front.wasm", WORKER="worker.wasm")
    assert done.returncode == 0, done.stdout + done.stderr
    assert PACKED in done.stdout
    assert "effect for a guest under Python" not in done.stdout
