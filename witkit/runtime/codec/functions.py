"""Whole functions: what runs when the host calls an export, and when the guest calls an import.

The code of a function is made and compiled once per `abi.Func`; `bind` then closes it over one instance.
The generated export looks like this for `place: func(item: string, quantity: u32) -> u32`:

    def bind(state, func, slot, types):
        take, give, context = state.take, state.give, state.context
        def call(a0, a1, /):
            try: take(); nested = False
            except IndexError: nested = True   # the instance is busy, closed, or this is a re-entrant call
            if nested: state.reenter(); s = new_slot()
            else: state.owner = get_ident(); s = slot
            try:
                if state.todo and not nested: state.prepare()
                try: <lowering>; image = pack(12, …, 6, a1)
                except Exception as error: blame((a0, a1), error)
                e = c_call(func, context, image, count, s, one)
                if e or LOST: state.failed(e, …)
                v1, = unpack(s)
                return v1
            finally:
                if not nested: state.owner = 0; give(1)
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from threading import get_ident
from typing import Any, TypeAlias, TypeVar

from witkit import abi
from witkit.canonical.blame import blame_arguments, blame_result, no_result, parameters
from witkit.runtime import capi
from witkit.runtime.codec.code import Code, indented
from witkit.runtime.codec.layout import HEAD, KIND, has_handles, is_bytes, is_scalar
from witkit.runtime.codec.lift import Lifting
from witkit.runtime.codec.lower import H, Lowering

T = TypeVar("T")

Bind: TypeAlias = Callable[..., Callable[..., Any]]
"""A compiled function: called with what belongs to one instance, it gives the callable for it."""


def uses_handles(func: abi.Func) -> bool:
    """Whether any value of the function holds resource handles."""
    return has_handles(func.result) or any(has_handles(p.type) for p in parameters(func))


def compile_export(func: abi.Func) -> Bind:
    """The codec for calling an export. Its `bind(state, func, slot, types)` takes the store's state, the C function
    (kept alive by the callable), a result slot for calls that are not nested, and the numbers of its resources."""
    code = Code()
    lowering, lifting = Lowering(code), Lifting(code)
    names = [code.fresh("a") for _ in parameters(func)]
    lines: list[str] = []
    format, expressions = "", list[str]()
    for name, parameter in zip(names, parameters(func), strict=True):
        f, e = lowering.lower(parameter.type, name, lines)
        format += f
        expressions += e
    lines.append(f"image = {code.struct(format, 'pack')}({', '.join(expressions)})" if names else "image = None")
    lines = _kept(lines)
    given = f"({', '.join(names)},)" if names else "()"
    if names:
        lines = ["try:", *indented(lines), f"except Exception as error: blame(func_type, {given}, error)"]
    if uses_handles(func):
        lines.append("C.sent = True")
    body = [*lines, "e = c_call(func, context, image, count, s, has_result)", "if e or LOST: state.failed(e, name)"]
    body += _lift_result(func, lifting)
    if uses_handles(func):
        body = ["C = state.begin(types)", "try:", *indented(body), "finally: C.end()"]
    code.namespace.update(
        c_call=capi.func_call, count=ctypes.c_size_t(len(names)), has_result=ctypes.c_size_t(func.result is not None),
        blame=blame_arguments, func_type=func, name=func.name, new_slot=capi.new_slot, get_ident=get_ident, LOST=LOST,
        val_delete=capi.val_delete, ZERO=b"\0",
    )  # fmt: skip
    call = [
        f"def call({', '.join(names)}{', /' if names else ''}):",
        "    try:",
        "        take()",
        "        nested = False",
        "    except IndexError:",
        "        nested = True",
        "    if nested:",
        "        state.reenter()",
        "        s = new_slot()",
        "    else:",
        "        state.owner = get_ident()",
        "        s = slot",
        "    try:",
        "        if state.todo and not nested: state.prepare()",
        *indented(indented(body)),
        "    finally:",
        "        if not nested:",
        "            state.owner = 0",
        "            give(1)",
        "            if state.broken: state.close()",
        "return call",
    ]
    head = ["take, give, context = state.take, state.give, state.context"]
    bind: Bind = code.define("bind", "state, func, slot, types", head + call)
    return bind


@dataclass(frozen=True, slots=True)
class ExportParts:
    """The two halves of an export, for calls that are not one C call: `lower(values, keep, call)` gives the
    arguments' image, `lift(slot, call)` returns or raises what the slot holds and empties it."""

    count: int
    lower: Callable[[tuple[Any, ...], Callable[[object], None], Any], bytes | None]
    lift: Callable[[Any, Any], Any]


