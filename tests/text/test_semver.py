"""Versions: their spelling, and their order."""

from __future__ import annotations

import pytest

from witkit._semver import SEMVER, version_key

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


def test_numbers_longer_than_python_reads_sort_as_numbers() -> None:
    long = [
        "1.0.0-9",
        f"1.0.0-{'1' * 5000}",
        f"1.0.0-{'2' * 5000}",
        f"1.0.0-{'1' * 5001}",
        "1.0.0-a",
        "1.0.0+0" + "9" * 5000,
    ]
    assert sorted(sorted(long), key=version_key) == long


def test_of_equal_numbers_in_a_build_the_one_with_fewer_zeros_comes_first() -> None:
    assert version_key("1.0.0+1") < version_key("1.0.0+01") < version_key("1.0.0+2") < version_key("1.0.0+2.0")


@pytest.mark.parametrize("text", [*SORTED, "1.0.0--", "1.0.0-0a", "1.0.0+01", "1.0.0-a-b.0"])
def test_a_version_matches(text: str) -> None:
    assert SEMVER.fullmatch(text)


@pytest.mark.parametrize(
    "text", ["1.0", "01.0.0", "1.0.0-", "1.0.0-a..b", "1.0.0-01", "1.0.0+", "1.0.0\n", "v1.0.0", "1.0.٣"]
)
def test_what_is_not_a_version_does_not_match(text: str) -> None:
    assert not SEMVER.fullmatch(text)
