"""What `--wasi` says about each release."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.test_targets import FEATURES
from tests.cli.command_line import package, witkit
from tests.conftest import CORPUS
from witkit.checks import check
from witkit.checks.features import Feature
from witkit.checks.releases import SINCE
from witkit.checks.settings import RELEASES, Settings
from witkit.ir import load
from witkit.text import Diagnostic

PLACES = {
    Feature.MAP: "map<string, u32>",
    Feature.FIXED_LENGTH_LIST: "list<u8, 4>",
    Feature.ERROR_CONTEXT: "error-context",
    Feature.STREAM: "stream<u8>",
    Feature.FUTURE: "future<u8>",
    Feature.ASYNC: "async func(x: u32)",
    Feature.LABEL: "other",
    Feature.EXTERNAL_ID: '@external-id("x")',
}


def found(folder: Path, release: str) -> list[Diagnostic]:
    return [d for d in check(load(folder), Settings(preset="wasi", wasi=release)) if d.code.startswith("WIT18")]


@pytest.mark.parametrize("feature", Feature, ids=lambda feature: feature.name.lower())
def test_a_feature_is_reported_until_the_release_that_has_it(feature: Feature, tmp_path: Path) -> None:
    folder = package(tmp_path, f"package test:releases;\n{FEATURES[feature]}\n")
    without = [release for release in RELEASES if found(folder, release)]
    since = SINCE[feature]
    assert without == list(RELEASES[: RELEASES.index(since)] if since else RELEASES)
    (finding,) = found(folder, without[-1])
    assert finding.primary is not None
    assert finding.primary.text == PLACES[feature]
    assert (f"WASI {since} is the first release" if since else "no release has it") in finding.help


def test_all_features_are_reported_at_once(tmp_path: Path) -> None:
    text = "\n".join(text.replace("interface i", f"interface i{n}") for n, text in enumerate(FEATURES.values()))
    text = text.replace("other: i;", "other: i0;").replace("world w", "world w1", 1)
    assert len(found(package(tmp_path, f"package test:releases;\n{text}\n"), "0.2.8")) == len(Feature)


def test_what_is_not_part_of_the_release_is_left_alone(tmp_path: Path) -> None:
    text = """package wasi:shop@0.3.1;

@since(version = 0.2.0)
interface prices {
  @unstable(feature = maps)
  one: func() -> map<string, u32>;
  @since(version = 0.3.1)
  two: func() -> map<string, u32>;
  @since(version = 0.2.0)
  three: func() -> map<string, u32>;
}
"""
    folder = package(tmp_path, text)
    assert [d.primary.source.position(d.primary.start)[0] for d in found(folder, "0.3.0") if d.primary] == [10]
    other = package(tmp_path / "other", text.replace("wasi:shop", "acme:shop"))
    assert len(found(other, "0.3.0")) == 2


def test_an_unknown_release_is_wrong_use(tmp_path: Path) -> None:
    done = witkit("check", package(tmp_path), "--wasi", "0.4", cwd=tmp_path)
    assert done.returncode == 2
    assert "known releases: 0.2.0," in done.stderr


@pytest.mark.parametrize("release", RELEASES[:9])
def test_a_release_of_wasi_has_what_it_uses(release: str) -> None:
    if not CORPUS.is_dir():
        pytest.skip("needs the corpus beside the repository")
    for name in ("cli", "http"):
        folder = CORPUS / "releases" / f"wasi-{name}-{release}"
        assert found(folder, release) == []
        assert release == "0.2.0" or {d.code for d in found(folder, "0.2.0")} == {"WIT1802"}
