"""Canonical definitions: which core functions they take and make (`Explainer.md`, Canonical Definitions)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from witkit.wasm import types
from witkit.wasm.builtins import BUILT_INS, READS, WRITES, BuiltIn
from witkit.wasm.core import CoreSort, func_type
from witkit.wasm.cursor import BadWasm, Cursor, NotSupported
from witkit.wasm.definitions import read_result
from witkit.wasm.linking.frame import Action, Frame
from witkit.wasm.linking.options import Options, read_options, require_memory
from witkit.wasm.linking.spaces import CoreSpaces
from witkit.wasm.scope import IndexSpaces, Sort
from witkit.wasm.traits import (
    MAX_FLAT_ASYNC_PARAMS,
    MAX_FLAT_PARAMS,
    MAX_FLAT_RESULTS,
    flat_params,
    lifted_signature,
    lowered_signature,
    needs_memory,
    returned_signature,
    traits_of,
)
from witkit.wasm.types import Defined, Func, Resource, ValType

_I32 = 0x7F
_CONTEXTS = 2


@dataclass(slots=True)
class Canonical:
    """Reads the canonical definitions of one component, and adds what they make to its scopes."""

    scope: IndexSpaces
    spaces: CoreSpaces

    def read(self, cursor: Cursor) -> Action:
        """Read one definition, and return what it does to a frame."""
        start, code = cursor.offset, cursor.byte()
        if code in (0, 1):
            if cursor.byte() != 0:
                raise BadWasm("an unknown canonical definition", start)
            return self._lift(cursor, start) if code == 0 else self._lower(cursor, start)
        if code not in BUILT_INS:
            raise NotSupported(f"a canonical built-in 0x{code:02x} that is unknown or not supported", start)
        return self._built_in(BUILT_INS[code], cursor, start)

    def _lift(self, cursor: Cursor, start: int) -> Action:
        core, options = cursor.u32(), read_options(cursor, self.spaces)
        func = self.scope.next_typed(Func, "function type", cursor)
        self._check_async(options, func, start)
        is_async, has_callback = options.is_async, options.callback is not None
        signature = lifted_signature(func, is_async=is_async, has_callback=has_callback)
        self.spaces.check_func(core, signature, "a lifted function", start)
        if options.post_return is not None:
            results = signature.partition(":")[2]
            self.spaces.check_func(options.post_return, f"{results}:", "the option `post-return`", start)
        params, result = needs_memory(func)
        needs_realloc = params or len(flat_params(func)) > MAX_FLAT_PARAMS
        # `task.return` takes the result of an async function as parameters.
        most = MAX_FLAT_PARAMS if is_async else MAX_FLAT_RESULTS
        needs = result or len(traits_of(func.result).flat) > most
        require_memory(options, memory=needs, realloc=needs_realloc, offset=start)
        self.scope.funcs.append(func)
        return lambda frame: frame.lift(core, options, func, signature, start)

    def _lower(self, cursor: Cursor, start: int) -> Action:
        at, index = cursor.offset, cursor.u32()
        func = self.scope.item_at(Sort.FUNC, index, at)
        assert isinstance(func, Func)
        options = read_options(cursor, self.spaces)
        for name in ("post_return", "callback"):
            if getattr(options, name) is not None:
                raise BadWasm(f"the option `{name.replace('_', '-')}` of a lowered function", start)
        self._check_async(options, func, start)
        params, result = needs_memory(func)
        most = MAX_FLAT_ASYNC_PARAMS if options.is_async else MAX_FLAT_PARAMS
        results = traits_of(func.result).flat
        is_stored = len(results) > (0 if options.is_async else MAX_FLAT_RESULTS)
        needs = params or len(flat_params(func)) > most or is_stored
        require_memory(options, memory=needs, realloc=result, offset=start)
        signature = lowered_signature(func, is_async=options.is_async)
        self.spaces.items[CoreSort.FUNC].append(func_type(signature))
        return lambda frame: frame.lower(index, options, signature)

    def _check_async(self, options: Options, func: Func, offset: int) -> None:
        if options.is_async and not func.is_async:
            raise BadWasm("the option `async` needs the type of an async function", offset)

    def _built_in(self, built_in: BuiltIn, cursor: Cursor, start: int) -> Action:
        options, signature = Options(), built_in.signature
        type_: Resource | ValType | None = None
        operand = 0
        for letter in built_in.operands:
            match letter:
                case "R" | "r":
                    type_ = self._resource(cursor, is_own=letter == "R")
                case "s":
                    type_ = self._typed(types.Stream, cursor)
                case "f":
                    type_ = self._typed(types.Future, cursor)
                case "t":
                    type_ = read_result(self.scope, cursor)
                    signature = returned_signature(type_)
                case "o":
                    options = read_options(cursor, self.spaces)
                    self._check_options(built_in, options, type_, start)
                case "m":
                    options.memory = self._memory(cursor)
                case "b":
                    options.is_async = self._flag(cursor)
                case _:
                    operand = self._operand(letter, cursor)
        self.spaces.items[CoreSort.FUNC].append(func_type(signature))
        return partial(
            Frame.built_in,
            kind=built_in.name, signature=signature, given=options, type_=type_, operand=operand, offset=start,
        )  # fmt: skip

    def _resource(self, cursor: Cursor, *, is_own: bool) -> Resource:
        start = cursor.offset
        found = self.scope.next_typed(Resource, "a resource", cursor)
        root = found
        while root.of is not None:
            root = root.of
        if is_own and root not in self.scope.destructors:
            raise BadWasm("this built-in is only for resources that the component itself defines", start)
        return found

    def _typed(self, kind: type[types.Stream] | type[types.Future], cursor: Cursor) -> Defined:
        start = cursor.offset
        found = self.scope.next_typed(Defined, "a value type", cursor)
        if not isinstance(found.kind, kind):
            raise BadWasm(f"this built-in is only for the type {kind.__name__.lower()}", start)
        return found

    def _check_options(self, built_in: BuiltIn, options: Options, type_: Resource | ValType | None, start: int) -> None:
        if any(index is not None for index in (options.post_return, options.callback)):
            raise BadWasm("an option of lifted functions for a built-in", start)
        name, payload = built_in.name, traits_of(None)
        if isinstance(type_, Defined) and name != "task.return":
            payload = traits_of(next(types.parts(type_.kind)))
        has_payload = bool(payload.flat)
        if name in READS | WRITES:
            needs_realloc = name in READS and payload.pointers
            require_memory(options, memory=has_payload, realloc=needs_realloc, offset=start)
        elif name == "task.return":
            assert not isinstance(type_, Resource)
            result = traits_of(type_)
            needs = result.pointers or len(result.flat) > MAX_FLAT_PARAMS
            require_memory(options, memory=needs, realloc=False, offset=start)
        else:
            require_memory(options, memory=True, realloc=name.endswith("message"), offset=start)

    def _memory(self, cursor: Cursor) -> int:
        start, index = cursor.offset, cursor.u32()
        if self.spaces.at(CoreSort.MEMORY, index, start).text:
            raise NotSupported("this built-in needs a memory with addresses of 32 bits that is not shared", start)
        return index

    def _flag(self, cursor: Cursor) -> bool:
        start, flag = cursor.offset, cursor.byte()
        if flag > 1:
            raise BadWasm(f"byte 0x{flag:02x} instead of 0 or 1", start)
        return bool(flag)

    def _operand(self, letter: str, cursor: Cursor) -> int:
        start = cursor.offset
        if letter == "c":
            if cursor.byte() != _I32:
                raise NotSupported("only contexts of the type i32 are supported", start)
            return 0
        index = cursor.u32()
        if letter == "n" and index >= _CONTEXTS:
            raise BadWasm(f"there is no context {index}", start)
        if letter == "y" and self.scope.outer_core_type(0, index, start) != "i:":
            raise BadWasm("a thread begins with a core function of the type i:", start)
        if letter == "x":
            self.spaces.at(CoreSort.TABLE, index, start)
        return index if letter == "n" else 0
