"""What satisfies each import of a component, found before anything runs; and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from witkit import abi
from witkit.abi import Provided
from witkit.abi.versions import compatible, find, split
from witkit.canonical import fits
from witkit.runtime import implementations, wasi
from witkit.runtime.surface import Fit, Function, ImportMatch, LinkedImport, Surface, SurfaceSide
from witkit.text import Diagnostic, closest, did_you_mean, error
from witkit.text.values import value
from witkit.wasm.plan import HostFunc

MISSING_INTERFACE = "WIT0710"
OTHER_TYPE = "WIT0713"
UNSUPPORTED_ITEM = "WIT0714"
UNKNOWN_OPTIONAL = "WIT0715"

WORLD = "world"
"""What the imports of the world itself are called, as an argument and in `optional`."""


@value(frozen=True, slots=True)
class Implemented:
    """An import, or the functions and resources of the world itself, and an implementation of it. Functions of the
    component that are not among `functions` are stubs."""

    side: SurfaceSide
    provided: Provided
    functions: Sequence[abi.Func]


@dataclass(slots=True)
class Provision:
    """How all imports of a component are linked, and what prevents it. `wasi` are the functions that `Wasi` implements;
    None if it satisfies no import. What neither does is a stub."""

    implemented: list[Implemented] = field(default_factory=list)
    wasi: Mapping[HostFunc, tuple[abi.Func, str]] | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)


@value(frozen=True, slots=True)
class _Offer:
    """What a program gives, and how its bindings call it: arguments by the names of imports."""

    all: Sequence[Provided]
    given: Sequence[Provided]
    optional: frozenset[str]
    arguments: Mapping[str, str]
    file: str


def provide(
    surface: Surface, offered: Sequence[Provided], optional: Iterable[str], arguments: Mapping[str, str], *, file: str
) -> Provision:
    """Match every import with what is offered; `optional` names imports that may be left out.

    With diagnostics, it cannot be linked. `arguments` are the names of arguments by those of imports, for messages.
    """
    given = [p for p in offered if p.implementation is not None]
    offer = _Offer(offered, given, frozenset(optional), arguments, file)
    key = offer.optional, *((p.label, id(p.interface), p.implementation is None) for p in offered)
    match = surface.known_match(key)
    if match is None:
        match = _matched(surface, offer)
        if not match.unknown and not any(link.problems for link in match.links):
            surface.remember_match(key, match)
    found = Provision(wasi=match.wasi)
    for link in match.links:
        found.diagnostics += link.problems
        if link.place is not None:
            implementation = _implementation(link, offered[link.place], offer)
            found.implemented.append(implementation)
            found.diagnostics += _check(link.name, implementation, file)
    if match.unknown:
        # One mistake: the import that such a name means is not missing.
        meant = {f"nothing satisfies the import `{name}`" for name in match.unknown.values()}
        found.diagnostics = [*(said for said in found.diagnostics if said.message not in meant), *match.unknown]
    return found


def _matched(surface: Surface, offer: _Offer) -> ImportMatch:
    """What satisfies each import, as far as names and types decide that."""
    links = list[LinkedImport]()
    for name, side in surface.required():
        links.append(link := LinkedImport(name, side))
        link.problems += _satisfy(link, surface, offer)
    links += _nested(surface, offer)
    return ImportMatch(links, _unknown(offer, surface), [p.interface for p in offer.all])


def _nested(surface: Surface, offer: _Offer) -> list[LinkedImport]:
    """Instances within instances, for which WIT has no words."""
    what = "importing an instance within an instance"
    return [
        LinkedImport(name, side, problems=[_unsupported(f"{name}#{inner}" if name else inner, what, offer)])
        for name, side in surface.imports.items()
        for inner in side.instances
    ]


def _satisfy(link: LinkedImport, surface: Surface, offer: _Offer) -> list[Diagnostic]:
    """Decide what satisfies an import, and say what is wrong with it."""
    provided = _offered(link.name, surface.labels.get(link.name), offer.given)
    if provided is not None:
        link.place = offer.all.index(provided)
        return _fit(link, provided.interface, surface, offer)
    if _is_optional(link, offer):
        return []
    if (found := wasi.description(link.name)) is not None:
        link.wasi = found
        return _fit(link, found, surface, offer)
    if link.name:
        return [_missing(link.name, surface, offer)]
    left = [name for name in (*link.side.functions, *link.side.resources) if name not in offer.optional]
    return [_missing_in_world(left, offer.file)] if left else []


def _offered(name: str, interface: str | None, given: Sequence[Provided]) -> Provided | None:
    """The implementation for an import: by its label, else by its interface in a compatible version."""
    for p in given:
        if p.label == name and p.label is not None:
            return p
    names = {p.interface.name: p for p in given if p.label is None}
    best = find(name, names) if name else ("" if "" in names else None)
    if best is None and interface is not None:
        best = find(interface, names)
    return None if best is None else names[best]


def _is_optional(link: LinkedImport, offer: _Offer) -> bool:
    if not link.name:
        return WORLD in offer.optional
    if link.name in offer.optional or split(link.name)[0] in offer.optional:
        return True
    names = {p.name for p in offer.all if p.implementation is None and p.name in offer.optional}
    return any(compatible(n, link.name) for n in names)


def _implementation(link: LinkedImport, provided: Provided, offer: _Offer) -> Implemented:
    functions = [func for func in link.functions if not _may_be_stub(func, link, provided, offer)]
    return Implemented(link.side, provided, functions)


def _check(name: str, implemented: Implemented, file: str) -> list[Diagnostic]:
    """Every function that the component imports: is it there, with as many parameters?"""
    return implementations.check(name, implemented.functions, implemented.provided.implementation, file)


def _fit(link: LinkedImport, interface: abi.Interface, surface: Surface, offer: _Offer) -> list[Diagnostic]:
    """Find the functions of an interface that are of the component's types, and what is wrong with the others."""
    known = surface.known_fit(link.name, interface)
    if known is None:
        known = Fit(interface, *_compared(link, interface, offer))
        surface.remember(link.name, known)
    link.functions = known.functions
    return known.problems