def compile_parts(func: abi.Func) -> ExportParts:
    """Compile both halves of an export by themselves."""
    code = Code()
    lowering, lifting = Lowering(code), Lifting(code)
    names = [code.fresh("a") for _ in parameters(func)]
    lines: list[str] = []
    format, expressions = "", list[str]()
    for name, parameter in zip(names, parameters(func), strict=True):
        f, e = lowering.lower(parameter.type, name, lines)
        format += f
        expressions += e
    # The image points to memory of local names here, which end with the function: all of it goes to `keep`.
    lines.append(f"image = {code.struct(format, 'pack')}({', '.join(expressions)})" if names else "image = None")
    if names:
        unpack = [f"{', '.join(names)}, = values"]
        lines = [*unpack, "try:", *indented(lines), "except Exception as error: blame(func_type, values, error)"]
    code.namespace.update(blame=blame_arguments, func_type=func, val_delete=capi.val_delete, ZERO=b"\0")
    lower = code.define("lower_all", "values, keep, C", [*lines, "return image"])
    lift = code.define("lift_all", "s, C", _lift_result(func, lifting))
    return ExportParts(len(names), lower, lift)


def _kept(lines: list[str]) -> list[str]:
    """In a whole function memory is kept by its local names, each used once; only what deeper functions
    make needs a list to stay in."""
    lines = [line for line in lines if not _KEEPS_LOCAL(line)]
    return ["kept = []", "keep = kept.append", *lines] if any("keep" in line for line in lines) else lines


_KEEPS_LOCAL = re.compile(r"\s*keep\(\w+\)$").match


def _lift_result(func: abi.Func, lifting: Lifting) -> list[str]:
    """From the filled slot `s` to `return …`, with the slot empty again afterwards."""
    code, type = lifting.code, func.result
    if type is None:
        return ["return None"]
    if func.raises and isinstance(type, abi.Result):
        ok, p = code.fresh("k"), code.fresh("p")
        format, names = "?7xQ8x", [ok, p]
        lines = [f"if {ok}: return {lifting.side(type.ok, p)}", f"raise Err({lifting.side(type.err, p)})"]
    else:
        format, names, expression = lifting.lift(type)
        lines = [f"return {expression}"]
    unpack = f"{', '.join(names)}, = {code.struct('8x' + format, 'unpack_from')}(s)"
    if is_scalar(type):
        return [unpack, *lines]
    # The slot is emptied before its old content is freed: an interrupt in between must leak, not free twice.
    freed = ["image = s.raw", "s[0] = ZERO", "val_delete(image)"]
    return ["try:", f"    {unpack}", *indented(lines), "finally:", *indented(freed)]


def compile_import(func: abi.Func) -> Bind:
    """The codec for an import. Its `bind(state, target)` gives `run(args, res)`, called with the addresses of
    the arguments and of the result slot; it raises what `target` raises. A method is called on its object."""
    return _compile_import(func, on_object=func.kind == "method")


def _lent(func: abi.Func) -> list[abi.Resource]:
    """The resources that the guest lends to an import. Empty if it carries other handles, too."""
    types = [parameter.type for parameter in parameters(func)]
    lent = [type.resource for type in types if isinstance(type, abi.Borrow)]
    others = [type for type in types if not isinstance(type, abi.Borrow)]
    return [] if any(map(has_handles, [*others, func.result])) else lent


def compile_observed(func: abi.Func) -> Bind:
    """The same for an import that is observed: `target` is called for a method, too, with the object first."""
    return _compile_import(func, on_object=False)


def _compile_import(func: abi.Func, *, on_object: bool) -> Bind:
    """Most methods have no handle besides `self`, which then is looked up without the bookkeeping of a `Call`."""
    lent = _lent(func)
    short = _import_code(func, on_object=on_object, lent=True) if lent else None

    def bind(state: Any, target: Any) -> Callable[..., Any]:
        if short is not None and all(resource in state.host.types for resource in lent):
            return short(state, target)
        return _import_code(func, on_object=on_object)(state, target)

    return bind if short is not None else _import_code(func, on_object=on_object)


