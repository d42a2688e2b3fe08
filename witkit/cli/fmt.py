"""`witkit fmt`: lay WIT files out in one style."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from witkit.cli.named_like_options import OfFiles
from witkit.cli.options import GivenPath

if TYPE_CHECKING:
    from witkit.syntax.formatter.options import FormatOptions
    from witkit.text import Diagnostic, Source

_STDIN: Final = Path("-")


@click.command(cls=OfFiles, short_help="Format WIT files.")
@click.argument("paths", nargs=-1, type=GivenPath(), metavar="[PATH]...")
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if a file is not formatted.")
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--deps", is_flag=True, help="Format the files in `deps`, too.")
def command(paths: tuple[Path, ...], check: bool, diff: bool, deps: bool) -> int:
    """Lay WIT files out in one style, without changing anything else.

    PATH is a file or a folder; `-` formats standard input to standard output. The default is the folder `wit`, or else
    the current folder. Files in `deps` are left alone, because others maintain them. `[fmt]` in witkit.toml, or
    `[tool.witkit.fmt]` in pyproject.toml, has two options: `indent-width` and `line-width`. A file with syntax errors
    is reported and left as it is. The exit code is 1 if there is one, if a folder has no WIT files, or if --check or
    --diff find a change.
    """
    from witkit.cli.packages import vendoring
    from witkit.cli.wit_files import wit_files

    if _STDIN in paths:
        if len(paths) > 1:
            raise click.UsageError("`-` cannot be combined with other paths: the result goes to standard output")
        return _stdin(check, diff)
    paths = paths or (Path("wit") if Path("wit").is_dir() else Path(),)
    files = wit_files(paths, deps=deps)
    done = _format(files)
    done.left_alone = 0 if deps else len({path.resolve() for path in paths if path.is_file() and vendoring(path)})
    done.refused += _without_wit(paths, files)
    if not (check or diff):
        _write(done)
    return _report(done, check=check, diff=diff)


@dataclass(slots=True)
class _Done:
    """Texts before and after, of the files that change; how many files do not, what is wrong in those that cannot be
    formatted, and how many were named that are in `deps`."""

    changed: dict[Path, tuple[str, str]] = field(default_factory=dict)
    unchanged: int = 0
    refused: list[Diagnostic] = field(default_factory=list)
    left_alone: int = 0


def _format(files: Sequence[Path]) -> _Done:
    from witkit.syntax.formatter.configuration import options_for
    from witkit.text import WitkitError
    from witkit.text.files import read_file

    done = _Done()
    options: dict[Path, FormatOptions] = {}
    for path in files:
        if path.parent not in options:
            options[path.parent] = options_for(path.parent)
        for source in read_file(path, str(path), done.refused):
            try:
                text = _formatted(source, options[path.parent])
            except WitkitError as refused:
                done.refused += refused.diagnostics
                continue
            if text == source.text:
                done.unchanged += 1
            else:
                done.changed[path] = source.text, text
    return done


def _without_wit(paths: Sequence[Path], files: Sequence[Path]) -> Iterator[Diagnostic]:
    """A finding for each folder without files to format, unless it has dependencies, which are left alone."""
    from witkit.cli.wit_files import wit_files
    from witkit.text import error
    from witkit.text.files import NO_WIT_FILES

    for path in paths:
        if path.is_dir() and not any(path in file.parents for file in files) and not wit_files([path], deps=True):
            message, help = "there is no `.wit` file in this folder", "name a folder that has some, or the files"
            yield error(NO_WIT_FILES, message, file=str(path), help=help)


def _formatted(source: Source, options: FormatOptions) -> str:
    """The text of a file after formatting. One that is known to be formatted is not read."""
    from witkit.syntax.formatter.known import is_known, remember

    if is_known(source.text, options):
        return source.text
    from witkit.syntax.formatter.formatting import format_text

    text = format_text(source, options)
    remember(text, options)
    return text


def _write(done: _Done) -> None:
    from witkit.cli.files import FileChange, apply

    apply([FileChange(path, text, "change") for path, (_, text) in done.changed.items()])


def _report(done: _Done, *, check: bool, diff: bool) -> int:
    """Print what was or would be changed; the exit code."""
    from witkit.cli.report import counted, exit_code, report
    from witkit.cli.unified import show_diff
    from witkit.text.visible import visible_name

    for path, (old, new) in done.changed.items():
        if diff:
            show_diff(str(path), old, new)
        elif check:
            click.echo(f"{visible_name(str(path))}: would be formatted")
        else:
            click.echo(f"{visible_name(str(path))}: formatted")
    if done.refused:
        report(done.refused, "text", to_stderr=True)
    would = "would be formatted" if check or diff else "formatted"
    line = f"{counted(len(done.changed), 'file')} {would}, {counted(done.unchanged, 'file')} unchanged"
    if number := len({d.where for d in done.refused}):
        line += f", {counted(number, 'path')} with errors"
    if done.left_alone:
        line += f", {counted(done.left_alone, 'file')} in `deps` left alone (--deps includes them)"
    click.echo(line, err=diff)
    return max(exit_code(done.refused), int((check or diff) and bool(done.changed)))


def _stdin(check: bool, diff: bool) -> int:
    """Standard input to standard output."""
    from witkit.cli.unified import show_diff
    from witkit.syntax.formatter.configuration import options_for
    from witkit.text import WitkitError
    from witkit.text.files import decoded

    found: list[Diagnostic] = []
    sources = decoded(sys.stdin.buffer.read(), "<stdin>", found)
    if not sources:
        raise WitkitError(found)
    (source,) = sources
    text = _formatted(source, options_for(Path()))
    if diff:
        show_diff(source.name, source.text, text)
    elif not check:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    return int((check or diff) and text != source.text)
