"""Guests written against the package `spin-sdk`: one for each of its triggers, and every capability that it offers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.conftest import PYTEST
from tests.guest.building import built
from witkit.componentize import binary, load_config
from witkit.componentize.target import build_target

GUESTS = Path(__file__).parent / "sdks" / "spin"
WORLDS = {"http": "spin:up/http-trigger@4.1.0", "redis": "spin:up/redis-trigger@4.1.0"}


@pytest.fixture(params=WORLDS)
def guest(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder of a guest that has no settings at all."""
    pytest.importorskip("spin_sdk", reason="needs the package spin-sdk")
    to = tmp_path / str(request.param)
    shutil.copytree(GUESTS / str(request.param), to, ignore=shutil.ignore_patterns("__*"))
    return to


def _complaints(guest: Path, *arguments: str) -> str:
    """What Python says with these arguments if it fails, and nothing if it succeeds."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "MYPYPATH": "bindings"}
    done = subprocess.run([sys.executable, *arguments], cwd=guest, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


def test_the_guest_shows_which_world_it_is_for(guest: Path) -> None:
    target = build_target(load_config(guest))
    assert target.sdk_worlds == {"spin_sdk": [WORLDS[guest.name]]}
    assert [part.package for part in target.borrowed] == ["spin_sdk.wit"]


def test_the_guest_runs_natively(guest: Path) -> None:
    assert _complaints(guest, *PYTEST, "natively.py") == ""


def test_the_types_of_the_guest_are_checked_by_those_of_the_sdk(guest: Path) -> None:
    assert witkit("gen", "guest", "-o", "bindings", cwd=guest).returncode == 0
    assert not (guest / "bindings" / "spin_sdk_wit").exists()
    assert _complaints(guest, "-m", "mypy", "--strict", "--cache-dir", str(guest / ".mypy_cache"), "app.py") == ""


def test_the_guest_is_built_for_its_trigger(guest: Path, tmp_path: Path) -> None:
    component = built(guest, f"spin-{guest.name}", tmp_path)
    assert "spin:key-value/key-value@3.0.0" in binary.imports(component)
    shown = witkit("show", component, cwd=guest)
    exported = {"http": "export wasi:http/handler@0.3.0", "redis": "export spin:redis/inbound-redis@3.0.0"}
    assert exported[guest.name] in shown.stdout