def _compared(
    link: LinkedImport, interface: abi.Interface, offer: _Offer
) -> tuple[list[abi.Func], list[Diagnostic]]:  # fmt: skip
    known = {f.name: f for f in interface.functions}
    fitting, problems = list[abi.Func](), list[Diagnostic]()
    for name, function in link.side.functions.items():
        where = f"{link.name}#{name}" if link.name else name
        func = known.get(name)
        if func is None:
            problems.append(_lacks(where, link, interface, did_you_mean(name, known), offer.file))
        elif fits.uncarried(function.type):
            continue  # a call of it stops the guest
        elif difference := differs(func, function, interface, link.side):
            problems.append(_unfit(where, link, difference, offer.file))
        else:
            fitting.append(func)
    return fitting, problems


def differs(func: abi.Func, function: Function, interface: abi.Interface, side: SurfaceSide) -> str:
    """What makes a description of a function, in an interface, differ from what the component has there."""
    if difference := fits.differs(func, function.type):
        return difference
    for one, other in fits.resources(func, function.type).items():
        if one in interface.resources and side.resources.get(one.name) not in (None, other):
            return f"it has another resource in the place of `{one.name}`"
    return ""


def _may_be_stub(func: abi.Func, link: LinkedImport, provided: Provided, offer: _Offer) -> bool:
    """Whether the implementation of the world's own imports leaves out a function that `optional` names."""
    named = func.name in offer.optional or WORLD in offer.optional
    return not link.name and named and not hasattr(provided.implementation, func.attr) and func.kind == "free"


def _unsupported(where: str, what: str, offer: _Offer) -> Diagnostic:
    return error(
        UNSUPPORTED_ITEM, f"`{where}` cannot be provided: witkit does not support {what}", file=offer.file,
        help="use a WIT without it",
    )  # fmt: skip


def unsupported_export(where: str, what: str, file: str) -> Diagnostic:
    """An export that cannot be called."""
    return error(
        UNSUPPORTED_ITEM, f"the export `{where}` cannot be called: witkit does not carry {what} yet", file=file,
        help="use a WIT without it",
    )  # fmt: skip


