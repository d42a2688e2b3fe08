"""Whole functions: what runs when the host calls an export, and when the guest calls an import (`CanonicalABI.md`:
`canon lift`, `canon lower`).

The code of a function is made and compiled once for each `abi.Func` and options, and kept with the function; `bind`
closes it over one instance (see `contract`). The export of `place: func(item: string, quantity: u32) -> u32`:

    def bind(inst, tools, core, post_return):
        …
        def call(a1, a2, /):
            me = get_ident()
            try: take(); nested = False
            except IndexError: nested = True       # the instance is busy, closed, or this is a call within a call
            except BaseException: give(1); raise   # a signal struck as soon as it was taken
            if nested: reenter(); raw, go, after = fresh()
            else: state.owner = me; raw, go, after = own
            try:
                if state.todo and not nested: state.prepare()
                try: <lowering>; pack_into(raw, 0, p3, n4, a2)
                except Exception as error: blame(func_type, (a1, a2), error)
                go()
                x5, = unpack_from(raw)
                return x5
            except Violation as violation: state.stopped(violation, "place")
            finally:
                if not nested: state.owner = 0; give(1); …
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from threading import get_ident
from typing import Any, Protocol, TypeAlias

from witkit import abi
from witkit.abi.parts import parts
from witkit.canonical import fused, values
from witkit.canonical.blame import blame_arguments, blame_result, label, no_result, parameters
from witkit.canonical.code import Code, indented
from witkit.canonical.contract import Core
from witkit.canonical.errors import NotCarried, Violation
from witkit.canonical.layout import (
    MAX_FLAT_PARAMS,
    MAX_FLAT_RESULTS,
    SLOT,
    Layout,
    Layouts,
    flat,
    has_handles,
    points,
    uncarried,
)
from witkit.canonical.lift import VIEW, Lifting, head_format, view_of
from witkit.canonical.lower import Lowering
from witkit.canonical.scratch import Scratch

Bind: TypeAlias = Callable[..., Callable[..., Any]]
"""A compiled function: called with what belongs to one instance, it gives the callable for it."""

_TOOLS = "mem, realloc, place, gather = tools.memory, tools.realloc, tools.place, tools.gather"


class Options(Protocol):
    """The canonical options that code depends on: `utf8`, `utf16` or `latin1+utf16`."""

    @property
    def encoding(self) -> str: ...


def export_codec(func: abi.Func, options: Options) -> Bind:
    """The codec for calling an export: `bind(inst, tools, core, post_return, fuse=None)` gives the callable.
    `post_return` is None or, as `core`, a `contract.Core`; `fuse` is None or a `fused.Fuse`."""
    return kept(func, ("export", options.encoding), lambda: FunctionCode(func, options.encoding).export())


def inner_codec(func: abi.Func, options: Options) -> Bind:
    """As `export_codec`, for calls from another instance of the same store, which has the token."""
    return kept(func, ("inner", options.encoding), lambda: FunctionCode(func, options.encoding).export(inner=True))


def import_codec(func: abi.Func, options: Options) -> Bind:
    """The codec for an import: `bind(inst, tools, target)` gives `run(address)`, called with the address of the raw
    values; it raises what `target` raises. A method is called on its object."""
    return kept(func, ("import", options.encoding), lambda: _import(func, options.encoding, func.kind == "method"))


def observed_codec(func: abi.Func, options: Options) -> Bind:
    """The same for an import that is observed: `target` is called for a method, too, with the object first."""
    return kept(func, ("observed", options.encoding), lambda: _import(func, options.encoding, False))


def kept(func: abi.Func, key: tuple[str, str], make: Callable[[], Bind]) -> Bind:
    """The codec of a kind and an encoding: made at first use, and kept with the function."""
    if key not in func.compiled:
        text = uncarried([*(p.type for p in func.params), func.result])
        func.compiled[key] = _not_carried(func, text) if text else make()
    bind: Bind = func.compiled[key]
    return bind


def _not_carried(func: abi.Func, text: str) -> Bind:
    def refuse(*_: Any) -> Any:
        raise NotCarried(f"`{label(func)}` cannot be called: values of type {text} are not carried yet")

    return lambda *_: refuse


def _import(func: abi.Func, encoding: str, on_object: bool) -> Bind:
    """Most methods have no handle besides `self`, which then is looked up without the bookkeeping of a call."""
    lent = _lent(func)
    if not lent:
        return FunctionCode(func, encoding).lowered_import(on_object)
    short = FunctionCode(func, encoding, lent=True).lowered_import(on_object)
    whole: list[Bind] = []

    def bind(inst: Any, tools: Any, target: Any) -> Callable[..., Any]:
        if all(map(inst.is_host, lent)):
            return short(inst, tools, target)
        if not whole:
            whole.append(FunctionCode(func, encoding).lowered_import(on_object))
        return whole[0](inst, tools, target)

    return bind


def _lent(func: abi.Func) -> list[abi.Resource]:
    """The resources that the guest lends to an import. Empty if it carries other handles, too."""
    types = [parameter.type for parameter in parameters(func)]
    lent = [type.resource for type in types if isinstance(type, abi.Borrow)]
    others = [type for type in types if not isinstance(type, abi.Borrow)]
    return [] if any(map(has_handles, [*others, func.result])) else lent


def raw_values(count: int) -> tuple[bytearray, int]:
    """Memory for raw values, which must not be resized, and its address."""
    raw = bytearray(SLOT * max(count, 1))
    return raw, ctypes.addressof(ctypes.c_char.from_buffer(raw))


def _fresh(count: int, core: Core, post: Core | None) -> Callable[[], tuple[Any, ...]]:
    """What makes raw values, the call with them and the one afterwards, for one call at a time."""

    def fresh() -> tuple[Any, ...]:
        raw, address = raw_values(count)
        return raw, core(address, count), None if post is None else post(address, min(count, 1))

    return fresh


class FunctionCode:
    """One function of the component model under construction."""

    def __init__(self, func: abi.Func, encoding: str, *, lent: bool = False) -> None:
        self.func, self.code, self.layouts = func, Code(), Layouts()
        self.lowering = Lowering(self.code, self.layouts, encoding)
        self.lifting = Lifting(self.code, self.layouts, encoding, lent=lent)
        self.types = [parameter.type for parameter in parameters(func)]
        self.flat_params, self.flat_result = flat(self.types), flat([func.result])
        self.by_pointer = len(self.flat_params) > MAX_FLAT_PARAMS
        self.result_by_pointer = len(self.flat_result) > MAX_FLAT_RESULTS
        self.handles = not lent and any(map(has_handles, [*self.types, func.result]))
        self.raises = func.raises and isinstance(func.result, abi.Result)
        self._allocates = self.by_pointer or any(map(points, self.types))
        self._shape: fused.Shape | None = None
        self.code.namespace.update(
            func_type=func, name=func.name, Violation=Violation, not_lifted=values.not_lifted, get_ident=get_ident,
            blame_arguments=blame_arguments, blame_result=blame_result, no_result=no_result, make_fresh=_fresh,
            rehearsal=lambda inst: kept(func, ("rehearsal", encoding), FunctionCode(func, encoding).rehearsal)(inst),
        )  # fmt: skip

    # ---- exports ------------------------------------------------------------------------------------

    def export(self, *, inner: bool = False) -> Bind:
        """The code of an export. With `inner`, the caller has the token of the store and hears of violations."""
        names = [self.code.fresh("a") for _ in self.types]
        self.lifting.count([self.func.result])
        if not inner and not self.by_pointer:
            self._shape = fused.shape_of(self.types, self.func.result, self.lowering.encoding, self.layouts)
        body = [*self._lowered_arguments(names), *self._sent(), "go()", *self._lifted_result()]
        body = [*self.rehearsed(names), *self._with_handles(body)]
        head = [f"def call({', '.join(names)}{', /' if names else ''}):", *indented(self.lifting.declared())]
        results = min(len(self.flat_result), 1) + (self._shape is not None)
        count = max(1 if self.by_pointer else len(self.flat_params), results)
        bound = [
            "state, begin, reenter = inst.state, inst.begin, inst.reenter",
            f"fresh = make_fresh({count}, core, post_return)",
            "own = fresh()",
            "wary = []",
        ]
        if inner:
            bound.append("spare = [own]")
            lines = [*head, *indented(spared(body))]
        else:
            bound.append("take, give = state.take, state.give")
            if self._shape is not None:
                bound += fused.bound(self._shape, self.code, count)
                head.append("    nonlocal own, wait")
            lines = [*head, *indented(_entered(body, joins=self._shape is not None))]
        bind: Bind = self.code.bind(
            "inst, tools, core, post_return, fuse=None",
            self._bound([*bound, *self.code.local, *lines, "return call"]),
        )
        return bind

    def _bound(self, lines: list[str]) -> list[str]:
        """The body of `bind`: the tools come before the local functions."""
        self.code.local = []
        return [_TOOLS, *lines]

    def _sent(self) -> list[str]:
        return ["C.sent = True"] if self.handles else []

    def _lowered_arguments(self, names: list[str]) -> list[str]:
        """The lines that fill `raw`."""
        if not names:
            return []
        items = list(zip(self.types, names, strict=True))
        out: list[str] = []
        if self.by_pointer:
            layout = self.layouts.sequence(self.types)
            format, expressions = self.lowering.sequence(items, False, out)
            write = self.code.struct(format, "pack_into")
            out = [
                f"p = realloc({layout.alignment}, {layout.size})",
                *out,
                f"{write}(mem.view, p, {', '.join(expressions)})",
                f"{self.code.struct('Q', 'pack_into')}(raw, 0, p)",
            ]
        else:
            blocks: list[fused.BlockNames] | None = None if self._shape is None else []
            self.lowering.blocks = blocks
            format, expressions = self.lowering.sequence(items, True, out)
            out += fused.placed(blocks) if blocks else []
            out.append(f"{self.code.struct(format, 'pack_into')}(raw, 0, {', '.join(expressions)})")
        given, wary = (
            f"({', '.join(names)},)",
            ["if not wary: wary.append(rehearsal(inst))"] if self._allocates else [],
        )
        failed = [*wary, f"blame_arguments(func_type, {given}, error)"]
        return ["try:", *indented(out), "except Exception as error:", *indented(failed)]

    def rehearsed(self, names: list[str]) -> list[str]:
        """The line that lowers the arguments without the guest, once a value was wrong. (Finding it so late leaves
        blocks behind that the guest was asked for, and would do so each time.)"""
        return [f"if wary: wary[0]({', '.join(names)})"] if self._allocates else []

    def rehearsal(self) -> Bind:
        """The code that lowers the arguments and forgets what it has lowered: `bind(inst)`."""
        self._allocates = False
        names = [self.code.fresh("a") for _ in self.types]
        body = self._with_handles(self._lowered_arguments(names))
        size = self.layouts.sequence(self.types).size
        bound = [
            f"begin, tools, raw = inst.begin, Scratch({size}), bytearray({SLOT * max(len(self.flat_params), 1)})",
            _TOOLS,
            *self.code.local,
        ]
        self.code.namespace["Scratch"] = Scratch
        lines = [f"def rehearse({', '.join(names)}, /):", *indented(body), "return rehearse"]
        bind: Bind = self.code.bind("inst", [*bound, *lines])
        return bind

    def _with_handles(self, body: list[str]) -> list[str]:
        return ["C = begin()", "try:", *indented(body), "finally: C.end()"] if self.handles else body

    def _lifted_result(self) -> list[str]:
        """From the filled `raw` to `return …`, with the call afterwards in between."""
        lines = self._lifted_whole()
        if self._shape is None:
            return lines
        return [*fused.returned(self._shape, self.func.result, self.code, self.lifting), *lines]

    def _lifted_whole(self) -> list[str]:
        """The same, when the core function itself was called."""
        result = self.func.result
        borrows = any(isinstance(part, abi.Borrow) for part in _parts(self.types))
        after = [*(["C.returned()"] if borrows else []), "if after is not None: after()"]
        if result is None:
            return [*after, "return None"]
        count = self.lifting.counting()
        if self.raises and isinstance(result, abi.Result):
            return [*self._lifted_sides(result, count), *after, *_SIDES]
        if not self.result_by_pointer:
            format, names, expression = self.lifting.lift(result, True)
            lines = self.lifting.unpacked(format, names, "raw")
        else:
            format, names, expression = self.lifting.lift(result, False)
            lines = [
                f"p, = {self.code.struct('I', 'unpack_from')}(raw)",
                *self._found(self.layouts.of(result), "p"),
                *self.lifting.unpacked(format, names, "V", "p"),
            ]
        if expression in names:
            return [*lines, *after, f"return {expression}"]
        lines += [*count, *self._guarded([*view_of(expression), f"r = {expression}"])]
        return [*lines, *after, "return r"]

    def _lifted_sides(self, result: abi.Result, count: list[str]) -> list[str]:
        """A result whose error is raised: `r` becomes what is returned, or the `Err`, and `d` says which."""
        start = self.layouts.payload(result)[0]
        if self.result_by_pointer:
            layout = self.layouts.of(result)
            lines = [f"p, = {self.code.struct('I', 'unpack_from')}(raw)", *self._found(layout, "p"), "d = V[p]"]
        else:
            lines = [f"d, = {self.code.struct('I', 'unpack_from')}(raw)"]
        sides: list[str] = []
        for head, side, made in (("if d == 0:", result.ok, "{}"), ("elif d == 1:", result.err, "Err({})")):
            inner, expression = list[str](), "None"
            if side is not None:
                format, names, expression = self.lifting.lift(side, False)
                inner = [*self.lifting.unpacked(format, names, "V", f"p + {start}"), *view_of(expression)]
            sides += [head, *indented([*inner, f"r = {made.format(expression)}"])]
        return [*lines, *count, *self._guarded([*sides, "else: bad_case(d)"])]

    def _found(self, layout: Layout, p: str) -> list[str]:
        """Check a pointer to a value; `V` is the view of the memory that has it."""
        check = [f"if {p} & {layout.alignment - 1}: raise unaligned()"] if layout.alignment > 1 else []
        return [*check, VIEW, f"if {p} + {layout.size} > L: V = mem.span({p}, {layout.size}); L = mem.size"]

    def _guarded(self, lines: list[str]) -> list[str]:
        """Lines that lift: what generated code raises for a lie of the guest's is a violation."""
        failed = "except (IndexError, UnicodeDecodeError) as error: raise not_lifted(error) from None"
        return ["try:", *indented(lines), failed]

    # ---- imports ------------------------------------------------------------------------------------

    def lowered_import(self, on_object: bool) -> Bind:
        """The code of an import."""
        self.lifting.count(self.types)
        lines, arguments = self._lifted_arguments()
        if on_object:
            call = f"{arguments[0]}.{self.func.attr}({', '.join(arguments[1:])})"
        else:
            call = f"target({', '.join(arguments)})"
        body = self._with_handles([*self.lifting.declared(), *lines, *self.lifting.held(self._called(call))])
        bound = ["state, begin, lent = inst.state, inst.begin, inst.lent", *self.code.local]
        lines = ["def run(at):", *indented(body), "return run"]
        bind: Bind = self.code.bind("inst, tools, target", self._bound([*bound, *lines]))
        return bind

    def _lifted_arguments(self) -> tuple[list[str], list[str]]:
        """The lines that unpack and lift the arguments, and an expression for each of them."""
        format, names, expressions = self.lifting.sequence(self.types, not self.by_pointer)
        load: list[str] = []
        if self.by_pointer:
            layout = self.layouts.sequence(self.types)
            load = [*self._found(layout, "p"), *self.lifting.unpacked(format, names, "V", "p")]
            format, words = "I12x", ["p"]
        else:
            words = list(names)
        if self.func.result is not None and self.result_by_pointer:
            format, words = f"{format}I12x", [*words, "ret"]
        lines = [*self.lifting.unpacked(format, words, "M", "at - 1"), *load]
        lifted, arguments = list[str](), list[str]()
        for expression in expressions:
            if expression in names:
                arguments.append(expression)
            else:
                arguments.append(self.code.fresh("a"))
                lifted.append(f"{arguments[-1]} = {expression}")
        if lifted:
            lines += [*self.lifting.counting(), *self._guarded([*view_of(*lifted), *lifted])]
        return lines, arguments

    def _called(self, call: str) -> list[str]:
        """Call the host's function and lower its result."""
        result = self.func.result
        if result is None:
            return [f"r = {call}", "if r is not None: no_result(func_type, r)"]
        lines = [f"r, ok = {call}, True"]
        if self.raises:
            noted = "" if _is_end_of_stream(result) else f"; state.refused = {self.func.name!r}, r"
            lines = [f"try: {lines[0]}", f"except Err as error: r, ok = error.value, False{noted}"]
        return [*lines, *self._stored(result)]

    def _stored(self, result: abi.Type) -> list[str]:
        """Lower the result `r`; `ok` is false for the error of a function that raises it."""
        lines, out = list[str](), list[str]()
        if self.result_by_pointer:
            lines += self._found(self.layouts.of(result), "ret")
            if self.raises and isinstance(result, abi.Result):
                out = self._sides(result)
            else:
                format, expressions = self.lowering.lower(result, "r", False, out)
                out.append(f"{self.code.struct(format, 'pack_into')}(mem.view, ret, {', '.join(expressions)})")
        elif self.raises:
            out = [
                "if r is not None: raise TypeError('this side has no value')",
                f"{self.code.struct('I12x', 'pack_into')}(M, at - 1, not ok)",
            ]
        else:
            format, expressions = self.lowering.lower(result, "r", True, out)
            out.append(f"{self.code.struct(format, 'pack_into')}(M, at - 1, {', '.join(expressions)})")
        failed = "except Exception as error: blame_result(func_type, ok, r, error)"
        return [*lines, "try:", *indented(out), failed, *self._sent()]

    def _sides(self, result: abi.Result) -> list[str]:
        """Store what was returned or raised, each in its own format."""
        lines: list[str] = []
        for head, discriminant, side in (("if ok:", 0, result.ok), ("else:", 1, result.err)):
            out: list[str] = []
            format, expressions = head_format(self.layouts, result, False), [str(discriminant)]
            if side is None:
                out.append("if r is not None: raise TypeError('this side has no value')")
            else:
                f, e = self.lowering.lower(side, "r", False, out)
                format, expressions = format + f, expressions + e
            out.append(f"{self.code.struct(format, 'pack_into')}(mem.view, ret, {', '.join(expressions)})")
            lines += [head, *indented(out)]
        return lines


