"""Instances of a plan: core instances in one store, linked to each other and to the host."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

from witkit import abi
from witkit.runtime.core import capi, instances
from witkit.runtime.core.allocator import SIGNATURE, Tools
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.builtins import built_in
from witkit.runtime.core.callbacks import Run
from witkit.runtime.core.component_instance import ComponentInstance
from witkit.runtime.core.functions import CoreFunctions
from witkit.runtime.core.memory import Memory
from witkit.runtime.core.resources import EndType, ResourceType
from witkit.runtime.core.state import State
from witkit.runtime.limits import Limits
from witkit.runtime.tracebacks import Tail
from witkit.runtime.uncopied import Uncopied
from witkit.wasm.plan import Canon, CoreExport, CoreFunc, HostFunc, Lift, Options, PlannedResource
from witkit.wasm.types import Defined

_NO_LIMITS: Final = Limits()


class Host(Protocol):
    """What the outermost component imports."""

    def function(self, func: HostFunc) -> tuple[abi.Func, Any]:
        """The description of a function, and what to call; None for a method, which is called on its object.

        Called when the guest first calls the function. What it raises stops the guest.
        """

    def is_observed(self, func: HostFunc) -> bool:
        """Whether what `function` gives is called for a method, too, with the object first."""

    def fits(self, resource: PlannedResource) -> Callable[[Any], bool] | None:
        """A test for objects that may be such a resource."""


class CoreInstance(Uncopied):
    """An instance of a component with all core instances in it, in a store of its own.

    `errors` is the end of what the guest writes to standard error, and `at_close` is called when the store is freed.
    Raises Trap if the guest's start fails, or what the host raised; nothing is left behind then.
    """

    def __init__(
        self, blueprint: Blueprint, host: Host, limits: Limits | None = None, *, errors: Tail | None = None,
        at_close: Iterable[Callable[[], object]] = (),
    ) -> None:  # fmt: skip
        self.blueprint, self.host = blueprint, host
        self.state = State(blueprint.modules.mode, limits or _NO_LIMITS, blueprint.shares)
        try:
            self.state.errors = errors
            self.component_instances = [
                ComponentInstance(self.state, number) for number in range(blueprint.plan.instances)
            ]
            self._core: Any = None
            self._externs: dict[CoreFunc, Any] = {}
            self._types: dict[PlannedResource, ResourceType] = {}
            self._tools: dict[Any, Tools] = {}
            self._memories: dict[CoreExport, Memory] = {}
            self.staging: Memory | None = None  # of all adapters, once there are any
            self._functions = CoreFunctions(self)
            self.state.maker = self._run
            self.state.at_close += [*(inst.end for inst in self.component_instances), *at_close]
            self._start()
        except BaseException:
            self.state.close()
            raise

    def _start(self) -> None:
        state = self.state
        nested = state.enter()
        try:
            state.arm(state.limits)
            self._instantiate()
        finally:
            state.leave(nested)

    def _instantiate(self) -> None:
        workspace, state = self.blueprint.workspace(), self.state
        try:
            # Start functions may call the host, which needs the instances that are there already.
            self._core = workspace.instances
            workspace.make(state, self.blueprint.shares.starting(state.limits, state.bounds))
            self._core = type(workspace.instances).from_buffer_copy(workspace.instances)
        finally:
            self.blueprint.give_back(workspace)

    # ---- core functions -------------------------------------------------------------------------

    def extern(self, definition: CoreFunc) -> Any:
        """A core export or a function of the host's as a `capi.Extern`."""
        found = self._externs.get(definition)
        if found is None:
            found = self._externs[definition] = self._extern(definition)
        return found

    def _extern(self, definition: CoreFunc) -> Any:
        if isinstance(definition, Canon):
            return self.state.extern(self.blueprint.function(definition))
        instance = ctypes.byref(self._core, definition.instance * capi.INSTANCE_SIZE)
        found = instances.export(self.state, instance, definition.name)
        if found is None:
            raise LookupError(f"core instance {definition.instance} has no export {definition.name!r}")
        return found

    def _run(self, canon: Canon) -> Run:
        """What runs when the guest calls a function of the host's."""
        inst = self.component_instances[canon.instance]
        if canon.kind == "lower":
            return inst.leaving(self._functions.lowered(canon))
        return built_in(canon, inst, self._functions, lambda: self.type(canon.type))

    def function(self, definition: CoreFunc, signature: str) -> Any:
        """A core function as an argument that points to it. Raises Violation if it has another signature."""
        extern, checked = self.extern(definition), self.blueprint.checked
        if checked.get(definition) == signature:
            return ctypes.byref(extern, capi.OF)
        found = instances.function_at(self.state, extern, signature)
        checked[definition] = signature
        return found

    def tools(self, options: Options, inst: ComponentInstance) -> Tools:
        """The memory and the allocator that the options of a canonical definition name."""
        memory, realloc = options.memory, options.realloc
        key = inst.number, memory, realloc
        found = self._tools.get(key)
        if found is None:
            found = self._tools[key] = Tools(
                self.state, self.blueprint.modules, inst, None if memory is None else self._memory(memory),
                None if realloc is None else self.extern(realloc),
                None if realloc is None else self.function(realloc, SIGNATURE),
            )  # fmt: skip
        return found

    def _memory(self, definition: CoreExport) -> Memory:
        found = self._memories.get(definition)
        if found is None:
            found = self._memories[definition] = Memory(self.state, self.extern(definition))
        return found

    # ---- resources ------------------------------------------------------------------------------

    def type(self, planned: Any) -> ResourceType:
        """The run-time type of a resource, or of the ends of a stream or future."""
        if planned not in self._types:
            is_end = isinstance(planned, Defined)
            self._types[planned] = EndType(planned) if is_end else self._resource(planned)
        return self._types[planned]

    def _resource(self, planned: PlannedResource) -> ResourceType:
        name = planned.name or "resource"
        if planned.owner is None:
            return ResourceType(name, None, self.host.fits(planned))
        made = ResourceType(name, self.component_instances[planned.owner])
        if planned.destructor is not None:
            made.destructor = self._functions.destructor(planned.destructor)
        return made

    # ---- exports --------------------------------------------------------------------------------

    def export(self, lift: Lift | HostFunc, func: abi.Func) -> Callable[..., Any]:
        """A lifted function, or an import that is passed on, as a callable, by its description.

        Raises InstanceError if the instance cannot be used.
        """
        nested = self.state.enter()
        try:
            return self._functions.lifted(lift, func)
        finally:
            self.state.leave(nested)

    def close(self) -> None:
        """Free the instance; while a call of it runs, as soon as that has returned. A second time does nothing."""
        self.state.close()
