"""A plan made ready for instances: core modules compiled, places for their imports counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from witkit.runtime.core import capi
from witkit.runtime.core.between import Between
from witkit.runtime.core.compiling import Modules
from witkit.runtime.core.plans import Linked
from witkit.runtime.core.shares import Shares
from witkit.runtime.core.state import Function
from witkit.runtime.uncopied import Uncopied
from witkit.wasm.plan import Canon, CoreExport, HostFunc, Lift


@dataclass(slots=True)
class Imports:
    """Where the imports of one core instance come from. All instances' imports stand in one array of externs.

    `exports` are asked for: the core instance, the name, its length, the offset in the array. `made` are functions of
    the host, by the offset of what is in the extern. `copies` are there already: from which offset, and to which.
    """

    instance: int
    module: Any
    start: int
    count: Any
    exports: list[tuple[int, bytes, Any, int]] = field(default_factory=list)
    made: list[tuple[int, Function]] = field(default_factory=list)
    copies: list[tuple[int, int]] = field(default_factory=list)


class Blueprint(Uncopied):
    """A component's plan and its compiled core modules; instances are made from it in any thread.

    What has to be compiled is compiled within `compiling()`. Raises wasmtime.WasmtimeError for a module that wasmtime
    cannot compile.
    """

    def __init__(
        self, linked: Linked, modules: Modules, compiling: Callable[[], AbstractContextManager[object]] = nullcontext
    ) -> None:
        self.linked, self.plan, self.modules = linked, linked.plan, modules
        self.compiled = modules.all(linked, compiling)
        self._between: dict[Lift, Between] = {}
        self.slots = 0
        self.steps: list[Imports] = []
        known: dict[Any, int] = {}
        for step in self.plan.steps:
            module = capi.Pointer(capi.address(self.compiled[step.module].ptr()))
            found = Imports(step.instance, module, self.slots * capi.EXTERN, capi.Size(len(step.arguments)))
            for argument in step.arguments:
                self._place(found, argument, known)
            self.steps.append(found)
        self.shares = Shares([self.plan.spaces[step.module] for step in self.plan.steps])
        self.contexts = {canon.instance for canon in self._canons() if canon.kind.startswith("context.")}
        """The component instances that use their storage for a call."""

    def between(self, lift: Lift) -> Between:
        """The types of a function that one component instance has for another one, made at first use."""
        if lift not in self._between:
            self._between[lift] = Between(lift)
        return self._between[lift]

    def _place(self, imports: Imports, argument: CoreExport | Canon, known: dict[Any, int]) -> None:
        at = self.slots * capi.EXTERN
        self.slots += 1
        key = argument if isinstance(argument, Canon) else (argument.instance, argument.name)
        if key in known:
            imports.copies.append((known[key], at))
            return
        known[key] = at
        if isinstance(argument, Canon):
            imports.made.append((at + capi.OF, self.function(argument)))
            return
        name = argument.name.encode()
        imports.exports.append((argument.instance, name, capi.Size(len(name)), at))

    def function(self, canon: Canon) -> Function:
        """The core function for a canonical definition."""
        label, callee = "", canon.callee
        if isinstance(callee, HostFunc):
            label = f"{callee.interface}#{callee.name}" if callee.interface else callee.name
        return Function(self.modules.mode.function_type(canon.signature), canon, label)

    def _canons(self) -> Iterator[Canon]:
        for step in self.plan.steps:
            for argument in step.arguments:
                if isinstance(argument, Canon):
                    yield argument
