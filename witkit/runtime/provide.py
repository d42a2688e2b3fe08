"""What satisfies each import of a component, found before anything runs; and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from witkit import abi
from witkit.abi import Provided
from witkit.abi.versions import compatible, find, split
from witkit.runtime import implementations, shapes, wasi
from witkit.runtime.reflect import InterfaceShape, Reflection, function_is_async
from witkit.text import Diagnostic, closest, did_you_mean, error

MISSING_INTERFACE = "WIT0710"
OTHER_TYPE = "WIT0713"
UNSUPPORTED_ITEM = "WIT0714"
UNKNOWN_OPTIONAL = "WIT0715"

WORLD = "world"
"""What the imports of the world itself are called, as an argument and in `optional`."""

_FITS = 256
"""Comparisons that a component remembers; descriptions that are made for each instance must not fill the memory."""


@dataclass(slots=True)
class Link:
    """One import: satisfied by an implementation, by wasmtime (`wasi`), or by stubs (neither).

    The functions and resources of the world itself are one import, named "". Functions of the component that are not
    among `functions` are stubs.
    """

    name: str
    shape: InterfaceShape
    provided: Provided | None = None
    functions: list[abi.Func] = field(default_factory=list)
    wasi: bool = False


@dataclass(slots=True)
class Plan:
    """How all imports of a component are linked, and what prevents it."""

    links: list[Link] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a program gives, and how its bindings call it: arguments by the names of imports."""

    all: Sequence[Provided]
    given: Sequence[Provided]
    optional: frozenset[str]
    arguments: Mapping[str, str]
    file: str
    version: str


def plan(
    reflection: Reflection, offered: Sequence[Provided], optional: Iterable[str], arguments: Mapping[str, str], *,
    file: str, version: str,
) -> Plan:  # fmt: skip
    """Match every import with what is offered; `optional` names imports that may be left out.

    A plan with diagnostics cannot be linked. `arguments` are the names of arguments by those of imports, and
    `version` is wasmtime's, both for messages.
    """
    given = [p for p in offered if p.implementation is not None]
    offer = _Offer(offered, given, frozenset(optional), arguments, file, version)
    found = Plan()
    owned: set[int] = set()
    for name, shape in reflection.imports.items():
        own = set(shape.resources.values()) - owned
        owned |= own
        if not shape.functions and not (own if not name else shape.resources):
            # Types only: wasmtime asks for no instance.
            continue
        link = Link(name, shape, _offered(name, reflection.labels.get(name), given))
        found.links.append(link)
        # An interface that only passes on another one's resources is an instance for wasmtime, but it needs nothing.
        if link.provided is not None or shape.functions or own:
            found.diagnostics += _satisfy(link, reflection, offer)
    found.diagnostics += _parts(reflection, offer)
    unknown = _unknown(offer, reflection)
    # One mistake: the import that such a name means is not missing.
    meant = {f"nothing satisfies the import `{name}`" for name in unknown.values()}
    found.diagnostics = [said for said in found.diagnostics if said.message not in meant]
    found.diagnostics += unknown
    return found


def _parts(reflection: Reflection, offer: _Offer) -> list[Diagnostic]:
    """Imports that are code: only another component could give them."""
    return [
        _unsupported(f"{name}#{item}" if name else item, f"importing a {kind}", offer)
        for name, shape in reflection.imports.items()
        for item, kind in shape.other.items()
        if kind != "type"
    ]


def _satisfy(link: Link, reflection: Reflection, offer: _Offer) -> list[Diagnostic]:
    """Decide what satisfies an import, and say what is wrong with it."""
    if link.provided is not None:
        return _check(link, reflection, offer)
    if _is_optional(link, offer):
        return _asynchronous(link, offer)
    if wasi.provides(link.name):
        link.wasi = True
        lacking = wasi.lacks(link.name, link.shape.functions)
        return [_left_out(f"{link.name}#{function}", link.name, offer.file) for function in lacking]
    if link.name:
        return [_missing(link.name, reflection, offer)]
    left = [name for name in (*link.shape.functions, *link.shape.resources) if name not in offer.optional]
    return [_missing_in_world(left, offer.file)] if left else _asynchronous(link, offer)


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


def _is_optional(link: Link, offer: _Offer) -> bool:
    if not link.name:
        return WORLD in offer.optional
    if link.name in offer.optional or split(link.name)[0] in offer.optional:
        return True
    names = {p.name for p in offer.all if p.implementation is None and p.name in offer.optional}
    return any(compatible(n, link.name) for n in names)


def _check(link: Link, reflection: Reflection, offer: _Offer) -> list[Diagnostic]:
    """Every function that the component imports: is it there, with this type and as many parameters?"""
    assert link.provided is not None
    fitting, problems = _fit(link, reflection, offer)
    link.functions += [func for func in fitting if not _may_be_stub(func, link, offer)]
    return problems + implementations.check(link.name, link.functions, link.provided.implementation, offer.file)


def _fit(link: Link, reflection: Reflection, offer: _Offer) -> tuple[list[abi.Func], list[Diagnostic]]:
    """The functions of an interface that are of the component's types, and what is wrong with the others.

    An interface and a component do not change: it is found out once for both.
    """
    assert link.provided is not None
    interface = link.provided.interface
    known = reflection.fits.get((link.name, id(interface)))
    if known is None or known[0] is not interface:
        if len(reflection.fits) >= _FITS:
            reflection.fits.clear()
        known = (interface, *_compared(link, interface, reflection, offer))
        reflection.fits[link.name, id(interface)] = known
    return known[1], known[2]


