"""Whether a description fits the type that a component states, and which resources of the component it means.

Generated functions trust their types: a function is bound only after its description was found to be of the
component's own type. Both may hold the same part any number of times, and each pair of parts is looked at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias, cast

from witkit import abi
from witkit.canonical.blame import parameters
from witkit.wasm import types
from witkit.wasm.plan import PlannedResource

_DEEP: Final = 6

_Pair: TypeAlias = "tuple[abi.Type | None, types.ValType | None]"


def differs(func: abi.Func, type: types.Func) -> str:
    """What makes a description differ from the component's type of a function; empty if nothing does.

    A resource only has to be owned or borrowed in both: `resources` says which one it is.
    """
    if func.is_async != type.is_async:
        return f"it is {_asynchronous(type.is_async)} in the component, {_asynchronous(func.is_async)} in the bindings"
    expected, found = parameters(func), type.params
    if len(expected) != len(found):
        return f"it has {len(found)} parameters in the component, {len(expected)} in the bindings"
    for param, (_, given) in zip(expected, found, strict=True):
        if not same(param.type, given):
            return f"parameter `{param.name}` is {text(given)} in the component, another type in the bindings"
    if not same(func.result, type.result):
        return f"it returns {text(type.result)} in the component, another type in the bindings"
    return ""


def _asynchronous(is_async: bool) -> str:
    return "an `async func`" if is_async else "a plain function"


def same(one: abi.Type | None, other: types.ValType | None) -> bool:
    """Whether a description is one of a component's type."""
    return all(inner is not None for _, _, inner in _together([(one, other)]))


def resources(func: abi.Func, type: types.Func) -> dict[abi.Resource, PlannedResource]:
    """The resources of a plan by those of a description, which fits the function's type.

    One description may stand for two imports or exports, under two labels, each with resources of its own.
    """
    found: dict[abi.Resource, PlannedResource] = {}
    given = [*(t for _, t in type.params), type.result]
    described = [*(p.type for p in parameters(func)), func.result]
    for one, other, _ in _together(list(zip(described, given, strict=True))):
        if isinstance(one, abi.Own | abi.Borrow):
            assert isinstance(other, types.Defined)
            assert isinstance(other.kind, types.Own | types.Borrow)
            found[one.resource] = cast(PlannedResource, other.kind.resource)
    return found


def uncarried(type: types.Func) -> str:
    """The first part of a function's type that cannot cross yet: `stream`, `future` or `error-context`; else empty."""
    seen: set[int] = set()
    stack: list[types.ValType | None] = [type.result, *(t for _, t in reversed(type.params))]
    while stack:
        part = stack.pop()
        if part == "error-context":
            return part
        if not isinstance(part, types.Defined) or id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part.kind, types.Stream | types.Future):
            return part.kind.__class__.__name__.lower()
        stack += reversed(list(types.parts(part.kind)))
    return ""


def _together(pairs: list[_Pair]) -> Iterator[tuple[abi.Type | None, types.ValType | None, list[_Pair] | None]]:
    """The parts of descriptions beside those of types, each pair once, with the pairs inside.

    None in their place means that the two differ from the outside.
    """
    seen: set[tuple[int, int]] = set()
    stack = list(reversed(pairs))
    while stack:
        one, other = stack.pop()
        if (id(one), id(other)) not in seen:
            seen.add((id(one), id(other)))
            inner = _inner(one, other)
            yield one, other, inner
            stack += reversed(inner or [])


def _inner(type: abi.Type | None, other: types.ValType | None) -> list[_Pair] | None:
    kind = other.kind if isinstance(other, types.Defined) else types.Primitive(other) if other else None
    match type, kind:
        case None, None:
            return []
        case abi.Primitive(name=name), types.Primitive(found):
            return [] if name == found else None
        case abi.List(element=element, length=None), types.List(inner):
            return [(element, inner)]
        case abi.List(element=element, length=length), types.FixedLengthList(inner, count):
            return [(element, inner)] if length == count else None
        case abi.Option(element=element), types.Option(inner):
            return [(element, inner)]
        case abi.Result(ok=a, err=b), types.Result(first, second):
            return [(a, first), (b, second)]
        case abi.Map(key=key, value=value), types.Map(first, second):
            return [(key, first), (value, second)]
        case abi.Tuple(elements=elements), types.Tuple(found):
            return list(zip(elements, found, strict=True)) if len(elements) == len(found) else None
        case abi.Record(fields=fields), types.Record(named):
            return _named([(f.name, f.type) for f in fields], list(named))
        case abi.Variant(cases=cases), types.Variant(named):
            return _named([(c.name, c.payload) for c in cases], list(named))
        case (abi.Enum(cases=names), types.Enum(found)) | (abi.Flags(flags=names), types.Flags(found)):
            return [] if tuple(names) == tuple(found) else None
        case (abi.Own(), types.Own()) | (abi.Borrow(), types.Borrow()):
            return []
        case _:
            return None


def _named(
    one: list[tuple[str, abi.Type | None]], other: list[tuple[str, types.ValType | None]]
) -> list[_Pair] | None:  # fmt: skip
    if [name for name, _ in one] != [name for name, _ in other]:
        return None
    return [(type, found) for (_, type), (_, found) in zip(one, other, strict=True)]


def text(type: types.ValType | None, depth: int = 0) -> str:
    """A type as WIT, as far as it has names; what lies deep inside is left out."""
    if depth > _DEEP:
        return "…"
    if not isinstance(type, types.Defined):
        return type or "_"

    def inner(*parts: types.ValType | None) -> str:
        return ", ".join(text(part, depth + 1) for part in parts)

    match type.kind:
        case types.Primitive(name):
            return name
        case types.Record(fields):
            return f"record {{ {', '.join(f'{n}: {text(t, depth + 1)}' for n, t in fields)} }}"
        case types.Variant(cases):
            shown = (n if t is None else f"{n}({text(t, depth + 1)})" for n, t in cases)
            return f"variant {{ {', '.join(shown)} }}"
        case types.Enum(names) | types.Flags(names):
            return f"{_word(type.kind)} {{ {', '.join(names)} }}"
        case types.FixedLengthList(element, length):
            return f"list<{inner(element)}, {length}>"
        case types.Own() | types.Borrow():
            return _word(type.kind)
        case kind:
            return f"{_word(kind)}<{inner(*types.parts(kind))}>"


def _word(kind: types.Kind) -> str:
    """The word for a type in WIT."""
    return kind.__class__.__name__.lower()
