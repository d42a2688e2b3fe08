"""What satisfies each import of a component, found before anything runs; and everything that is wrong with it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from witkit import abi
from witkit.abi import Provided
from witkit.abi.versions import compatible, find, split
from witkit.runtime import shapes, wasi
from witkit.runtime.reflect import InterfaceShape, Reflection, function_is_async
from witkit.text import Diagnostic, did_you_mean, error

MISSING_INTERFACE = "WIT0710"
MISSING_FUNCTION = "WIT0711"
WRONG_ARITY = "WIT0712"
OTHER_TYPE = "WIT0713"
UNSUPPORTED_ITEM = "WIT0714"
UNKNOWN_OPTIONAL = "WIT0715"


@dataclass(slots=True)
class Link:
    """One import: satisfied by an implementation, by a stub (neither), or by wasmtime (`wasi`)."""

    name: str
    shape: InterfaceShape
    provided: Provided | None = None
    functions: list[abi.Func] = field(default_factory=list)
    wasi: bool = False


@dataclass(slots=True)
class Plan:
    """How all imports of a component are linked, and what stands against it."""

    links: list[Link] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def plan(
    reflection: Reflection, offered: Sequence[Provided], optional: Iterable[str], *, file: str, version: str
) -> Plan:
    """Match every import with what is offered; `optional` names imports that may be left out.

    Where diagnostics are in the plan it cannot be linked. `version` is wasmtime's, for messages.
    """
    wanted = set(optional)
    given = [p for p in offered if p.implementation is not None]
    found = Plan()
    owned: set[int] = set()
    for name, shape in reflection.imports.items():
        own = set(shape.resources.values()) - owned
        owned |= own
        if not shape.functions and not (own if not name else shape.resources):
            # Types only: wasmtime asks for no instance.
            continue
        link = Link(name, shape, _offered(name, reflection.labels.get(name), given))
        problems: list[Diagnostic] = []
        if link.provided is not None:
            problems += _check(link, reflection, file, version)
        elif _is_optional(link, wanted, offered):
            problems += _asynchronous(link, file, version)
        elif wasi.provides(name):
            link.wasi = True
            problems += [_left_out(f"{name}#{function}", name, file) for function in wasi.lacks(name, shape.functions)]
        elif name:
            problems.append(_missing(name, given, file))
        else:
            problems += [_missing_function(n, file) for n in (*shape.functions, *shape.resources)]
        found.links.append(link)
        found.diagnostics += problems
    found.diagnostics += _unknown(wanted, reflection, offered, file)
    return found


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


def _is_optional(link: Link, wanted: set[str], offered: Sequence[Provided]) -> bool:
    base = split(link.name)[0]
    if link.name in wanted or base in wanted:
        return True
    names = {p.name for p in offered if p.implementation is None and p.name in wanted}
    return any(compatible(n, link.name) for n in names)


def _check(link: Link, reflection: Reflection, file: str, version: str) -> list[Diagnostic]:
    """Every function that the component imports: is it there, with this type and as many parameters?"""
    assert link.provided is not None
    if isinstance(link.provided.implementation, str):
        return [_only_named(link, link.provided.implementation, file)]
    known = {f.name: f for f in link.provided.interface.functions}
    problems = _asynchronous(link, file, version)
    for name, type in link.shape.functions.items():
        where = f"{link.name}#{name}" if link.name else name
        func, shape = known.get(name), reflection.function(True, link.name, name)
        bad = shapes.unsupported(shape.result) or next((b for _, t in shape.params if (b := shapes.unsupported(t))), "")
        if bad:
            problems.append(_unsupported(where, f"values of type {bad}", file, version))
        elif func is None:
            problems.append(_lacks(where, link, did_you_mean(name, known), file))
        elif function_is_async(type):
            continue
        elif difference := shapes.differs(func, shape):
            problems.append(error(
                OTHER_TYPE, f"`{where}` does not fit the bindings: {difference}", file=file,
                help="generate the bindings from the WIT that the component was built with",
            ))  # fmt: skip
        else:
            link.functions.append(func)
            problems += _implementation(func, link.provided.implementation, where, file)
    return problems


def _implementation(func: abi.Func, implementation: Any, where: str, file: str) -> list[Diagnostic]:
    """Whether the implementation has the function and can take its parameters."""
    owner, attr, further = implementation, func.attr, 0
    holder = type(implementation).__name__ if not inspect.ismodule(implementation) else implementation.__name__
    if func.resource is not None and func.kind != "free":
        owner = getattr(implementation, func.resource.attr, None)
        if owner is None:
            return [_no_attribute(where, implementation, holder, func.resource.attr, "class", file)]
        holder = f"{holder}.{func.resource.attr}"
        further = 1 if func.kind == "method" else 0
    target = owner if func.kind == "constructor" else getattr(owner, attr, None)
    if not callable(target):
        return [_no_attribute(where, owner, holder, attr, "function", file)]
    count = len(func.params)
    if func.kind == "method" and not isinstance(owner, type):
        return []
    if _takes(target, count + further):
        return []
    named = ", ".join(p.name for p in func.params) or "none"
    shown = holder if func.kind == "constructor" else f"{holder}.{attr}"
    return [error(
        WRONG_ARITY, f"`{shown}` cannot take the parameters of `{where}`", file=file,
        help=f"it is called with {count} {'argument' if count == 1 else 'arguments'}: {named}",
    )]  # fmt: skip


def _takes(target: Any, count: int) -> bool:
    """Whether a callable accepts that many positional arguments; true where it does not say."""
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError):
        return True
    try:
        signature.bind(*[None] * count)
    except TypeError:
        return False
    return True


def _asynchronous(link: Link, file: str, version: str) -> list[Diagnostic]:
    return [
        _unsupported(f"{link.name}#{name}" if link.name else name, "importing an `async func`", file, version)
        for name, type in link.shape.functions.items()
        if function_is_async(type)
    ]


def _unsupported(where: str, what: str, file: str, version: str) -> Diagnostic:
    return error(
        UNSUPPORTED_ITEM, f"`{where}` cannot be provided: wasmtime {version} does not support {what} from C",
        file=file, help="use a newer wasmtime, or a WIT without it",
    )  # fmt: skip


def unsupported_export(where: str, what: str, file: str, version: str) -> Diagnostic:
    """An export that cannot be called."""
    return error(
        UNSUPPORTED_ITEM, f"the export `{where}` cannot be called: wasmtime {version} does not support {what} from C",
        file=file, help="use a newer wasmtime, or a WIT without it",
    )  # fmt: skip


def _missing(name: str, given: Sequence[Provided], file: str) -> Diagnostic:
    """An import that nothing satisfies, with what comes near it."""
    base, version = split(name)
    offered = [p.interface.name for p in given]
    other = [n for n in offered if split(n)[0] == base]
    if other:
        has = split(other[0])[1]
        shown = f"version {has}" if has else "no version"
        help = f"`{base}` is given in {shown}, the component asks for {f'version {version}' if version else 'none'}"
    else:
        help = did_you_mean(name, offered) or "give an implementation of it, or name it in `optional`"
        if base.startswith("wasi:"):
            help = (
                f"wasmtime provides WASI 0.2 without `wasi:http` and what is unstable, not `{name}`; "
                "give an implementation of it"
            )
    return error(MISSING_INTERFACE, f"nothing satisfies the import `{name}`", file=file, help=help)


def _left_out(where: str, interface: str, file: str) -> Diagnostic:
    return error(
        MISSING_INTERFACE,
        f"nothing satisfies the import `{where}`",
        file=file,
        help=f"wasmtime leaves out what WASI 0.2 marks as unstable; give an implementation of the whole `{interface}`",
    )


def _missing_function(name: str, file: str) -> Diagnostic:
    return error(
        MISSING_INTERFACE, f"nothing satisfies the import `{name}` of the world itself", file=file,
        help="give an implementation of the world's own functions and resources, or name it in `optional`",
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


def _only_named(link: Link, given: str, file: str) -> Diagnostic:
    return error(
        MISSING_FUNCTION, f"the import `{link.name}` is given the text {given!r}, which has no functions", file=file,
        help="`witkit.host.bind` and `witkit.providers.open` open a backend by its name",
    )  # fmt: skip


def _no_attribute(where: str, owner: Any, holder: str, attr: str, what: str, file: str) -> Diagnostic:
    near = did_you_mean(attr, [n for n in dir(owner) if not n.startswith("_")])
    return error(
        MISSING_FUNCTION, f"`{holder}` has no {what} `{attr}`, which the import `{where}` needs", file=file,
        help=near or f"add `{attr}` to it",
    )  # fmt: skip


def _unknown(wanted: set[str], reflection: Reflection, offered: Sequence[Provided], file: str) -> list[Diagnostic]:
    """Names in `optional` that no import has. A name that the bindings know is fine: the guest may not use it."""
    imports = [n for n in reflection.imports if n]
    known = {*imports, *(split(n)[0] for n in imports), *(p.name for p in offered), *reflection.imports[""].functions}
    return [
        error(UNKNOWN_OPTIONAL, f"the optional import `{name}` is none of the component's", file=file,
              help=did_you_mean(name, known))
        for name in sorted(wanted - known)
    ]  # fmt: skip