def _compared(
    link: Link, interface: abi.Interface, reflection: Reflection, offer: _Offer
) -> tuple[list[abi.Func], list[Diagnostic]]:
    known = {f.name: f for f in interface.functions}
    fitting, problems = list[abi.Func](), _asynchronous(link, offer)
    for name, type in link.shape.functions.items():
        where = f"{link.name}#{name}" if link.name else name
        func, shape = known.get(name), reflection.function(True, link.name, name)
        bad = shapes.unsupported(shape.result) or next((b for _, t in shape.params if (b := shapes.unsupported(t))), "")
        if bad:
            problems.append(_unsupported(where, f"values of type {bad}", offer))
        elif func is None:
            problems.append(_lacks(where, link, did_you_mean(name, known), offer.file))
        elif function_is_async(type):
            continue
        elif difference := shapes.differs(func, shape):
            problems.append(error(
                OTHER_TYPE, f"`{where}` does not fit the bindings: {difference}", file=offer.file,
                help="generate the bindings from the WIT that the component was built with",
            ))  # fmt: skip
        else:
            fitting.append(func)
    return fitting, problems


def _may_be_stub(func: abi.Func, link: Link, offer: _Offer) -> bool:
    """Whether the implementation of the world's own imports leaves out a function that `optional` names."""
    assert link.provided is not None
    named = func.name in offer.optional or WORLD in offer.optional
    return not link.name and named and not hasattr(link.provided.implementation, func.attr) and func.kind == "free"


def _asynchronous(link: Link, offer: _Offer) -> list[Diagnostic]:
    return [
        _unsupported(f"{link.name}#{name}" if link.name else name, "importing an `async func`", offer)
        for name, type in link.shape.functions.items()
        if function_is_async(type)
    ]


def _unsupported(where: str, what: str, offer: _Offer) -> Diagnostic:
    return error(
        UNSUPPORTED_ITEM, f"`{where}` cannot be provided: wasmtime {offer.version} does not support {what} from C",
        file=offer.file, help="use a newer wasmtime, or a WIT without it",
    )  # fmt: skip


def unsupported_export(where: str, what: str, file: str, version: str) -> Diagnostic:
    """An export that cannot be called."""
    return error(
        UNSUPPORTED_ITEM, f"the export `{where}` cannot be called: wasmtime {version} does not support {what} from C",
        file=file, help="use a newer wasmtime, or a WIT without it",
    )  # fmt: skip


def _missing(name: str, reflection: Reflection, offer: _Offer) -> Diagnostic:
    """An import that nothing satisfies, with what comes near it."""
    base, version = split(name)
    # What another import takes is not a misspelt name of this one.
    taken = {id(_offered(n, reflection.labels.get(n), offer.given)) for n in reflection.imports}
    offered = [p.interface.name for p in offer.given if id(p) not in taken]
    other = [n for n in offered if split(n)[0] == base]
    if other:
        has = split(other[0])[1]
        shown = f"version {has}" if has else "no version"
        help = f"`{base}` is given in {shown}, the component asks for {f'version {version}' if version else 'none'}"
    elif base.startswith("wasi:"):
        help = (
            f"wasmtime provides WASI 0.2 without `wasi:http` and what is unstable, not `{name}`; "
            "give an implementation of it"
        )
    elif argument := offer.arguments.get(name):
        help = f"give an implementation of it as `{argument}`, or name `{argument}` in `optional`"
    else:
        help = did_you_mean(name, offered) or "give an implementation of it, or name it in `optional`"
    return error(MISSING_INTERFACE, f"nothing satisfies the import `{name}`", file=offer.file, help=help)


def _left_out(where: str, interface: str, file: str) -> Diagnostic:
    return error(
        MISSING_INTERFACE,
        f"nothing satisfies the import `{where}`",
        file=file,
        help=f"wasmtime leaves out what WASI 0.2 marks as unstable; give an implementation of the whole `{interface}`",
    )


def _missing_in_world(names: list[str], file: str) -> Diagnostic:
    shown = ", ".join(f"`{name}`" for name in names)
    what = "import" if len(names) == 1 else "imports"
    return error(
        MISSING_INTERFACE, f"nothing satisfies the {what} {shown} of the world itself", file=file,
        help=f"give an object that has {'it' if len(names) == 1 else 'them'} as `{WORLD}`, "
        f"or name `{WORLD}` or a single function in `optional`",
    )  # fmt: skip


def _lacks(where: str, link: Link, near: str, file: str) -> Diagnostic:
    """A function that the component imports and the interface that is given for it does not have."""
    assert link.provided is not None
    who, help = "the bindings do", "generate the bindings from the WIT that the component was built with"
    if link.provided.name != link.name:
        who = f"`{link.provided.interface.name}` does"
        help = "that is the interface which is given for it; give one that has all functions"
    message = f"the component imports `{where}`, which {who} not have"
    return error(OTHER_TYPE, message, file=file, help=near or help)


def _unknown(offer: _Offer, reflection: Reflection) -> dict[Diagnostic, str]:
    """Names in `optional` that no import has, each with the import that is perhaps meant.

    A name that the bindings know is fine: the guest may not use it.
    """
    imports = [n for n in reflection.imports if n]
    own = reflection.imports[""]
    # What the world `use`s from an interface belongs to that interface.
    used = {number for n in imports for number in reflection.imports[n].resources.values()}
    resources = {name for name, number in own.resources.items() if number not in used}
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
