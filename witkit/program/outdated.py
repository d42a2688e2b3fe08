"""Check that tests use the bindings of their own project, and that these match the current interface.

Every session of tests runs this, so WIT is read and bindings are generated only if a file is newer.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from witkit.bindgen.guest.target import GUEST
from witkit.text import WitkitError
from witkit.text.settings import SettingsTable, read_settings


def mixed_up(world_module: str, tests: Path) -> str | None:
    """A message if the folder `tests`, and the bindings that its tests would import, belong to different projects."""
    package = _package(world_module)
    if package is None:
        return None
    try:
        own, other = _project(tests.resolve()), _project(package)
    except WitkitError:
        return None
    if own is None or other is None or own[0] == other[0]:
        return None
    return f"the tests of {own[0]} use the bindings, and perhaps the guest, of {other[0]}: run pytest for each project"


def outdated(world_module: str) -> str | None:
    """A message if the guest bindings called `world_module` are outdated. None if not, or if that is unknown.

    This is known if `[[tool.witkit.gen]]` of the project lists the bindings. If no file of the interface is newer than
    the bindings, only the times are read.
    """
    package = _package(world_module)
    if package is None:
        return None
    found = None
    try:
        found = _project(package)
        return _compared(found[1], found[0], package) if found else None
    except (WitkitError, OSError):
        # `witkit gen`, which the message asks for, reports what is wrong with the settings or the interface.
        return _outdated(found[0]) if found else None


def _package(world_module: str) -> Path | None:
    """The folder of the bindings that would be imported, or None if there are none."""
    try:
        spec = find_spec(world_module)
    except (ImportError, ValueError):
        return None
    return None if spec is None or spec.origin is None else Path(spec.origin).resolve().parent


def _project(folder: Path) -> tuple[Path, SettingsTable] | None:
    """The nearest folder, from this one upwards, whose `pyproject.toml` has a `[tool.witkit]`, with that table."""
    for project in (folder, *folder.parents):
        settings = project / "pyproject.toml"
        table = read_settings(settings) if settings.is_file() else None
        if table is not None:
            return project, table
    return None


def _compared(table: SettingsTable, project: Path, package: Path) -> str | None:
    for one in table.tables("gen"):
        out, name = project / (one.text("out") or ""), one.text("package") or "wit_world"
        if one.text("target") == GUEST.name and (out / name).resolve() == package:
            wit = project / (one.text("wit") or table.text("wit") or "wit")
            if _is_newer(wit, package) and _differs(one, table.text("world"), wit, project, package.parent):
                return _outdated(project)
    return None


def _is_newer(wit: Path, package: Path) -> bool:
    """Whether a file of the interface was changed after the bindings were written."""
    files = [wit] if wit.is_file() else [file for file in wit.rglob("*") if file.suffix in (".wit", ".toml")]
    written = max(file.stat().st_mtime_ns for file in package.rglob("*.py"))
    return any(file.stat().st_mtime_ns > written for file in files)


def _differs(table: SettingsTable, world: str | None, wit: Path, project: Path, folder: Path) -> bool:
    from witkit.bindgen import generate
    from witkit.bindgen.common.module_names import listed_names
    from witkit.ir import Features, load

    loaded = load(wit, features=Features(names=frozenset(table.texts("features") or ())))
    templates = table.text("templates")
    files = generate(
        loaded.world(table.text("world") or world),
        GUEST,
        templates=project / templates if templates else None,
        package=table.text("package"),
        names=listed_names(table),
    )
    return not all(_is_current(folder / file.path, file.text) for file in files)


def _is_current(file: Path, text: str) -> bool:
    return file.is_file() and GUEST.is_same(file.read_text(encoding="utf-8"), text)


def _outdated(project: Path) -> str:
    return f"the guest's bindings do not match its interface any more: run `witkit gen` in {project}"
