"""Names of interfaces with their versions, and which version satisfies which."""

from __future__ import annotations

from collections.abc import Iterable

from witkit._semver import version_key


def split(name: str) -> tuple[str, str]:
    """`ns:pkg/interface@1.2.3` as name and version; the version is empty if there is none."""
    base, _, version = name.partition("@")
    return base, version


def track(version: str) -> str:
    """What must be equal for two versions to be compatible: the major version; for 0.x the minor too;
    for 0.0.x, pre-releases and everything else the whole version. This is wasmtime's rule."""
    release = version.partition("+")[0]
    if "-" in release:
        return version
    numbers = release.split(".")
    if len(numbers) != 3 or not all(n.isdigit() for n in numbers):
        return version
    major, minor, _ = numbers
    if major != "0":
        return major
    return f"0.{minor}" if minor != "0" else version


def compatible(offered: str, asked: str) -> bool:
    """Whether an interface offered under one full name satisfies an import of another."""
    if offered == asked:
        return True
    (base, version), (other, wanted) = split(offered), split(asked)
    return base == other and bool(version) and bool(wanted) and track(version) == track(wanted)


def find(asked: str, offered: Iterable[str]) -> str | None:
    """The offered name that satisfies `asked`: the same one, else the highest compatible version."""
    names = [name for name in offered if compatible(name, asked)]
    if asked in names:
        return asked
    return max(names, key=lambda name: version_key(split(name)[1]), default=None)
