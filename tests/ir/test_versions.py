"""Versions sort and are compatible as semver has it."""

from __future__ import annotations

import pytest

from witkit.ir.versions import are_compatible, compatibility_track, version_key

SORTED = [
    "0.2.0-alpha",
    "0.2.0-alpha.1",
    "0.2.0-alpha.beta",
    "0.2.0-beta.2",
    "0.2.0-beta.11",
    "0.2.0-rc.1",
    "0.2.0",
    "0.2.0+1",
    "0.2.0+build",
    "0.2.9",
    "0.2.10",
    "1.0.0",
    "10.0.0",
]


def test_versions_sort_by_number_and_pre_releases_come_first() -> None:
    shuffled = SORTED[::2] + SORTED[1::2]
    assert sorted(shuffled, key=version_key) == SORTED


@pytest.mark.parametrize(
    ("version", "track"),
    [("1.2.3", "1"), ("0.2.3", "0.2"), ("0.0.3", "0.0.3"), ("0.2.0-rc.1", "0.2.0-rc.1"), ("2.0.0+b", "2")],
)
def test_the_track_is_what_compatible_versions_share(version: str, track: str) -> None:
    assert compatibility_track(version) == track


@pytest.mark.parametrize(
    ("a", "b", "compatible"),
    [
        ("0.2.0", "0.2.6", True),
        ("0.2.0", "0.3.0", False),
        ("1.0.0", "1.9.0", True),
        (None, None, True),
        (None, "1.0.0", False),
    ],
)
def test_compatibility(a: str | None, b: str | None, compatible: bool) -> None:
    assert are_compatible(a, b) is compatible
