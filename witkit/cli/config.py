"""What a project generates, by the table `[tool.witkit]` of its `pyproject.toml`.

    [tool.witkit]
    wit = "wit"                   # the package, from the folder of pyproject.toml; "wit" is the default
    world = "orders"              # needed if the package has several

    [[tool.witkit.gen]]           # one for each thing that `witkit gen` writes
    target = "host"               # what it writes for
    out = "src"                   # also: wit, world, features, and the options of the target: package, templates,
                                  # full-names, import-interface-names, export-interface-names

`[tool.witkit.build]` is read by `witkit.componentize`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from witkit.bindgen.common.module_names import KEYS, ModuleNames, listed_names
from witkit.bindgen.target import GenerationRequest
from witkit.bindgen.targets import TARGETS, find_target, target_names
from witkit.text import WitkitError, error

if TYPE_CHECKING:
    from witkit.bindgen.target import Target
    from witkit.text.settings import SettingsTable

NO_TABLE = "WIT0906"


@dataclass(frozen=True, slots=True)
class Generation:
    """What to generate, from which package, and the folder to write below. `settings` are the target's own options."""

    target: str
    path: Path
    out: Path
    world: str | None = None
    package: str | None = None
    templates: Path | None = None
    features: tuple[str, ...] = ()
    all_features: bool = False
    allow: bool = False
    names: ModuleNames = field(default_factory=ModuleNames)
    settings: tuple[tuple[str, str | bool], ...] = ()

    def request(self) -> GenerationRequest:
        """What the target is asked for. What cannot work is reported before, so that the target need not look."""
        return GenerationRequest(self.package, self.allow, self.templates, self.names, self.path, dict(self.settings))


def generations(folder: Path) -> list[Generation]:
    """What the project in `folder` generates. Its paths are relative to `folder`.

    Raises WitkitError if there is no `pyproject.toml` with a `[tool.witkit]`, or if its settings are wrong.
    """
    from witkit.text.projects import PROJECT_KEYS
    from witkit.text.settings import read_settings

    file = folder / "pyproject.toml"
    table = read_settings(file)
    if table is None:
        help = "add a table `[[tool.witkit.gen]]`, or use `witkit gen host` or `witkit gen guest`"
        raise WitkitError([error(NO_TABLE, f"`{file}` has no `[tool.witkit]`", file=str(file), help=help)])
    table.reject_unknown_keys(*PROJECT_KEYS)
    wit, world = table.text("wit"), table.text("world")
    found = [_generation(one, folder, wit or "wit", world) for one in table.tables("gen")]
    table.finish()
    return found


def _generation(table: SettingsTable, folder: Path, wit: str, world: str | None) -> Generation:
    target = _target(table)
    options = target.options if target else ()
    templates = table.text("templates")
    own = {option.name: table.flag(option.name) if option.is_flag else table.text(option.name) for option in options}
    return generation(
        target.name if target else "",
        folder / (table.text("wit") or wit),
        folder / (table.text("out") or ""),
        own,
        world=table.text("world") or world,
        templates=folder / templates if templates else None,
        features=table.texts("features") or (),
        names=listed_names(table),
    )


def generation(
    target: str, path: Path, out: Path, options: Mapping[str, str | bool | None], **others: Any
) -> Generation:
    """A generation with the target's own `options` by name; None stands for an option that was not given."""
    given = {name: value for name, value in options.items() if value is not None}
    package, allow = given.pop("package", None), given.pop("allow", False)
    assert package is None or isinstance(package, str)
    return Generation(target, path, out, package=package, allow=bool(allow), settings=tuple(given.items()), **others)


def _target(table: SettingsTable) -> Target | None:
    """The target of a table; None, and a problem, if it names none. Keys that it does not have are problems, too."""
    if "backend" in table.values and "target" not in table.values:
        table.wrong("backend", "`backend` is now called `target`", "write `target = …`; the values are the same")
        return None
    table.require("target", "out")
    name = table.text("target")
    if name is not None and name not in TARGETS:
        name = table.one_of("target", target_names())
    target = find_target(name) if name else None
    possible = [target] if target else [find_target(each) for each in TARGETS]
    table.reject_unknown_keys(
        "target", "wit", "world", "out", "features", *(key for each in possible for key in _own_keys(each))
    )
    return target


def _own_keys(target: Target) -> list[str]:
    keys = [option.name for option in target.options]
    return [*keys, *(["templates"] if target.takes_templates else []), *(KEYS if target.names_modules else [])]
