"""witkit reads binaries as wasm-tools does, id for id."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.bindgen.worlds import CorpusWorld, accepted, dummy, own
from tests.conftest import CORPUS
from tests.differential.compare import made
from tests.ir.conftest import ACCEPTED, CORPUS_CASES, Accepted, features_of, reference
from tests.resolved import json_of
from tests.runtime.python_guests import built
from tests.sampled import portion, sampled
from tests.wasm.encoding import RICH, answer, component, encoded, module, text
from witkit.ir import Features, load
from witkit.ir.model import Resolve
from witkit.ir.show.wit import to_wit

ALL = Features(all=True)
Make = Callable[[Path, str, Path], Path]
# Their dependencies are found by `deps.toml`, which wasm-tools does not know.
CASES = [c for c in CORPUS_CASES if c["expect"] == "accept" and c["group"] != "deps"]


def decoded(binary: Path) -> Resolve:
    loaded = load(binary)
    assert loaded.resolve is not None, loaded.diagnostics
    return loaded.resolve


def agrees(binary: Path) -> bool:
    return json.dumps(json_of(load(binary))) == json.dumps(answer(binary))


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda c: c.path.name)
def test_an_encoded_package(case: Accepted, tmp_path: Path) -> None:
    assert agrees(encoded(case.path, tmp_path / "p.wasm", *case.flags))


def encoded_world(path: Path, world: str, to: Path) -> Path:
    return encoded(path, to, "--all-features")


def canonical(path: Path, world: str, to: Path) -> Path:
    return encoded(path, to, "--all-features", "--emit-canonical-names")


def dummy_module(path: Path, world: str, to: Path) -> Path:
    return module(path, world, to, "--all-features")


def dummy_component(path: Path, world: str, to: Path) -> Path:
    return component(path, world, to, "--all-features")


@pytest.mark.parametrize("make", [encoded_world, canonical, dummy_module, dummy_component])
def test_something_of_everything(make: Make, tmp_path: Path) -> None:
    assert agrees(make(text(tmp_path, RICH), "market", tmp_path / "p.wasm"))


def test_documentation_and_stability_come_through(tmp_path: Path) -> None:
    resolve = decoded(encoded(text(tmp_path, RICH), tmp_path / "p.wasm", "--all-features"))
    printed = to_wit(resolve)
    for line in ("/// What is bought and sold.", "/// Its name.", "/// May read.", "/// The second shop."):
        assert line in printed
    assert "@unstable(feature = slow)\n    wait: async func() -> stream<u8>;" in printed


def test_packages_of_the_corpus_encoded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, corpus: Path) -> None:
    monkeypatch.chdir(corpus)
    wrong = []
    for case in sampled(CASES[::3]):
        flags = ["--all-features"] if features_of(case["features"]).all else ["--features", case["features"]]
        if not agrees(encoded(Path(case["path"]), tmp_path / "p.wasm", *flags)):
            wrong.append(case["id"])
    assert wrong == []


def test_components_and_modules_of_our_packages(tmp_path: Path) -> None:
    worlds = own()
    assert len(worlds) > 20
    assert disagreeing(sampled(worlds), tmp_path) == []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the corpus at ../shared/corpus")
def test_components_and_modules_of_the_corpus(tmp_path: Path) -> None:
    """A part of them: all take minutes."""
    worlds = [*accepted(CORPUS, "codegen")[::2], *accepted(CORPUS, "real")[::24]]
    assert len(worlds) > portion(40)
    assert disagreeing(worlds, tmp_path) == []


def disagreeing(worlds: Iterable[CorpusWorld], tmp_path: Path) -> list[str]:
    wrong = []
    for world in worlds:
        made = dummy(world.path, world.world.qualified_name, tmp_path, *world.features)
        if made.returncode == 0 and not (agrees(tmp_path / "dummy.wasm") and agrees(tmp_path / "core.wasm")):
            wrong.append(str(world))
    return wrong


def test_a_component_that_componentize_py_built() -> None:
    assert agrees(built("shop"))


@pytest.mark.parametrize("make", [encoded_world, dummy_component, dummy_module])
def test_printed_text_says_what_wasm_tools_prints(make: Make, tmp_path: Path) -> None:
    binary = make(text(tmp_path, RICH), "market", tmp_path / "p.wasm")
    theirs = reference("component", "wit", binary).stdout
    ours = to_wit(decoded(binary))
    assert lines(text(tmp_path, theirs, "theirs.wit")) == lines(text(tmp_path, ours, "ours.wit"))


def lines(path: Path) -> list[str]:
    """The lines of a package's text, whatever their order."""
    loaded = load(path, features=ALL)
    assert loaded.resolve is not None, loaded.diagnostics
    return sorted(line.strip() for line in to_wit(loaded.resolve, loaded.written).splitlines() if line)


@pytest.mark.parametrize("seed", sampled(range(24)))
def test_a_random_package_encoded(seed: int, tmp_path: Path) -> None:
    for path, wit in made(seed, change=False).items():
        text((tmp_path / "wit" / path).parent, wit, Path(path).name)
    names = ["--emit-canonical-names"] if seed % 3 == 0 else []
    binary = tmp_path / "p.wasm"
    done = reference("component", "wit", tmp_path / "wit", "--wasm", "--all-features", *names, "-o", binary)
    assert done.returncode != 0 or agrees(binary)