def _missing(name: str, surface: Surface, offer: _Offer) -> Diagnostic:
    """An import that nothing satisfies, with what comes near it."""
    base, version = split(name)
    # What another import takes is not a misspelt name of this one.
    taken = {id(_offered(n, surface.labels.get(n), offer.given)) for n in surface.imports}
    offered = [p.interface.name for p in offer.given if id(p) not in taken]
    other = [n for n in offered if split(n)[0] == base]
    if other:
        has = split(other[0])[1]
        shown = f"version {has}" if has else "no version"
        help = f"`{base}` is given in {shown}, the component asks for {f'version {version}' if version else 'none'}"
    elif base.startswith("wasi:"):
        help = f"witkit provides WASI 0.2 without `wasi:http`, not `{name}`; give an implementation of it"
    elif argument := offer.arguments.get(name):
        help = f"give an implementation of it as `{argument}`, or name `{argument}` in `optional`"
    else:
        help = did_you_mean(name, offered) or "give an implementation of it, or name it in `optional`"
    return error(MISSING_INTERFACE, f"nothing satisfies the import `{name}`", file=offer.file, help=help)


def _missing_in_world(names: list[str], file: str) -> Diagnostic:
    shown = ", ".join(f"`{name}`" for name in names)
    what = "import" if len(names) == 1 else "imports"
    return error(
        MISSING_INTERFACE, f"nothing satisfies the {what} {shown} of the world itself", file=file,
        help=f"give an object that has {'it' if len(names) == 1 else 'them'} as `{WORLD}`, "
        f"or name `{WORLD}` or a single function in `optional`",
    )  # fmt: skip


def _unfit(where: str, link: LinkedImport, difference: str, file: str) -> Diagnostic:
    """A function that has another type in what is given for it."""
    who, help = "the bindings", "generate the bindings from the WIT that the component was built with"
    if link.wasi is not None:
        who, help = "witkit's WASI", f"give an implementation of the whole `{link.name}`"
    return error(OTHER_TYPE, f"`{where}` does not fit {who}: {difference}", file=file, help=help)


def _lacks(where: str, link: LinkedImport, interface: abi.Interface, near: str, file: str) -> Diagnostic:
    """A function that the component imports and the interface that is given for it does not have."""
    who, help = "the bindings do", "generate the bindings from the WIT that the component was built with"
    if link.wasi is not None:
        who = "witkit's WASI does"
        help = f"give an implementation of the whole `{link.name}`"
    elif interface.name != link.name:
        who = f"`{interface.name}` does"
        help = "that is the interface which is given for it; give one that has all functions"
    message = f"the component imports `{where}`, which {who} not have"
    return error(OTHER_TYPE, message, file=file, help=near or help)


def _unknown(offer: _Offer, surface: Surface) -> dict[Diagnostic, str]:
    """Names in `optional` that no import has, each with the import that is perhaps meant.

    A name that the bindings know is fine: the guest may not use it.
    """
    imports = [n for n in surface.imports if n]
    own = surface.imports[""]
    # What the world `use`s from an interface belongs to that interface.
    resources = {name for name, resource in own.resources.items() if not resource.interface}
    known = {*imports, *(split(n)[0] for n in imports), *(p.name for p in offer.all if p.name), *own.functions}
    if own.functions or resources or any(not p.name for p in offer.all):
        known |= {WORLD, *resources, *(f.name for p in offer.all if not p.name for f in p.interface.functions)}
    found = {}
    for name in sorted(offer.optional - known):
        short = [each for each in imports if split(each)[0].rpartition("/")[2] == name]
        near = short[0] if len(short) == 1 else closest(name, known)
        help = f"did you mean `{near}`?" if near else ""
        message = f"the optional import `{name}` is not an import of the component"
        meant = next((each for each in imports if near in (each, split(each)[0])), "")
        found[error(UNKNOWN_OPTIONAL, message, file=offer.file, help=help)] = meant
    return found
