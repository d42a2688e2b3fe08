"""Whether a project's bindings are still those of its interface: tests would pass against what is no more."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from witkit.text import WitkitError
from witkit.text.settings import Table, read_settings


def outdated(world_module: str) -> str | None:
    """What is wrong with the guest bindings called `world_module`; None where nothing is, or nothing is known.

    Known is what `[[tool.witkit.gen]]` of the project says that the bindings stand in. Nothing is read but times
    where no file of the interface is newer than the bindings.
    """
    spec = find_spec(world_module)
    if spec is None or spec.origin is None:
        return None
    # Every session of tests comes by here: what reads and generates is imported only where a file is newer.
    package = Path(spec.origin).resolve().parent
    try:
        for project in package.parents:
            settings = project / "pyproject.toml"
            table = read_settings(settings) if settings.is_file() else None
            if table is not None:
                return _compared(table, project, package)
    except (WitkitError, OSError):
        # What is wrong with the settings or the interface is for `witkit gen` to tell, which is what this asks for.
        return _told(project)
    return None


def _compared(table: Table, project: Path, package: Path) -> str | None:
    for one in table.tables("gen"):
        out, name = project / (one.text("out") or ""), one.text("package") or "wit_world"
        if one.text("backend") == "guest" and (out / name).resolve() == package:
            wit = project / (one.text("wit") or table.text("wit") or "wit")
            if _is_newer(wit, package) and _differs(one, table.text("world"), wit, project, package.parent):
                return _told(project)
    return None


def _is_newer(wit: Path, package: Path) -> bool:
    """Whether a file of the interface was changed after the bindings were written."""
    files = [wit] if wit.is_file() else [file for file in wit.rglob("*") if file.suffix in (".wit", ".toml")]
    written = max(file.stat().st_mtime_ns for file in package.rglob("*.py"))
    return any(file.stat().st_mtime_ns > written for file in files)


def _differs(table: Table, world: str | None, wit: Path, project: Path, folder: Path) -> bool:
    from witkit.bindgen import generate
    from witkit.ir import Features, load

    loaded = load(wit, features=Features(names=frozenset(table.texts("features") or ())))
    templates = table.text("templates")
    files = generate(
        loaded.world(table.text("world") or world),
        "guest",
        templates=project / templates if templates else None,
        package=table.text("package"),
    )
    return any(_text(folder / file.path) != file.text for file in files)


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _told(project: Path) -> str:
    return f"the guest's bindings are not those of its interface any more: run `witkit gen` in {project}"
