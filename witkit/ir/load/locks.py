"""Compares lock files of a package (`deps.lock` of wit-deps, `wkg.lock` of wkg) with what is on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from witkit.ir.load.digest import folder_sha256
from witkit.ir.load.files import join
from witkit.ir.load.tables import BAD_TOML, TomlDocument, read_table
from witkit.ir.model import Package, PackageName
from witkit.ir.report import Report
from witkit.ir.resolve.units import Unit
from witkit.text import Related, Span

LOCKED_BUT_MISSING = "WIT0518"
LOCKED_OTHER_VERSION = "WIT0519"
LOCKED_OTHER_CONTENT = "WIT0520"
NOT_LOCKED = "WIT0521"

_WKG_VERSION = 1
_Folder: TypeAlias = tuple[Path, str]
"""A folder, and how messages show it."""
Entries: TypeAlias = dict[str, tuple[Path, str] | None]


def locked_names(path: Path) -> list[str]:
    """The packages that the lock files of a package's folder name. A file that cannot be read names none."""
    deps_lock = read_table(path / "deps.lock", "", Report())
    names = list(deps_lock.data) if deps_lock is not None else []
    for folder in (path, path / ".."):
        wkg_lock = read_table(folder / "wkg.lock", "", Report())
        if wkg_lock is not None:
            return [*names, *(entry["name"] for _, entry in _wkg_entries(wkg_lock))]
    return names


def check_locks(
    path: Path, shown: str, units: Iterable[Unit], encoded: Iterable[Package], entries: Entries, report: Report
) -> None:
    """Warn about locked packages that are missing, or that have a different version, content or source.

    `deps.lock` is in the package's folder, `wkg.lock` there or in the folder above. `units` and `encoded` packages are
    everything that was found; `entries` are those of `NamedDependencies`.
    """
    table = read_table(path / "deps.lock", join(shown, "deps.lock"), report)
    if table is not None:
        _check_deps_lock(table, path, shown, entries, report)
        _check_sources(table, path, shown, report)
    for folder, folder_shown in ((path, shown), (path / "..", join(shown, ".."))):
        table = read_table(folder / "wkg.lock", join(folder_shown, "wkg.lock"), report)
        if table is not None:
            if (version := table.data.get("version", _WKG_VERSION)) != _WKG_VERSION:
                message = f"this lock has the unknown version {version!r}: nothing was compared with it"
                help = f"witkit reads version {_WKG_VERSION} of `wkg.lock`: a later witkit may read this one"
                report.warning(BAD_TOML, message, table.place("version"), help=help)
                return
            there = [*((u.name, u.span) for u in units), *((p.name, None) for p in encoded)]
            _check_wkg_lock(table, there, join(shown, "deps"), report)
            return


def _check_deps_lock(table: TomlDocument, path: Path, shown: str, entries: Entries, report: Report) -> None:
    for name, entry in table.data.items():
        if not _has_digest(entry):
            message = f"`{name}` has no `sha256` in this lock: its content cannot be compared"
            report.warning(NOT_LOCKED, message, table.place(name), help="update the lock (`wit-deps lock`)")
            entry = entry if isinstance(entry, dict) else {}
        target = entry.get("path")
        target = target if isinstance(target, str) else None
        folder = _locked_folder(name, target, path, shown, entries)
        if folder is not None:
            source = (path / target, join(shown, target)) if target else None
            _check_digest(table, name, entry.get("sha256"), folder, source, report)
        elif name not in entries and not (path / "deps" / f"{name}.wit").exists():
            places = [join(shown, f"deps/{name}")] + ([join(shown, target)] if target else [])
            report.warning(
                LOCKED_BUT_MISSING,
                f"`{name}` is locked here but missing on disk: there is no {' and no '.join(f'`{p}`' for p in places)}",
                table.place(name),
                help="fetch it (`wit-deps`), or remove it from the lock",
            )


def _has_digest(entry: Any) -> bool:
    """Whether an entry has what its folder is compared with. One with a path needs none: it is a neighbour."""
    return isinstance(entry, dict) and isinstance(entry.get("sha256", "" if "path" in entry else None), str)


