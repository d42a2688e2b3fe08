"""What a version promises: the part of it that is in the canonical name of an interface, its track, must not change.

Explainer.md, "Canonical Interface Name": from 1.0.0 on the track is the major version, below it the minor version too,
and below 0.1.0 all of it. A pre-release is a track of its own.
"""

from __future__ import annotations

from witkit._semver import version_key
from witkit.abi.versions import track
from witkit.checks.diff.verdict import Bump


def promised(old: str | None, new: str | None) -> Bump | None:
    """The bump between two versions; None if the newer one is the lower one.

    A version below 1.0.0 has no number for additions alone: its last number stands for them, too. Without versions,
    nothing is promised. A version that comes or goes changes the name of every interface.
    """
    if old == new:
        return Bump.NONE
    if old is None or new is None:
        return Bump.MAJOR
    if version_key(new) < version_key(old):
        return None
    if track(old) != track(new):
        return Bump.MAJOR
    same_minor = old.split(".")[:2] == new.split(".")[:2]
    return Bump.PATCH if same_minor and not old.startswith("0.") else Bump.MINOR


def following(version: str, bump: Bump) -> str:
    """The lowest version after `version` that a bump asks for: that without the pre-release, if it has one.

    A bump of NONE asks for no other version.
    """
    if bump is Bump.NONE:
        return version
    release, *pre = version.partition("+")[0].split("-", 1)
    if pre:
        return release
    major, minor, patch = map(int, release.split("."))
    if bump is Bump.MAJOR and major:
        return f"{major + 1}.0.0"
    if bump is Bump.MAJOR and minor:
        return f"0.{minor + 1}.0"
    if bump is Bump.MINOR and major:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"
