"""What versions promise, and what changes ask of them."""

from __future__ import annotations

import pytest

from witkit.checks.diff import Bump
from witkit.checks.diff.versions import following, promised


@pytest.mark.parametrize(
    ("old", "new", "bump"),
    [
        ("1.2.3", "1.2.3", Bump.NONE),
        ("1.2.3", "1.2.4", Bump.PATCH),
        ("1.2.3", "1.3.0", Bump.MINOR),
        ("1.2.3", "2.0.0", Bump.MAJOR),
        ("0.2.3", "0.2.4", Bump.MINOR),
        ("0.2.3", "0.3.0", Bump.MAJOR),
        ("0.0.3", "0.0.4", Bump.MAJOR),
        ("0.3.0-rc.1", "0.3.0-rc.2", Bump.MAJOR),
        ("0.3.0-rc.1", "0.3.0", Bump.MAJOR),
        ("1.2.3", "1.2.2", None),
        ("0.3.0", "0.3.0-rc.1", None),
        (None, None, Bump.NONE),
        (None, "0.1.0", Bump.MAJOR),
        ("0.1.0", None, Bump.MAJOR),
    ],
)
def test_a_version_promises_as_much_as_its_track_says(old: str | None, new: str | None, bump: Bump | None) -> None:
    assert promised(old, new) is bump


@pytest.mark.parametrize(
    ("version", "bump", "needed"),
    [
        ("1.2.3", Bump.MAJOR, "2.0.0"),
        ("1.2.3", Bump.MINOR, "1.3.0"),
        ("1.2.3", Bump.PATCH, "1.2.4"),
        ("1.2.3", Bump.NONE, "1.2.3"),
        ("0.2.3", Bump.MAJOR, "0.3.0"),
        ("0.2.3", Bump.MINOR, "0.2.4"),
        ("0.0.3", Bump.MAJOR, "0.0.4"),
        ("0.3.0-rc.1", Bump.MAJOR, "0.3.0"),
        ("1.2.3+build", Bump.MINOR, "1.3.0"),
    ],
)
def test_changes_ask_for_the_next_version_of_their_bump(version: str, bump: Bump, needed: str) -> None:
    assert following(version, bump) == needed
    if bump is not Bump.NONE:
        promise = promised(version, needed)
        assert promise is not None
        assert promise >= bump