def _check_sources(lock: TomlDocument, path: Path, shown: str, report: Report) -> None:
    """Warn about entries of `deps.toml` that `deps.lock` does not have, or has from another place."""
    # What is wrong in `deps.toml` itself is reported where it is followed.
    manifest = read_table(path / "deps.toml", join(shown, "deps.toml"), Report())
    for name, entry in manifest.data.items() if manifest is not None else ():
        wanted, locked = _source(entry), _source(lock.data.get(name))
        if wanted is None or wanted == locked:
            continue
        assert manifest is not None
        what = "is not locked"
        if name in lock.data:
            what = f"is locked from {f'`{locked}`' if locked else 'nowhere'}, not from `{wanted}`"
        report.warning(
            NOT_LOCKED,
            f"`{name}` {what}: `{lock.source.name}` is out of date",
            manifest.place(name),
            help="update the lock (`wit-deps lock`)",
        )


def _source(entry: Any) -> str | None:
    """The path or the URL of an entry of `deps.toml` or `deps.lock`, if it has one of them."""
    found = entry.get("path", entry.get("url")) if isinstance(entry, dict) else entry
    return found if isinstance(found, str) else None


def _locked_folder(name: str, target: str | None, path: Path, shown: str, entries: Entries) -> _Folder | None:
    """The folder of a locked dependency: in `deps`, at its path, or where another `deps.toml` found it."""
    for relative in [f"deps/{name}"] + ([target] if target else []):
        if (path / relative).is_dir():
            return path / relative, join(shown, relative)
    return entries.get(name)


def _check_digest(
    table: TomlDocument, name: str, locked: Any, folder: _Folder, source: _Folder | None, report: Report
) -> None:
    """Warn if the content of a dependency's folder, or of the folder that it was copied from, is not the locked one."""
    actual = _digest(folder)
    if not isinstance(locked, str) or actual is None:
        return
    is_copy = source is not None and folder[0].resolve() != source[0].resolve()
    original = _digest(source) if source is not None and is_copy else None
    place = table.value_place(name, "sha256")
    if actual != locked:
        message = f"`{name}` is locked here with different content from `{folder[1]}`"
        help = f"update the lock (`wit-deps lock`): the folder's sha256 is {actual}"
        if original == locked:
            help = "the copy was edited: fetch it again (`wit-deps`)"
        elif source is None:
            help = f"fetch it again (`wit-deps`) if it was edited; else {help}"
        report.warning(LOCKED_OTHER_CONTENT, message, place, help=help)
    elif source is not None and original not in (None, locked):
        message = f"`{name}` is out of date: `{source[1]}` has changed since it was locked"
        report.warning(LOCKED_OTHER_CONTENT, message, place, help="update it (`wit-deps update`)")


def _digest(folder: _Folder) -> str | None:
    """The digest of what is in a folder; None if it cannot be read, or is not a folder."""
    try:
        return folder_sha256(folder[0])
    except OSError:
        return None


def _check_wkg_lock(
    table: TomlDocument, known: list[tuple[PackageName, Span | None]], deps: str, report: Report
) -> None:
    for number, entry in _wkg_entries(table):
        name, place = entry["name"], table.value_place("packages", number, "name")
        there = [(other, span) for other, span in known if f"{other.namespace}:{other.name}" == name]
        for at, version in _locked_versions(entry):
            if any(other.version == version for other, _ in there):
                continue
            span = table.value_place("packages", number, "versions", at, "version")
            if there:
                other, its_place = there[0]
                report.warning(
                    LOCKED_OTHER_VERSION,
                    f"`{name}` is locked at version {version}, but on disk is {other.version or 'no version'}",
                    span,
                    related=[Related(its_place, "the package on disk")] if its_place else (),
                    help="fetch the locked version (`wkg wit fetch`), or update the lock (`wkg wit update`)",
                )
            else:
                message = f"`{name}@{version}` is locked here but missing on disk: nothing in `{deps}` declares it"
                report.warning(LOCKED_BUT_MISSING, message, place, help="fetch it with `wkg wit fetch`")


def _wkg_entries(table: TomlDocument) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each package of a `wkg.lock` that has a name, with its index."""
    packages = table.data.get("packages")
    for number, entry in enumerate(packages if isinstance(packages, list) else []):
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            yield number, entry


def _locked_versions(entry: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """The versions of a package in `wkg.lock`, with their indexes."""
    versions = entry.get("versions")
    for number, version in enumerate(versions if isinstance(versions, list) else []):
        if isinstance(version, dict) and isinstance(version.get("version"), str):
            yield number, version["version"]
