"""From the files of a folder to packages: compares headers, and takes nested packages out."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.ir.load.files import PackageFolder
from witkit.ir.model import PackageName
from witkit.ir.report import Report
from witkit.ir.resolve.docs import docs_of
from witkit.ir.resolve.units import NAMELESS, Unit, lost_names, package_name, path_mentions
from witkit.syntax import Parsed, nodes, read
from witkit.text import Diagnostic, Related, Source, error

NO_HEADER = "WIT0509"
HEADERS_DIFFER = "WIT0510"
DOCS_TWICE = "WIT0511"


def units_of(folder: PackageFolder, report: Report) -> list[Unit]:
    """Parse a folder: its nested packages in order, then the package of the folder itself.

    A folder without any header is reported; its nested packages are still returned.
    """
    return units_of_trees(folder, [read(source) for source in folder.sources], report)


def units_of_trees(folder: PackageFolder, trees: Sequence[Parsed], report: Report) -> list[Unit]:
    """Like `units_of`, for the sources of a folder that are parsed already."""
    folder.trees = [parsed.file for parsed in trees]
    units: list[Unit] = []
    broken: set[Source] = set()
    for parsed in trees:
        report.add(parsed.diagnostics)
        if any(d.is_error for d in parsed.diagnostics):
            broken.add(parsed.file.source)
        for item in parsed.file.items:
            if isinstance(item, nodes.NestedPackage):
                nested = Unit(package_name(item.header.name), item.header.name.span, _docs([item.header], report), [])
                units.append(_filled(nested, folder, [item.items], [parsed.file], broken))
    return [*units, *_units_of_files(folder, folder.trees, broken, report)]


def _units_of_files(folder: PackageFolder, files: list[nodes.File], broken: set[Source], report: Report) -> list[Unit]:
    """The package of a folder. If its headers name several packages, which is reported, each of them."""
    if any(file.package is not None for file in files):
        units = [_named(folder, group, broken, report) for group in _by_package(files, report)]
        for unit in units if len(units) > 1 else ():
            # One of the names is probably a mistake: what is missing in one file may be in another one.
            unit.is_partial, unit.is_stray = True, unit is not units[0]
        return units
    lost = next((file for file in files if file.lost_header is not None), None)
    if lost is not None:
        return [_filled(_misnamed(lost), folder, _items(files), files, broken)]
    if broken or folder.is_partial or not folder.sources:
        return []
    report.add([_no_header(folder, files)])
    # Other mistakes are reported nevertheless. What a single file lacks may be in files that were not given.
    unit = Unit(NAMELESS, folder.sources[0].span(0, 0), None, [])
    unit.is_partial = len(folder.sources) == 1
    return [_filled(unit, folder, _items(files), files, broken)]


def _by_package(files: list[nodes.File], report: Report) -> list[list[nodes.File]]:
    """Groups of files whose headers name the same package. Files without a header join the first group."""
    first = next(file.package.name for file in files if file.package is not None)
    groups: dict[PackageName, list[nodes.File]] = {package_name(first): []}
    for file in files:
        name = file.package.name if file.package is not None else first
        if package_name(name) != package_name(first):
            _report_other_name(report, name, first)
        groups.setdefault(package_name(name), []).append(file)
    return list(groups.values())


def _named(folder: PackageFolder, files: list[nodes.File], broken: set[Source], report: Report) -> Unit:
    """The package of files whose headers, if they have one, name the same package."""
    headers = [file.package for file in files if file.package is not None]
    unit = Unit(package_name(headers[0].name), headers[0].name.span, _docs(headers, report), [])
    return _filled(unit, folder, _items(files), files, broken)


def _misnamed(lost: nodes.File) -> Unit:
    """A package whose header could not be understood. Its contents can still be checked."""
    names = lost.lost_header or ()
    name = PackageName(names[0].name, names[1].name, None) if len(names) > 1 else NAMELESS
    span = names[0].span if names else lost.source.span(0, 0)
    return Unit(name, span, None, [], is_misnamed=True)


def _filled(
    unit: Unit, folder: PackageFolder, items: list[list[nodes.FileItem]], files: list[nodes.File], broken: set[Source]
) -> Unit:
    """The unit with the items of its files, and with what could not be understood of them."""
    lost = [file for file in files if file.source in broken]
    unit.files = items
    unit.main = folder.is_main
    unit.is_partial |= folder.is_partial
    unit.broken = [file.source for file in lost]
    unit.lost = set().union(*map(lost_names, lost))
    unit.mentions = path_mentions(items)
    return unit


def _items(files: list[nodes.File]) -> list[list[nodes.FileItem]]:
    return [[item for item in file.items if not isinstance(item, nodes.NestedPackage)] for file in files]


def _docs(headers: list[nodes.PackageHeader], report: Report) -> str | None:
    """The documentation of a package. At most one of its headers can have it."""
    documented = [header for header in headers if docs_of(header.comments) is not None]
    for another in documented[1:]:
        report.error(
            DOCS_TWICE,
            "the package is documented in more than one file",
            another.comments[0].span,
            related=[Related(documented[0].comments[0].span, "documented here")],
            help="keep the comments before `package` in one file",
        )
    return docs_of(documented[0].comments) if documented else None


def _report_other_name(report: Report, name: nodes.PackageName, first: nodes.PackageName) -> None:
    is_same = (name.namespace.name, name.name.name) == (first.namespace.name, first.name.name)
    help = "all files of one folder make up one package: "
    report.error(
        HEADERS_DIFFER,
        f"package name `{package_name(name)}` differs from `{package_name(first)}`",
        name.span,
        related=[Related(first.span, "the other name")],
        help=help + ("write the same version in both" if is_same else "move this file into a folder of its own"),
    )


def _no_header(folder: PackageFolder, files: list[nodes.File]) -> Diagnostic:
    nested = next((item for file in files for item in file.items if isinstance(item, nodes.NestedPackage)), None)
    if nested is not None:
        return _only_nested(nested, has_more=any(_items(files)))
    one = len(folder.sources) == 1
    return error(
        NO_HEADER,
        "no `package` header in this file" if one else "no `package` header in any file of this folder",
        folder.sources[0].span(0, 0) if one else None,
        file="" if one else folder.path,
        help="begin a file with `package namespace:name@0.1.0;`",
    )


def _only_nested(nested: nodes.NestedPackage, *, has_more: bool) -> Diagnostic:
    """A package in braces is nested in the package of its file, which must have a name of its own."""
    name = nested.header.name.span
    own = "begin the file with a header of its own, `package namespace:name;`"
    help = own if has_more else f"write `package {name.text};` without braces, or {own}"
    message = f"package `{name.text}` in braces is nested, but no header names the package around it"
    return error(NO_HEADER, message, name, help=help)
