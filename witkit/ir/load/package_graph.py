"""The order in which packages are resolved. Reports missing packages, duplicates and cycles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from witkit.ir.model import Package, PackageName
from witkit.ir.report import Report
from witkit.ir.resolve.units import NAMELESS, PathMention, Unit, package_name, package_order
from witkit.syntax import nodes
from witkit.syntax.keywords import identifier
from witkit.text import Related, Span

PACKAGE_NOT_FOUND = "WIT0501"
PACKAGE_TWICE = "WIT0502"
PACKAGE_CYCLE = "WIT0503"

_HELP = "put the package into `deps/` or name its folder in `deps.toml`"


def distinct(units: list[Unit], report: Report) -> dict[str, Unit]:
    """Units by full name. A second package of the same name is reported; the first one stays."""
    found: dict[str, Unit] = {}
    for unit in units:
        previous = found.setdefault(str(unit.name), unit)
        if previous is not unit and not (previous.is_doubtful or unit.is_doubtful):
            report.error(
                PACKAGE_TWICE,
                f"package `{unit.name}` is defined in two different places",
                unit.span,
                related=[Related(previous.span, "the other place")],
                help="remove one of the two, or rename it",
            )
    return found


def push_order(units: dict[str, Unit], report: Report) -> list[Unit]:
    """Units in the order of wasm-tools: dependencies first, as they are first mentioned; otherwise by name and version.

    Cycles are reported.
    """
    order: list[Unit] = []
    done: set[Unit] = set()
    for start in sorted(units.values(), key=lambda u: package_order(u.name)):
        _visit(start, units, order, done, report)
    return order


def _visit(start: Unit, units: dict[str, Unit], order: list[Unit], done: set[Unit], report: Report) -> None:
    """Depth first, without recursion: chains of packages can be long."""
    stack: list[tuple[Unit, Iterator[tuple[PackageName, PathMention]]]] = []
    visiting: dict[str, PathMention] = {}

    def enter(unit: Unit) -> None:
        stack.append((unit, iter(dependencies(unit).values())))

    if start not in done:
        enter(start)
    while stack:
        unit, rest = stack[-1]
        following = next(rest, None)
        if following is None:
            stack.pop()
            visiting.pop(str(unit.name), None)
            if unit not in done:
                done.add(unit)
                order.append(unit)
            continue
        name, mention = following
        if str(name) in visiting:
            # Headers that differ in one folder are reported: what is wrong there is the folder, or a name.
            cycle = list(visiting)[list(visiting).index(str(name)) :]
            if not any(units[each].is_stray for each in cycle):
                _report_cycle(name, mention, visiting, report)
            continue
        target = units.get(str(name))
        if target is not None and target not in done:
            visiting[str(name)] = mention
            enter(target)


def dependencies(unit: Unit) -> dict[str, tuple[PackageName, PathMention]]:
    """The packages that a unit mentions, each with its first mention."""
    found: dict[str, tuple[PackageName, PathMention]] = {}
    for mention in unit.mentions:
        if mention.path.package is not None and not mention.path.name.is_missing:
            name = package_name(mention.path.package)
            found.setdefault(str(name), (name, mention))
    return found


def report_encoded(known: dict[str, Unit], encoded: Mapping[str, Package], report: Report) -> None:
    """Report packages that are there both as text and, perhaps in part, in an encoded package."""
    for name, unit in known.items():
        if name in encoded:
            report.error(
                PACKAGE_TWICE,
                f"package `{name}` is defined here and in an encoded package, a file `deps/*.wasm`",
                unit.span,
                help="keep one of the two: all of its dependencies as text, or all of them encoded",
            )


def report_missing(
    known: dict[str, Unit], encoded: Mapping[str, Package], looked_at: list[str], report: Report
) -> None:
    """Report packages that a unit mentions and that are missing; `looked_at` are the places that were tried."""
    there: dict[str, tuple[PackageName, Span | None]] = {}
    for unit in known.values():
        there.setdefault(_unversioned(unit.name), (unit.name, unit.span))
    for package in encoded.values():
        there.setdefault(_unversioned(package.name), (package.name, None))
    misnamed = {_unversioned(unit.name) for unit in known.values() if unit.is_misnamed}
    if any(unit.name == NAMELESS and unit.is_misnamed and not unit.main for unit in known.values()):
        return  # a package whose header is wrong can be any of the missing ones
    for unit in known.values():
        for name, mention in dependencies(unit).values():
            node = mention.path.package
            assert node is not None
            is_misread = node.version is not None and report.is_misread(node.version.span)
            is_there = str(name) in known or str(name) in encoded or _unversioned(name) in misnamed
            if not is_there and not is_misread:
                _missing(name, node, there, looked_at, report)


def _missing(
    name: PackageName,
    node: nodes.PackageName,
    there: dict[str, tuple[PackageName, Span | None]],
    looked_at: list[str],
    report: Report,
) -> None:
    same, place = there.get(_unversioned(name), (None, None))
    if same is not None:
        help = f"there is `{same}`: write that version, or add the other one"
    else:
        near = report.closest(_unversioned(name), there, likeness=0.8)
        where = f"; looked at {', '.join(looked_at)}" if looked_at else ""
        help = f"did you mean `{near}`?" if near else f"{_HELP}{where}"
    related = [Related(place, "this version is there")] if place is not None else []
    report.error(PACKAGE_NOT_FOUND, f"package `{name}` not found", node.span, related=related, help=help)


def _unversioned(name: PackageName) -> str:
    return f"{name.namespace}:{name.name}"


def _report_cycle(name: PackageName, mention: PathMention, visiting: dict[str, PathMention], report: Report) -> None:
    path = list(visiting)
    related = [
        Related(node.span, f"which needs `{key}`")
        for key in path[path.index(str(name)) :]
        if isinstance(node := visiting[key].path.package, nodes.PackageName)
    ]
    node_here = mention.path.package
    assert node_here is not None
    help = "move what both packages need into a third one"
    if path[-1] == str(name):
        help = f"what is in the same package is named alone: `{identifier(mention.path.name.name)}`"
    message = f"package `{name}` creates a dependency cycle"
    report.error(PACKAGE_CYCLE, message, node_here.span, related=related, help=help)
