"""From the files of a folder to packages: headers compared, nested packages taken out."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.ir.docs import docs_of
from witkit.ir.files import Folder
from witkit.ir.report import Report
from witkit.ir.units import Unit, package_name, path_mentions
from witkit.syntax import Parsed, nodes, read
from witkit.text import Diagnostic, Related, Source, error

NO_HEADER = "WIT0509"
HEADERS_DIFFER = "WIT0510"
DOCS_TWICE = "WIT0511"


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
    broken: list[Source] = []
    for source, parsed in zip(folder.sources, trees, strict=True):
        report.add(parsed.diagnostics)
        if any(d.is_error for d in parsed.diagnostics):
            broken.append(source)
        if parsed.file.package is not None:
            headers.append(parsed.file.package)
        items: list[nodes.FileItem] = []
        for item in parsed.file.items:
            if isinstance(item, nodes.NestedPackage):
                units.append(_unit([item.header], [item.items], folder, [s for s in broken if s is source], report))
            else:
                items.append(item)
        files.append(items)
    if headers:
        units.append(_unit(headers, files, folder, broken, report))
    elif not broken and not folder.is_partial and folder.sources:
        report.add([_no_header(folder)])
    return units


def _unit(
    headers: list[nodes.PackageHeader],
    files: list[list[nodes.FileItem]],
    folder: Folder,
    broken: list[Source],
    report: Report,
) -> Unit:
    name = package_name(headers[0].name)
    _compare(headers, report)
    docs = [text for header in headers if (text := docs_of(header.comments)) is not None]
    unit = Unit(name, headers[0].name.span, docs[0] if docs else None, files, broken, folder.is_partial, folder.is_main)
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
