"""Packages with names swapped and words lost are judged as the reference judges them, and nothing falls over."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from tests.ir.conftest import ACCEPTED, reference
from witkit.ir import ALL, load
from witkit.ir.show.resolve_json import to_json

WORD = re.compile(r"[A-Za-z%][A-Za-z0-9-]*")
LOCATION = re.compile(r":(\d+):\d+\s*$", re.MULTILINE)
BYTES = [b"", b"\0", b"{", b"/*", b"\xe2\x80\xae", b"\r", b"<", b"%"]
TEXTS = [path.read_text(encoding="utf-8") for case in ACCEPTED for path in sorted(case.path.glob("*.wit"))]


def changed(seed: int) -> str:
    """One of our packages in which up to three words are replaced by other words of it, or are gone."""
    chance = random.Random(seed)
    text = chance.choice(TEXTS)
    for _ in range(chance.randint(1, 3)):
        words = list(WORD.finditer(text))
        old = chance.choice(words)
        new = "" if chance.random() < 0.15 else chance.choice(words).group()
        text = text[: old.start()] + new + text[old.end() :]
    return text


@pytest.mark.parametrize("seed", range(80))
def test_a_changed_package_is_judged_as_by_the_reference(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "p.wit"
    path.write_text(changed(seed), encoding="utf-8")
    judged = reference("component", "wit", path, "--json", "--all-features")
    loaded = load(path, features=ALL)
    if judged.returncode == 0:
        assert loaded.resolve is not None
        assert json.dumps(to_json(loaded.resolve)) == json.dumps(json.loads(judged.stdout))
    elif "panicked" not in judged.stderr:
        assert loaded.resolve is None
        place = LOCATION.search(judged.stderr)
        lines = {d.primary.source.position(d.primary.start)[0] for d in loaded.diagnostics if d.primary and d.is_error}
        assert place is None or int(place[1]) in lines


@pytest.mark.parametrize("seed", range(200))
def test_bytes_that_changed_make_findings_and_nothing_else(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    data = bytearray(chance.choice(TEXTS).encode())
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data))
        data[at : at + chance.randint(0, 4)] = chance.choice(
            [b"", b"\0", b"{", b"/*", b"\xe2\x80\xae", b"\r", b"<", b"%"]
        )
    (tmp_path / "p.wit").write_bytes(data)
    loaded = load(tmp_path)
    assert loaded.resolve is not None or any(d.is_error for d in loaded.diagnostics)
