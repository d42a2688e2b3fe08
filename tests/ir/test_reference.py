"""witkit understands packages as wasm-tools does, id for id."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from tests.ir.conftest import ACCEPTED, CORPUS, CORPUS_CASES, REJECTED, Accepted, features_of, reference
from tests.resolved import json_of
from tests.sampled import sampled
from witkit.ir import Features, Loaded, load
from witkit.ir.show.outline import to_tree
from witkit.ir.show.wit import to_wit
from witkit.text import WitkitError

ACCEPTED_CORPUS = [c for c in CORPUS_CASES if c["expect"] == "accept"]
REJECTED_CORPUS = [c for c in CORPUS_CASES if c["expect"] != "accept"]
LOCATION = re.compile(r"([\w.-]+):(\d+):\d+\s*$", re.MULTILINE)
SMITH_SEEDS = sampled(range(12))


def as_text(document: object) -> str:
    """JSON text in which the order of keys counts."""
    return json.dumps(document, indent=1)


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda c: c.path.name)
def test_a_package_resolves_to_the_answer_of_wasm_tools(case: Accepted) -> None:
    loaded = load(case.path, features=case.features)
    assert as_text(json_of(loaded)) == as_text(json.loads(case.answer))


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda c: c.path.name)
def test_wasm_tools_still_gives_that_answer(case: Accepted) -> None:
    assert reference("component", "wit", case.path, "--json", *case.flags).stdout == case.answer


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda c: c.path.name)
def test_canonical_text_of_a_package_resolves_to_the_same(case: Accepted, tmp_path: Path) -> None:
    loaded = load(case.path, features=case.features)
    assert_round_trip(loaded, case.features, tmp_path)


def test_canonical_text_has_stand_ins_only_for_what_leaves_types_behind() -> None:
    case = next(c for c in ACCEPTED if c.path.name == "feature-gates")
    loaded = load(case.path, features=case.features)
    assert loaded.resolve is not None
    text = to_wit(loaded.resolve, loaded.written)
    assert "risky" not in text
    assert "@unstable(feature = alpha)\n  left-out-1: func(a0: list<u64>);" in text


@pytest.mark.parametrize("path", REJECTED, ids=lambda p: p.stem)
def test_a_rejected_package_has_an_error_where_wasm_tools_has_it(path: Path) -> None:
    refused = reference("component", "wit", path, "--json")
    assert refused.returncode == 1
    found = LOCATION.search(refused.stderr)
    places = [(file, str(line)) for file, line in error_places(path)]
    assert places if found is None else (found[1], found[2]) in places


@pytest.mark.parametrize("seed", SMITH_SEEDS)
def test_a_random_package_resolves_as_in_wasm_tools(seed: int, tmp_path: Path) -> None:
    (tmp_path / "seed").write_bytes(random.Random(seed).randbytes(3000))
    assert reference("wit-smith", tmp_path / "seed", "-o", tmp_path / "p.wasm").returncode == 0
    assert reference("component", "wit", tmp_path / "p.wasm", "-o", tmp_path / "p.wit").returncode == 0
    loaded = load(tmp_path / "p.wit")
    answer = reference("component", "wit", tmp_path / "p.wit", "--json").stdout
    assert as_text(json_of(loaded)) == as_text(json.loads(answer))


@pytest.mark.skipif(not CORPUS_CASES, reason="needs the corpus at ../shared/corpus")
def test_the_corpus_resolves_to_the_answers_of_wasm_tools(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(CORPUS)
    wrong = [case["id"] for case in sampled(ACCEPTED_CORPUS) if not agrees(case, tmp_path)]
    assert wrong == []


@pytest.mark.skipif(not CORPUS_CASES, reason="needs the corpus at ../shared/corpus")
def test_the_corpus_makes_the_round_trip_without_features_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(CORPUS)
    for case in sampled(ACCEPTED_CORPUS):
        loaded = load(case["path"])
        if loaded.is_clean:
            assert_round_trip(loaded, Features(), tmp_path)


@pytest.mark.skipif(not CORPUS_CASES, reason="needs the corpus at ../shared/corpus")
def test_the_corpus_is_rejected_where_wasm_tools_rejects_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CORPUS)
    accepted = []
    for case in sampled(REJECTED_CORPUS):
        places = error_places(Path(case["path"]), case["features"])
        wanted = (Path(case["file"]).name, case["line"]) if "line" in case else None
        if not places or (wanted is not None and wanted not in places):
            accepted.append(case["id"])
    assert accepted == []


def agrees(case: dict[str, str], folder: Path) -> bool:
    features = features_of(case["features"])
    loaded = load(case["path"], features=features)
    if loaded.resolve is None:
        return False
    assert to_tree(loaded.resolve).startswith("package ")
    assert_round_trip(loaded, features, folder)
    return as_text(json_of(loaded)) == as_text(json.loads(Path(case["golden"]).read_text(encoding="utf-8")))


def assert_round_trip(loaded: Loaded, features: Features, folder: Path) -> None:
    assert loaded.resolve is not None, WitkitError(loaded.diagnostics)
    printed = folder / "printed.wit"
    printed.write_bytes(to_wit(loaded.resolve, loaded.written).encode())
    assert as_text(json_of(load(printed, features=features))) == as_text(json_of(loaded))


def error_places(path: Path, features: str = "") -> list[tuple[str, int]]:
    """File name and line of every error; an error without a place counts as one at line 0."""
    try:
        diagnostics = load(path, features=features_of(features)).diagnostics
    except WitkitError as unreadable:
        diagnostics = unreadable.diagnostics
    return [
        (Path(d.where).name, d.primary.source.position(d.primary.start)[0] if d.primary else 0)
        for d in diagnostics
        if d.is_error
    ]
