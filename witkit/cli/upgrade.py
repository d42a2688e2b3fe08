"""`witkit upgrade`: rewrite old WIT in today's syntax."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from witkit.cli.options import GivenPath

if TYPE_CHECKING:
    from witkit.cli.files import FileChange
    from witkit.upgrade import UpgradedFile

_IS_THERE = "WIT0934"


@click.command(short_help="Rewrite old WIT in today's syntax.")
@click.argument("folder", type=GivenPath())
@click.option("--out", "-o", type=GivenPath(), required=True, help="Folder to write to.")
@click.option("--package", metavar="NS:NAME@VER", help="Package name for files that do not have one.")
@click.option(
    "--import", "imports", multiple=True, metavar="NAME", help="Guests import this file's functions. Repeatable."
)
@click.option(
    "--export", "exports", multiple=True, metavar="NAME", help="Guests export this file's functions. Repeatable."
)
def command(folder: Path, out: Path, package: str | None, imports: tuple[str, ...], exports: tuple[str, ...]) -> int:
    """Rewrite the WIT files in FOLDER in today's syntax, to the folder given with -o.

    Files in the dialect of 2022 become interfaces of one package, with a world for the imports of guests and a world
    for their exports. In files with today's syntax, only the old names of the float types change. Each decision that
    the files leave open is reported with the option that changes it.
    """
    from witkit.cli.files import apply
    from witkit.cli.report import counted, exit_code, report
    from witkit.upgrade import Directions, package_name, upgrade

    given = Directions(frozenset(imports), frozenset(exports))
    result = upgrade(folder, package=package_name(package) if package else None, given=given)
    report(result.diagnostics, "text", to_stderr=True)
    if result.files:
        todo = _changes(folder, out, result.files)
        apply(todo)
        click.echo(f"{counted(len(todo), 'file')} written to {out}")
    return exit_code(result.diagnostics)


def _changes(folder: Path, out: Path, files: tuple[UpgradedFile, ...]) -> list[FileChange]:
    """The files to write. Raises WitkitError if that would overwrite a file that was not read."""
    from witkit.cli.files import FileChange
    from witkit.text import WitkitError, error

    texts = {out / file.path: file.text for file in files}
    todo = [path for path, text in texts.items() if not path.is_file() or path.read_bytes() != text.encode()]
    in_place = out.resolve() == folder.resolve()
    in_the_way = [path for path in todo if path.exists() and not in_place]
    if in_the_way:
        help = "choose another folder with -o, or the same as FOLDER to rewrite in place"
        raise WitkitError(
            error(_IS_THERE, f"`{path}` already exists with other content", file=str(path), help=help)
            for path in in_the_way
        )
    return [FileChange(path, texts[path], "change" if path.exists() else "create") for path in todo]
