"""The halves of functions that are called asynchronously: what begins a call, and what ends it, which may be later
(`CanonicalABI.md`: `canon lift`, `canon task.return`, `canon lower`).

The code is made and kept as that of whole functions (see `functions`). `handles` are those of the call:

    start = task_codec(func, options, has_callback=True)(inst, tools, core)  # the export's side
    code = start(handles, "book", 2)                        # what the core function returned, None without a callback
    take = returned_codec(func, options)(inst, tools)
    value = take(handles, address)                          # of the raw values that `task.return` was called with

    take, give = subtask_codec(func, options)(inst, tools)                   # the import's side
    arguments, to = take(handles, address)
    give(handles, ok, result, to)                               # `ok` is false for an error that is raised

A result whose error is raised comes out of `take` as a value, as `Ok` or `Err`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from witkit import abi
from witkit.canonical.code import indented
from witkit.canonical.functions import Bind, FunctionCode, Options, kept, spared
from witkit.canonical.layout import MAX_FLAT_PARAMS

MAX_FLAT_ASYNC_PARAMS: Final = 4
"""How many core values an import that is called asynchronously takes before they go through memory."""


def task_codec(func: abi.Func, options: Options, *, has_callback: bool) -> Bind:
    """The codec that begins a call of an export. With a callback, the core function returns a code."""
    kind = "task with callback" if has_callback else "task"
    return kept(func, (kind, options.encoding), lambda: _Halves(func, options.encoding).started(has_callback))


def returned_codec(func: abi.Func, options: Options) -> Bind:
    """The codec for the result of an export, given to `task.return` as parameters."""
    return kept(func, ("returned", options.encoding), lambda: _Halves(func, options.encoding).returned())


def subtask_codec(func: abi.Func, options: Options) -> Callable[..., tuple[Callable[..., Any], Callable[..., Any]]]:
    """The codecs for the arguments and the result of an import that is called asynchronously."""
    bind = kept(func, ("subtask", options.encoding), lambda: _Halves(func, options.encoding).subtask())

    def both(*given: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
        found: Any = bind(*given)
        # What refuses to carry values is one function.
        return found if isinstance(found, tuple) else (found, found)

    return both


class _Halves(FunctionCode):
    """The code of the halves of a function."""

    def started(self, has_callback: bool) -> Bind:
        """`start(handles, *arguments)`."""
        names = [self.code.fresh("a") for _ in self.types]
        result = [f"code, = {self.code.struct('I', 'unpack_from')}(raw)", "return code"] if has_callback else []
        body = [*self.rehearsed(names), *self._lowered_arguments(names), "C.sent = True", "go()", *result]
        count = max(1 if self.by_pointer else len(self.flat_params), int(has_callback))
        bound = [f"fresh = make_fresh({count}, core, None)", "spare, wary = [fresh()], []", *self.code.local]
        lines = [f"def start({', '.join(['C', *names])}, /):", *indented(spared(body)), "return start"]
        bind: Bind = self.code.bind("inst, tools, core", self._bound([*bound, *lines]))
        return bind

    def returned(self) -> Bind:
        """`take(handles, address)`."""
        result = self.func.result
        lines = ["return None"] if result is None else self._returned(result)
        bind: Bind = self.code.bind(
            "inst, tools", self._bound([*self.code.local, "def take(C, at):", *indented(lines), "return take"])
        )
        return bind

    def _returned(self, result: abi.Type) -> list[str]:
        self.lifting.count([result])
        if len(self.flat_result) <= MAX_FLAT_PARAMS:
            format, names, expression = self.lifting.lift(result, True)
            lines = self.lifting.unpacked(format, names, "M", "at - 1")
        else:
            format, names, expression = self.lifting.lift(result, False)
            lines = [
                f"p, = {self.code.struct('I', 'unpack_from')}(M, at - 1)",
                *self._found(self.layouts.of(result), "p"),
                *self.lifting.unpacked(format, names, "V", "p"),
            ]
        lifted = self._guarded(self.lifting.returned(expression))
        return [*self.lifting.declared(), *lines, *self.lifting.counting(), *lifted]

    def subtask(self) -> Bind:
        """`take(handles, address)` and `give(handles, ok, result, to)`."""
        self.by_pointer = len(self.flat_params) > MAX_FLAT_ASYNC_PARAMS
        self.result_by_pointer = bool(self.flat_result)
        self.lifting.count(self.types)
        lines, arguments = self._lifted_arguments()
        result = self.func.result
        to = "None" if result is None or not self.result_by_pointer else "ret"
        take = [*self.lifting.declared(), *lines, f"return ({', '.join(arguments)}{',' if arguments else ''}), {to}"]
        give = ["if r is not None: no_result(func_type, r)"] if result is None else self._stored(result)
        functions = ["def take(C, at):", *indented(take), "def give(C, ok, r, ret):", *indented(give)]
        bind: Bind = self.code.bind("inst, tools", self._bound([*self.code.local, *functions, "return take, give"]))
        return bind
