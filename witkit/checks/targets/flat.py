"""The numbers that a value is at the boundary, by "flattening" of the canonical ABI."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from witkit.ir import model
from witkit.ir.model import Primitive, Type, TypeDef
from witkit.ir.toposort import postorder

MAX_PARAMS: Final = 16
"""If parameters are more numbers than this, all of them are in memory instead."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number of core WebAssembly (`i32`, `i64`, `f32`, `f64`), and the primitive types whose values it can be."""

    core: str
    of: frozenset[Primitive] = frozenset()


_CORES: Final = {Primitive.S64: "i64", Primitive.U64: "i64", Primitive.F32: "f32", Primitive.F64: "f64"}
_I32: Final = Number("i32")

Numbers = tuple[Number, ...]


def flat(type_: Type | None) -> Numbers:
    """The numbers of a type, of which there can be more than the first `MAX_PARAMS + 1`."""
    if type_ is None:
        return ()
    known: dict[int, Numbers] = {}
    if isinstance(type_, TypeDef):
        done: set[TypeDef] = set()
        for each in postorder(type_, _definitions_in, done):
            done.add(each)
            known[id(each)] = _definition(each, known)[: MAX_PARAMS + 1]
    return _of(type_, known)


def _definitions_in(type_: TypeDef) -> list[TypeDef]:
    return [each for each in model.children(type_) if isinstance(each, TypeDef)]


def _of(type_: Type | None, known: dict[int, Numbers]) -> Numbers:
    if isinstance(type_, TypeDef):
        return known[id(type_)]
    if type_ is None:
        return ()
    if type_ is Primitive.STRING:
        return _I32, _I32
    return (Number(_CORES.get(type_, "i32"), frozenset({type_})),)


def _definition(type_: TypeDef, known: dict[int, Numbers]) -> Numbers:
    match type_.kind:
        case model.Alias(target):
            return _of(target, known)
        case model.Record() | model.Tuple():
            return tuple(number for part in model.children(type_) for number in _of(part, known))
        case model.FixedLengthList(type=element, length=length):
            return _of(element, known) * min(length, MAX_PARAMS + 1)
        case model.Variant() | model.Option() | model.Result():
            return _I32, *_joined(_of(part, known) for part in model.children(type_))
        case model.List() | model.Map():
            return _I32, _I32
        case _:
            return (_I32,)


def _joined(cases: Iterable[Numbers]) -> Numbers:
    """The numbers that can hold those of every case."""
    return tuple(_join([each for each in column if each is not None]) for column in zip_longest(*cases))


def _join(numbers: list[Number]) -> Number:
    cores = {each.core for each in numbers}
    core = cores.pop() if len(cores) == 1 else "i32" if cores == {"i32", "f32"} else "i64"
    return Number(core, frozenset().union(*(each.of for each in numbers)))
