"""Packages with names swapped and words lost are judged as wasm-tools judges them, and nothing crashes."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from tests.ir.conftest import ACCEPTED, reference
from tests.resolved import json_of
from tests.sampled import sampled
from witkit.ir import ALL, load

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


@pytest.mark.parametrize("seed", sampled(range(80)))
def test_a_changed_package_is_judged_as_by_wasm_tools(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "p.wit"
    path.write_text(changed(seed), encoding="utf-8")
    judged = reference("component", "wit", path, "--json", "--all-features")
    loaded = load(path, features=ALL)
    if judged.returncode == 0:
        assert json.dumps(json_of(loaded)) == json.dumps(json.loads(judged.stdout))
    elif "panicked" not in judged.stderr:
        assert loaded.resolve is None
        place = LOCATION.search(judged.stderr)
        lines = {d.primary.source.position(d.primary.start)[0] for d in loaded.diagnostics if d.primary and d.is_error}
        assert place is None or int(place[1]) in lines


FRAGMENTS = [
    "list<" * 100,
    ">" * 60,
    "1" * 4301,
    '@external-id("\\c3\\a9")',
    '@external-id("\\ff")',
    '@external-id("x") @external-id("y")',
    "@since(version = 99999999999999999999999.0.0)",
    "@1.0.0-" + "1" * 5000,
    "package a:b@0.1;",
    "package x:y {",
    "import acme:m@1.0.0;",
    "include acme:m;",
    "list<u8, " + "9" * 30 + ">",
    "k-8: u8, k8: u8,",
    ";" * 400,
    "// x\n" * 50,
]


@pytest.mark.parametrize("seed", sampled(range(60)))
def test_a_package_with_something_odd_inside_is_judged_as_by_wasm_tools(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    text = chance.choice(TEXTS)
    for _ in range(chance.randint(1, 2)):
        at = chance.choice([word.start() for word in WORD.finditer(text)])
        text = f"{text[:at]} {chance.choice(FRAGMENTS)} {text[at:]}"
    path = tmp_path / "p.wit"
    path.write_text(text, encoding="utf-8")
    judged = reference("component", "wit", path, "--json", "--all-features")
    loaded = load(path, features=ALL)
    if "panicked" not in judged.stderr:
        assert loaded.is_clean is (judged.returncode == 0)
    if loaded.resolve is not None:
        assert json.dumps(json_of(loaded)) == json.dumps(json.loads(judged.stdout))


@pytest.mark.parametrize("seed", sampled(range(200)))
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