_SIDES = ["if d: raise r", "return r"]
"""The end of a function whose result is `r`: what it returns, or, if `d` says so, the error that it raises."""


def spared(body: list[str]) -> list[str]:
    """The body with raw values that no other call uses."""
    return [
        "kept = raw, go, after = spare.pop() if spare else fresh()",
        "try:",
        *indented(body),
        "finally: spare.append(kept)",
    ]


def _entered(body: list[str], *, joins: bool) -> list[str]:
    """The body between taking the token of the store and giving it back. With `joins`, the function may get an
    adapter."""
    more, none = (", one, F", ", None, None") if joins else ("", "")
    # An error of the guest is raised where nothing is left to be done, which costs less.
    tail = _SIDES if body[-2:] == _SIDES else []
    body = body[: len(body) - len(tail)]
    return [
        "me = get_ident()",  # also shows that `give` will not fail at the recursion limit
        "try:",
        "    take()",
        "    nested = False",
        "except IndexError:",
        "    nested = True",
        # A handler of a signal raised something: Python calls it after a call, and before the result is stored.
        "except BaseException:",
        "    give(1)",
        "    raise",
        "if nested:",
        "    reenter()",
        f"    raw, go, after{more} = {'*fresh()' if joins else 'fresh()'}{none}",
        "else:",
        "    state.owner = me",
        f"    raw, go, after{more} = own",
        "try:",
        "    if state.todo and not nested: state.prepare()",
        *(indented(fused.joining()) if joins else []),
        *indented(body),
        "except Violation as violation: state.stopped(violation, name)",
        "finally:",
        "    if not nested:",
        "        state.owner = 0",
        "        give(1)",
        "        if state.broken: state.close()",
        *tail,
    ]


def _parts(types: list[abi.Type]) -> list[abi.Type]:
    return [part for type in types for part in parts(type)]


def _is_end_of_stream(result: abi.Type) -> bool:
    """Whether the error of a result is that of `wasi:io/streams`. Every stream ends with it, so it does not say why a
    program has failed."""
    error = result.err if isinstance(result, abi.Result) else None
    return isinstance(error, abi.Variant) and [case.name for case in error.cases] == ["last-operation-failed", "closed"]
