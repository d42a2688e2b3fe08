"""From the files of a folder to packages: headers compared, nested packages taken out."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.ir.load.files import Folder
from witkit.ir.model import PackageName
from witkit.ir.report import Report
from witkit.ir.resolve.docs import docs_of
from witkit.ir.resolve.units import Unit, lost_names, package_name, path_mentions
from witkit.syntax import Parsed, nodes, read
from witkit.text import Diagnostic, Related, error

NO_HEADER = "WIT0509"
HEADERS_DIFFER = "WIT0510"
DOCS_TWICE = "WIT0511"


_NAMELESS = PackageName("unknown", "package", None)
"""Stands for the name of a package that says none."""


def units_of(folder: Folder, report: Report) -> list[Unit]:
    """Parse a folder: its nested packages in order, then the package of the folder itself.

    Without any header there is no package (a finding), but nested ones are still returned.
    """
    return units_of_trees(folder, [read(source) for source in folder.sources], report)


def units_of_trees(folder: Folder, trees: Sequence[Parsed], report: Report) -> list[Unit]:
    """As `units_of`, for the sources of a folder that are parsed already."""
    headers: list[nodes.PackageHeader] = []
    files: list[list[nodes.FileItem]] = []
    units: list[Unit] = []
    broken: list[nodes.File] = []
    for parsed in trees:
        report.add(parsed.diagnostics)
        if any(d.is_error for d in parsed.diagnostics):
            broken.append(parsed.file)
        if parsed.file.package is not None:
            headers.append(parsed.file.package)
        items: list[nodes.FileItem] = []
        for item in parsed.file.items:
            if isinstance(item, nodes.NestedPackage):
                units.append(
                    _unit([item.header], [item.items], folder, [f for f in broken if f is parsed.file], report)
                )
            else:
                items.append(item)
        files.append(items)
    if headers:
        units.append(_unit(headers, files, folder, broken, report))
    elif not broken and not folder.is_partial and folder.sources:
        report.add([_no_header(folder)])
        # What is wrong inside is said all the same. A single file may miss others, which name what it does not.
        is_partial = len(folder.sources) == 1
        unit = Unit(_NAMELESS, folder.sources[0].span(0, 0), None, files, is_partial=is_partial, main=folder.is_main)
        unit.mentions = path_mentions(files)
        units.append(unit)
    return units


def _unit(
    headers: list[nodes.PackageHeader],
    files: list[list[nodes.FileItem]],
    folder: Folder,
    broken: list[nodes.File],
    report: Report,
) -> Unit:
    name = package_name(headers[0].name)
    _compare(headers, report)
    docs = [text for header in headers if (text := docs_of(header.comments)) is not None]
    unit = Unit(name, headers[0].name.span, docs[0] if docs else None, files, is_partial=folder.is_partial)
    unit.main = folder.is_main
    unit.broken = [file.source for file in broken]
    unit.lost = set().union(*map(lost_names, broken))
    unit.mentions = path_mentions(files)
    return unit


def _compare(headers: list[nodes.PackageHeader], report: Report) -> None:
    """All headers name one package, and one of them at most is documented."""
    first = headers[0].name
    documented: nodes.PackageHeader | None = None
    for header in headers:
        if package_name(header.name) != package_name(first):
            report.error(
                HEADERS_DIFFER,
                f"package name `{package_name(header.name)}` differs from `{package_name(first)}`",
                header.name.span,
                related=[Related(first.span, "the other name")],
                help="all files of one folder make up one package: move this file into a folder of its own",
            )
        if docs_of(header.comments) is None:
            continue
        if documented is not None:
            report.error(
                DOCS_TWICE,
                "the package is documented in more than one file",
                header.comments[0].span,
                related=[Related(documented.comments[0].span, "documented here")],
                help="keep the comments before `package` in one file",
            )
        documented = documented or header


def _no_header(folder: Folder) -> Diagnostic:
    one = len(folder.sources) == 1
    return error(
        NO_HEADER,
        "no `package` header in this file" if one else "no `package` header in any file of this folder",
        folder.sources[0].span(0, 0) if one else None,
        file="" if one else folder.path,
        help="begin a file with `package namespace:name@0.1.0;`",
    )
