"""The interfaces of a folder of 2022, and what their names mean across its files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from witkit.syntax import nodes
from witkit.text import Diagnostic, Span, did_you_mean, error

NO_SUCH_FILE = "WIT0131"
NO_SUCH_TYPE = "WIT0132"
UNKNOWN_TYPE = "WIT0142"


@dataclass(slots=True, eq=False)
class Legacy:
    """One file of 2022: an interface.

    `handles` are the names that stand for a resource here; `uses` are its `use`s with all names written
    out; `renames` are the types that need another name today, by their name of 2022.
    """

    name: str
    file: nodes.File
    items: list[nodes.InterfaceItem]
    handles: set[str] = field(default_factory=set)
    uses: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    renames: dict[str, str] = field(default_factory=dict)

    @property
    def functions(self) -> list[nodes.Function]:
        return [item for item in self.items if isinstance(item, nodes.Function)]

    @property
    def resources(self) -> list[nodes.Resource]:
        return [item for item in self.items if isinstance(item, nodes.Resource)]

    @property
    def types(self) -> dict[str, nodes.Item]:
        """Definitions by their names."""
        return {
            item.name.name: item
            for item in self.items
            if isinstance(item, nodes.Alias | nodes.Record | nodes.Variant | nodes.Enum | nodes.Flags | nodes.Resource)
        }


def link(files: dict[str, Legacy]) -> list[Diagnostic]:
    """Fill in `uses`, `handles` and `renames` of all files; what does not exist is a finding."""
    found: list[Diagnostic] = []
    for each in files.values():
        for item in each.items:
            if isinstance(item, nodes.Use):
                found += _link_use(each, item, files)
    for each in files.values():
        each.handles = {name for name in _visible(each) if _is_resource(each, name, files, set())}
    for each in files.values():
        found += _unknown(each)
        _rename(each)
    return found


def _unknown(each: Legacy) -> list[Diagnostic]:
    """Types that the file mentions and neither defines nor uses. What has no text stands for a syntax error."""
    visible = set(_visible(each))
    return [
        error(UNKNOWN_TYPE, f"type `{id.name}` does not exist", id.span, help=did_you_mean(id.name, visible))
        for id in mentioned(each.items)
        if id.name not in visible and id.span.start < id.span.end
    ]


def _link_use(each: Legacy, use: nodes.Use, files: dict[str, Legacy]) -> list[Diagnostic]:
    target = files.get(use.path.name.name)
    if target is None or target is each:
        message = f"there is no file `{use.path.name.name}.wit` beside this one"
        return [error(NO_SUCH_FILE, message, use.path.span, help=did_you_mean(use.path.name.name, files))]
    known = set(_visible(target))
    if not use.names:
        # What the file has a name for already, it does not mean by the asterisk.
        wanted = {name.name for name in mentioned(each.items)} - set(_visible(each))
        each.uses.append((target.name, [(name, name) for name in sorted(known & wanted)]))
        return []
    unknown = [n for n in use.names if n.name.name not in known]
    pairs = [(n.name.name, (n.alias or n.name).name) for n in use.names if n.name.name in known]
    each.uses.append((target.name, pairs))
    return [_no_such_type(n.name.name, n.name.span, target.name, known) for n in unknown]


def _no_such_type(name: str, span: Span, file: str, known: set[str]) -> Diagnostic:
    return error(NO_SUCH_TYPE, f"`{file}.wit` has no type `{name}`", span, help=did_you_mean(name, known))


def _visible(each: Legacy) -> Iterator[str]:
    """Names of types that this file defines or uses."""
    yield from each.types
    for _, pairs in each.uses:
        yield from (local for _, local in pairs)
    for item in each.items:
        if isinstance(item, nodes.Use):
            yield from ((n.alias or n.name).name for n in item.names)


def _is_resource(each: Legacy, name: str, files: dict[str, Legacy], seen: set[tuple[str, str]]) -> bool:
    """Whether a name stands for a resource, through aliases and `use`s."""
    if (each.name, name) in seen:
        return False
    seen.add((each.name, name))
    match each.types.get(name):
        case nodes.Resource():
            return True
        case nodes.Alias(type=nodes.Named(id=id)):
            return _is_resource(each, id.name, files, seen)
        case nodes.Alias(type=nodes.Handle()):
            return True
        case None:
            origins = [(files[file], remote) for file, pairs in each.uses for remote, local in pairs if local == name]
            return any(_is_resource(file, remote, files, seen) for file, remote in origins)
        case _:
            return False


def _rename(each: Legacy) -> None:
    """Functions and types share their names today: a type with the name of a function gets another one."""
    taken = {function.name.name for function in each.functions}
    visible = set(_visible(each))
    for name in sorted(taken & visible):
        each.renames[name] = next(n for n in _other_names(name) if n not in visible | taken)


def _other_names(name: str) -> Iterator[str]:
    yield f"{name}-type"
    number = 2
    while True:
        yield f"{name}-type{number}"
        number += 1


def mentioned(thing: object) -> list[nodes.Id]:
    """Every name that is used as a type inside nodes or lists of them."""
    if isinstance(thing, nodes.Named):
        return [thing.id]
    if isinstance(thing, nodes.Handle):
        return [thing.resource]
    if isinstance(thing, list):
        return [name for part in thing for name in mentioned(part)]
    if isinstance(thing, nodes.Resource) and thing.implements is not None:
        return [thing.implements, *mentioned(thing.functions)]
    if isinstance(thing, nodes.Item | nodes.Signature | nodes.Generic):
        return [name for part in nodes.parts(thing) for name in mentioned(part)]
    return []
