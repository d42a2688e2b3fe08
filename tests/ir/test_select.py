"""Choosing a world."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.ir.conftest import HERE
from witkit.ir import ALL, load, select_world
from witkit.ir.model import Resolve
from witkit.ir.show.outline import to_tree
from witkit.text import WitkitError


def resolved(path: Path) -> Resolve:
    loaded = load(path, features=ALL)
    assert loaded.resolve is not None
    return loaded.resolve


WORLDS = HERE / "accepted" / "world-elaboration"
ONE = HERE / "accepted" / "inline-interfaces"
INCLUDES = HERE / "accepted" / "includes"


def test_a_world_by_name() -> None:
    assert select_world(resolved(WORLDS), "labels").name == "labels"


@pytest.mark.parametrize("name", ["shop:worlds/labels@0.3.0", "shop:worlds/labels"])
def test_a_world_by_its_whole_name(name: str) -> None:
    assert select_world(resolved(WORLDS), name).name == "labels"


def test_a_world_of_a_dependency_by_its_whole_name() -> None:
    assert select_world(resolved(INCLUDES), "shop:extra/more@2.0.0").name == "more"


def test_the_only_world_needs_no_name() -> None:
    assert select_world(resolved(ONE), None).name == "machine"


def test_one_of_several_has_to_be_named() -> None:
    with pytest.raises(WitkitError, match="there are 4 worlds in package `shop:worlds") as caught:
        select_world(resolved(WORLDS), None)
    assert "`exported-chain`" in caught.value.diagnostics[0].help


def test_a_wrong_name_brings_a_suggestion() -> None:
    with pytest.raises(WitkitError, match="there is no world `label`") as caught:
        select_world(resolved(WORLDS), "label")
    (problem,) = caught.value.diagnostics
    assert problem.help == "did you mean `labels`?"
    assert problem.primary is not None
    assert problem.primary.text == "shop:worlds@0.3.0"
    assert [place.span.text for place in problem.related] == ["imports", "exports", "exported-chain", "labels"]


def test_a_package_without_worlds() -> None:
    with pytest.raises(WitkitError, match="there is no world in package `shop:types`") as caught:
        select_world(resolved(HERE / "accepted" / "order-of-types"), None)
    assert caught.value.diagnostics[0].help.startswith("declare one")


def test_the_outline(text_snapshot: SnapshotAssertion) -> None:
    assert to_tree(resolved(INCLUDES)) == text_snapshot
