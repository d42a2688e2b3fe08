"""`witkit backends`: every backend with its settings and limits, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import witkit
from witkit.backends import backend as seam
from witkit.backends.table import CAPABILITIES


def listed(cwd: Path, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(witkit("backends", "--json", *arguments, cwd=cwd).stdout)
    return found


def test_every_capability_and_backend_is_listed(tmp_path: Path) -> None:
    found = {each["capability"]: [backend["name"] for backend in each["backends"]] for each in listed(tmp_path)}
    assert found == {name: capability.names() for name, capability in CAPABILITIES.items()}


def test_a_backend_is_described_with_settings_and_limits(tmp_path: Path) -> None:
    (found,) = listed(tmp_path, "key-value")
    assert found["default"] == "sqlite"
    assert "wasi:keyvalue/store@0.2.0-draft2" in found["interfaces"]
    redis = next(each for each in found["backends"] if each["name"] == "redis")
    assert redis["limits"]["key"] == 1 << 20
    assert redis["extra"] == "redis"
    assert redis["settings"][0] == {
        "name": "url",
        "type": "secret",
        "required": False,
        "default": "redis://127.0.0.1:6379/0",
        "description": "The server, with user, password and number of the database.",
    }


def test_the_list_is_for_people(tmp_path: Path) -> None:
    said = witkit("backends", "key-value", cwd=tmp_path).stdout
    assert said.startswith("key-value\n  import spiderlightning:keyvalue/keyvalue@0.5.1\n")
    assert "  sqlite *: A SQLite file, which several processes may use\n" in said
    assert "    timeout (seconds, 5): How long a call waits for other processes\n" in said
    assert "    memory (number, 268,435,456): The most bytes that all stores may take\n" in said


def test_a_client_library_that_is_missing_comes_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seam, "find_spec", lambda name: None)
    said = witkit("backends", "key-value", cwd=tmp_path).stdout
    assert "  redis: Keys of a Redis server (not installed: pip install 'witkit[redis]')\n" in said
    refused = witkit("run", "--key-value", "redis", "none.py", cwd=tmp_path)
    assert refused.returncode != 0


def test_an_unknown_capability_is_wrong_use(tmp_path: Path) -> None:
    done = witkit("backends", "key-valu", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no capability `key-valu`; did you mean `key-value`?" in done.stderr
