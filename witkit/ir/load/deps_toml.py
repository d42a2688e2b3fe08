"""Dependencies in `deps.toml`, the format of wit-deps. Only folders on this disk are read, never the network."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import Any

from witkit.ir.load.files import Found, PackageFolder, join, read_dependencies, read_folder
from witkit.ir.load.tables import TomlDocument, read_table
from witkit.ir.report import Report
from witkit.text import Span
from witkit.text.values import entity

BAD_ENTRY = "WIT0516"
NO_SUCH_FOLDER = "WIT0517"


@entity(slots=True, eq=False)
class NamedDependencies:
    """The folders that `deps.toml` files lead to, and all places where dependencies were looked for.

    `entries` are the names in the first `deps.toml` and in those that it leads to. Entries that were read from their
    path have their folder, and the name of the folder in messages.
    """

    folders: list[PackageFolder] = field(default_factory=list)
    found: Found = field(default_factory=Found)
    entries: dict[str, tuple[Path, str] | None] = field(default_factory=dict)
    visited: set[Path] = field(default_factory=set)


def named_dependencies(path: Path, shown: str, report: Report) -> NamedDependencies:
    """Follow `deps.toml` in the folder `path` and in the folders that it names, recursively.

    An entry is a string, or a table with `path`; paths are relative to the folder of their `deps.toml`. An entry that
    is in `deps/` already is not read from its path. Entries with a URL are not fetched.
    """
    named = NamedDependencies()
    queue = [(path, shown)]
    while queue:
        folder, folder_shown = queue.pop(0)
        if folder.resolve() in named.visited:
            continue
        named.visited.add(folder.resolve())
        table = read_table(folder / "deps.toml", join(folder_shown, "deps.toml"), report)
        if table is None:
            continue
        for name, entry in table.data.items():
            target = _entry(named, table, name, entry, folder, report)
            if target is not None:
                target_shown = join(folder_shown, target)
                named.entries[name] = named.entries[name] or (folder / target, target_shown)
                named.folders.append(read_folder(folder / target, target_shown, named.found))
                read_dependencies(folder / target / "deps", join(target_shown, "deps"), named.found)
                queue.append((folder / target, target_shown))
    return named


def _entry(
    named: NamedDependencies, table: TomlDocument, name: str, entry: Any, folder: Path, report: Report
) -> str | None:
    """The relative path of an entry that must be read from its path; else None."""
    span = table.place(name)
    named.entries.setdefault(name, None)
    target = entry.get("path") if isinstance(entry, dict) else entry
    if target is None and isinstance(entry, dict) and "url" in entry:
        target = entry["url"]
    if not isinstance(target, str):
        report.error(
            BAD_ENTRY,
            f"dependency `{name}` has neither a path nor a URL",
            span,
            help=f'write `{name} = "../path/to/wit"`',
        )
        return None
    if (folder / "deps" / name).exists() or (folder / "deps" / f"{name}.wit").exists():
        return None
    if "://" in target:
        named.found.looked_at.append(f"{target} ({table.source.name}; not fetched)")
        return None
    if not (folder / target).is_dir():
        _no_folder(name, target, table, span, report)
        return None
    named.found.looked_at.append(join(str(Path(table.source.name).parent), target))
    return target


def _no_folder(name: str, target: str, table: TomlDocument, span: Span, report: Report) -> None:
    report.error(
        NO_SUCH_FOLDER,
        f"dependency `{name}` is missing: there is no folder `{join(str(Path(table.source.name).parent), target)}`",
        span,
        help=f"check the path, or put the package into `{join(str(Path(table.source.name).parent), f'deps/{name}')}`",
    )
