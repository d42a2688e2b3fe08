"""Floor 3: from the resolved model to files in memory; never the disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from witkit.bindgen.common.files import GeneratedFile
from witkit.bindgen.common.module_names import ModuleNames
from witkit.bindgen.target import GenerationRequest, Target
from witkit.bindgen.targets import TARGETS, find_target, plugin_failed
from witkit.text import WitkitError, error

if TYPE_CHECKING:
    from witkit.ir.model import World

__all__ = [
    "NO_OPTION",
    "GeneratedFile",
    "GenerationRequest",
    "ModuleNames",
    "Target",
    "files_of",
    "find_target",
    "generate",
]

NO_OPTION: Final = "WIT0609"


def generate(
    world: World,
    target: str | Target,
    *,
    templates: Path | None = None,
    package: str | None = None,
    allow: bool = False,
    names: ModuleNames | None = None,
    source: Path | None = None,
    **settings: str | bool,
) -> list[GeneratedFile]:
    """What `target` (the name of one, such as `host` or `guest`) writes for `world`, formatted, in order of paths.

    The same input gives the same text. `templates` is a folder whose `TARGET/NAME.py.jinja` replace the templates of
    the same name. `package` names the Python package (default: the target decides). `allow` generates also what the
    target says cannot work. `names` chooses the names of interfaces' modules. `source` is the file or folder that the
    world was read from: it names the package of a binary that does not name its world. `settings` are options that
    only this target has, with `_` for `-`. Raises `WitkitError` for what cannot be generated.
    """
    found = find_target(target) if isinstance(target, str) else target
    own = {name.replace("_", "-"): value for name, value in settings.items()}
    _check_settings(found, own)
    request = GenerationRequest(package, allow, templates, names or ModuleNames(), source, own)
    if not allow:
        problems = [problem for problem in found.check(world, request) if problem.is_error]
        if problems:
            raise WitkitError(problems)
    return files_of(world, found, request)


def files_of(world: World, target: Target, request: GenerationRequest) -> list[GeneratedFile]:
    """The files for `world`, without asking whether they can work. Raises `WitkitError` as `generate` does."""
    if target.name in TARGETS:
        return _files(world, target, request)
    try:
        return _files(world, target, request)
    except WitkitError:
        raise
    except Exception as failure:
        raise plugin_failed(target.name, "fails", failure) from failure


def _files(world: World, target: Target, request: GenerationRequest) -> list[GeneratedFile]:
    from witkit.bindgen.common.header import finished

    return sorted((finished(draft, target, request) for draft in target.drafts(world, request)), key=lambda f: f.path)


def _check_settings(target: Target, settings: dict[str, str | bool]) -> None:
    known = {option.name for option in target.options}
    help = f"its options are {', '.join(sorted(known))}" if known else "it has no options of its own"
    message = f"the target `{target.name}` has no option "
    wrong = [error(NO_OPTION, f"{message}`{name}`", help=help) for name in sorted(settings.keys() - known)]
    if wrong:
        raise WitkitError(wrong)
