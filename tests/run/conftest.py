"""Guests to run, and a command line to run them with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.run.guests import assemble


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str


Witkit: TypeAlias = Callable[..., Outcome]
Guest: TypeAlias = Callable[[str], Path]


@pytest.fixture(scope="session")
def assembled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the guests, one for the session."""
    return tmp_path_factory.mktemp("guests")


@pytest.fixture
def guest(assembled: Path) -> Guest:
    """The component of a name, as a file."""
    return lambda name: assemble(name, assembled)


@pytest.fixture
def witkit(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Witkit:
    """Runs a command line in this process, in the test's own folder. Output is caught from the descriptors,
    because a guest writes to those."""
    from witkit.cli.group import run

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WITKIT_CACHE_DIR", str(tmp_path / "cache"))

    def call(*arguments: str | Path) -> Outcome:
        code = run([str(argument) for argument in arguments])
        caught = capfd.readouterr()
        return Outcome(code, caught.out, caught.err)

    return call