def _import_code(func: abi.Func, *, on_object: bool, lent: bool = False) -> Bind:
    code = Code()
    lowering, lifting = Lowering(code), Lifting(code, lent=lent)
    format, names, expressions = "", list[str](), list[str]()
    for parameter in parameters(func):
        f, ns, e = lifting.lift(parameter.type)
        format += "8x" + f
        names += ns
        expressions.append(e)
    body = [f"{', '.join(names)}, = {code.struct(format, 'unpack_from')}(M, args - 1)"] if names else []
    if on_object:
        call = f"{expressions[0]}.{func.attr}({', '.join(expressions[1:])})"
    else:
        call = f"target({', '.join(expressions)})"
    body += _call_target(func, call, lowering)
    if uses_handles(func) and not lent:
        # What an import carries are handles to host objects: a guest cannot import a type of its own.
        body = ["C = state.begin({})", "try:", *indented(body), "finally: C.end()"]
    code.namespace.update(
        blame_result=blame_result, no_result=no_result, func_type=func, val_clone=capi.val_clone,
        byte_vec_new=capi.byte_vec_new, vallist_new_uninit=capi.vallist_new_uninit, memmove=ctypes.memmove,
        new_slot=capi.new_slot, addressof=ctypes.addressof,
    )  # fmt: skip
    run = ["def run(args, res):", *indented(body), "return run"]
    if lent:
        run = ["lent = state.lent", *run]
    if any("vector" in line for line in body):
        kind = KIND["string" if func.result == abi.STRING else "list"]
        run = ["vector = new_slot()", f"vector[0] = {bytes([kind])!r}", "vector_at = addressof(vector) + 8", *run]
    bind: Bind = code.define("bind", "state, target", run)
    return bind


def _call_target(func: abi.Func, call: str, lowering: Lowering) -> list[str]:
    """Call the host's function and write its result to `res`."""
    if func.result is None:
        return [f"r = {call}", "if r is not None: no_result(func_type, r)", "return"]
    if func.raises and isinstance(func.result, abi.Result):
        lines = [
            "try: r, ok = " + call + ", True",
            f"except Err as error: r, ok = error.value, False; state.refused = {func.name!r}, r",
        ]
        lower: list[str] = []
        at = "p"
        lowering._sides(func.result, "r", "r", "ok", at, lower)
        packed = HEAD + "?7xQ8x", [str(KIND["result"]), "ok", at]
    else:
        lines, lower = [f"r, ok = {call}, True"], []
        if func.result == abi.STRING:
            return [*lines, *_guarded(["data = encode(r)"]), *_string_result()]
        if is_bytes(func.result):
            read = ["data = r if type(r) is bytes else as_bytes(r)"]
            return [*lines, *_guarded(read), *_bytes_result(lowering.code)]
        packed = lowering.lower(func.result, "r", lower)
    format, expressions = packed
    pack = lowering.code.struct(format, "pack")
    lower.append(f"image = {pack}({', '.join(expressions)})")
    if is_scalar(func.result):
        return [*lines, *_guarded(lower), "M[res - 1:res + 31] = image"]
    sent = ["C.sent = True"] if has_handles(func.result) else []
    return [*lines, *_guarded(_kept(lower)), *sent, f"val_clone(id(image) + {H}, res)"]


def _guarded(lines: list[str]) -> list[str]:
    return ["try:", *indented(lines), "except Exception as error: blame_result(func_type, ok, r, error)"]


def _string_result() -> list[str]:
    """A string goes straight into memory of the C library. `vector`, one for each instance, is the value
    under construction; `res` gets it last and at once: an interrupt before that leaks, no more."""
    return ["byte_vec_new(vector_at, len(data), data)", "M[res - 1:res + 31] = vector.raw"]


def _bytes_result(code: Code) -> list[str]:
    """`list<u8>` as the string above: memory of the C library, filled from a strided template."""
    template = code.constant(bytearray([KIND["u8"]]) + bytearray(31), "T")
    return [
        "n = len(data)",
        f"filled = {template} * n",
        "filled[8::32] = data",
        "vallist_new_uninit(vector_at, n)",
        f"if n: start, = {code.struct('16xQ', 'unpack_from')}(vector); M[start - 1:start - 1 + 32 * n] = filled",
        "M[res - 1:res + 31] = vector.raw",
    ]


LOST: dict[int, BaseException] = {}
"""Per thread, an exception that struck before a callback's first line (see `callbacks`)."""


def export_codec(func: abi.Func) -> Bind:
    """The export codec of a function type, compiled at first use and kept with the type: generated packages
    keep theirs, types read from a component go with it."""
    return _kept_with(func, compile_export)


def import_codec(func: abi.Func) -> Bind:
    """As `export_codec`, for an import."""
    return _kept_with(func, compile_import)


def observed_codec(func: abi.Func) -> Bind:
    """As `export_codec`, for an import that is observed."""
    return _kept_with(func, compile_observed)


def export_parts(func: abi.Func) -> ExportParts:
    """As `export_codec`, for both halves of an export by themselves."""
    return _kept_with(func, compile_parts)


def _kept_with(func: abi.Func, compile: Callable[[abi.Func], T]) -> T:
    if compile not in func.compiled:
        func.compiled[compile] = compile(func)
    codec: T = func.compiled[compile]
    return codec
