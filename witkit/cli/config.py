"""What a project generates, by the table `[tool.witkit]` of its `pyproject.toml`.

    [tool.witkit]
    wit = "wit"                   # the package, relative to pyproject.toml; default: "wit"
    world = "orders"              # required if the package has several

    [[tool.witkit.gen]]           # one for each Python package that `witkit gen` writes
    backend = "host"              # or "guest"
    out = "src"                   # also: wit, world, package, templates, features, full-names,
                                  # import-interface-names, export-interface-names

`[tool.witkit.build]` is read by `witkit.componentize`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from witkit.bindgen.common.module_names import KEYS, ModuleNames, listed_names
from witkit.text import WitkitError, error

if TYPE_CHECKING:
    from witkit.text.settings import SettingsTable

NO_TABLE = "WIT0906"

BACKENDS = ("host", "guest")


@dataclass(frozen=True, slots=True)
class Generation:
    """What to generate, from which package, and the folder to write to."""

    backend: str
    path: Path
    out: Path
    world: str | None = None
    package: str | None = None
    templates: Path | None = None
    features: tuple[str, ...] = ()
    all_features: bool = False
    allow: bool = False
    names: ModuleNames = field(default_factory=ModuleNames)


def generations(folder: Path) -> list[Generation]:
    """What the project in `folder` generates. Its paths are relative to `folder`.

    Raises WitkitError if there is no `pyproject.toml` with a `[tool.witkit]`, or if its settings are wrong.
    """
    from witkit.text.settings import read_settings

    file = folder / "pyproject.toml"
    table = read_settings(file)
    if table is None:
        help = "add a table `[[tool.witkit.gen]]`, or use `witkit gen host` or `witkit gen guest`"
        raise WitkitError([error(NO_TABLE, f"`{file}` has no `[tool.witkit]`", file=str(file), help=help)])
    table.reject_unknown_keys("wit", "world", "gen", "build")
    wit, world = table.text("wit"), table.text("world")
    found = [_generation(one, folder, wit or "wit", world) for one in table.tables("gen")]
    table.finish()
    return found


def _generation(table: SettingsTable, folder: Path, wit: str, world: str | None) -> Generation:
    table.reject_unknown_keys("backend", "wit", "world", "out", "package", "templates", "features", *KEYS)
    table.require("backend", "out")
    templates = table.text("templates")
    return Generation(
        backend=table.one_of("backend", BACKENDS) or "",
        path=folder / (table.text("wit") or wit),
        out=folder / (table.text("out") or ""),
        world=table.text("world") or world,
        package=table.text("package"),
        templates=folder / templates if templates else None,
        features=table.texts("features") or (),
        names=listed_names(table),
    )
