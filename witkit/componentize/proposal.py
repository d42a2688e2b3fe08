"""Create the repository of a new WASI proposal, laid out as those of the WASI subgroup are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from witkit._version import __version__
from witkit.bindgen.common.templates import Templates
from witkit.componentize.new_folder import check_name, check_place, name_of, write_files

_FILES: Final = {
    ".github/workflows/wit.yml": "workflow.yml.jinja",
    ".pre-commit-config.yaml": "pre-commit.yaml.jinja",
    "README.md": "README.md.jinja",
    "test/README.md": "test.md.jinja",
    "wit/deps.toml": "deps.toml.jinja",
    "wit/types.wit": "types.wit.jinja",
    "wit/world.wit": "world.wit.jinja",
    "witkit.toml": "witkit.toml.jinja",
}


def create_proposal(folder: Path) -> list[Path]:
    """Write the files of the proposal that the folder is named after, and give their paths.

    Both `wasi-mail` and `mail` are the proposal of the package `wasi:mail`. Raises `WitkitError` for a name that is not
    valid in WIT, and for a folder that is in use, and then writes nothing.
    """
    name = name_of(folder).removeprefix("wasi-")
    check_name(name, "package")
    check_place(folder)
    templates = Templates("new/proposal")
    title = name.replace("-", " ").capitalize()
    values = {"name": name, "title": title, "version": "0.1.0", "witkit": __version__}
    return write_files(folder, {path: templates.render(template, values) for path, template in _FILES.items()})
