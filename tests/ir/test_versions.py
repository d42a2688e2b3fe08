"""Versions sort as semver has it."""

from __future__ import annotations

from witkit.ir.versions import version_key

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
