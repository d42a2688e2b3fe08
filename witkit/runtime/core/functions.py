"""Whole functions of one instance: what the host calls, what guests call, and what guests call of each other."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from witkit import abi
from witkit.canonical.errors import NotCarried
from witkit.canonical.functions import Bind, export_codec, import_codec, inner_codec, observed_codec
from witkit.runtime.core import capi
from witkit.runtime.core.async_functions import AsyncFunctions
from witkit.runtime.core.boundary import Boundary, InnerBoundary
from witkit.runtime.core.callbacks import Run
from witkit.runtime.core.component_instance import ComponentInstance
from witkit.runtime.core.fused import Adapters, adapters_for
from witkit.runtime.core.passing import Passed, passed_on
from witkit.runtime.core.resources import ResourceType
from witkit.runtime.core.state import Core
from witkit.wasm import types
from witkit.wasm.plan import Canon, CoreFunc, HostFunc, Lift

if TYPE_CHECKING:
    from witkit.runtime.core.instance import CoreInstance
    from witkit.runtime.core.tasks import Task

_I32: Final = struct.Struct("<Q")


class CoreFunctions:
    """Binds codecs to one instance."""

    def __init__(self, instance: CoreInstance) -> None:
        self._instance, self._state = instance, instance.state

    @cached_property
    def asynchronous(self) -> AsyncFunctions:
        """The functions that are `async func`."""
        return AsyncFunctions(self._instance, self)

    # ---- what the host calls --------------------------------------------------------------------

    def lifted(self, lift: Lift | HostFunc, func: abi.Func) -> Callable[..., Any]:
        """The callable for an export, with the values of a description that fits it."""
        if isinstance(lift, HostFunc):
            return self._passed(lift, func)
        if lift.type.is_async:
            return self.asynchronous.lifted(lift, func)
        boundary = Boundary(self._instance.component_instances[lift.instance], self.types(func, lift.type))
        return self._bound(lift, func, export_codec, boundary, func.name, adapters_for(self._instance, lift, func.name))

    def _bound(
        self, lift: Lift, func: abi.Func, codec: Callable[..., Bind], boundary: Boundary, name: str | None,
        *fuse: Adapters | None,
    ) -> Callable[..., Any]:  # fmt: skip
        inst, options = boundary.inst, lift.options
        core, post = self.core(lift.core, name), self.post_return(lift, name)
        if inst.number in self._instance.blueprint.contexts:
            core, post = _with_context(core, post, inst)
        return codec(func, options)(boundary, self._instance.tools(options, inst), core, post, *fuse)

    def post_return(self, lift: Lift, name: str | None) -> Core | None:
        """The function that is called after a lifted one."""
        func = lift.options.post_return
        return None if func is None else self.core(func, name, self._instance.component_instances[lift.instance])

    def types(self, func: abi.Func, type: types.Func) -> dict[abi.Resource, ResourceType]:
        """The run-time types of the resources that a function mentions."""
        instance = self._instance
        found = instance.blueprint.resources(func, type)
        return {one: instance.type(other) for one, other in found.items()} if found else {}

    def destructor(self, core: CoreFunc) -> Callable[[int], None]:
        """A guest's destructor, called with its number for the resource."""
        raw, at = capi.buffer(capi.RAW)
        call = self.core(core, None)(at.value, 1)

        def destroy(rep: int) -> None:
            _I32.pack_into(raw, 0, rep & 0xFFFFFFFF)
            call()

        return destroy

    def _passed(self, callee: HostFunc, func: abi.Func) -> Callable[..., Any]:
        """The callable for an export that is an import of the component's."""

        def passed() -> Passed:
            if callee.type.is_async:
                raise NotCarried(
                    f"`{func.name}` cannot be called: the component exports an `async func` that it imports"
                )
            host = self._instance.host
            description, target = host.function(callee)
            codec = observed_codec if host.is_observed(callee) else import_codec
            return Passed(description, codec, target, self.types(description, callee.type))

        return passed_on(self._state, func, self.types(func, callee.type), passed)

    # ---- what guests call -----------------------------------------------------------------------

    def lowered(self, canon: Canon) -> Run:
        """`canon lower`: of a function of the host's, or of another component instance's."""
        assert canon.callee is not None
        if canon.callee.type.is_async:
            return self.asynchronous.lowered(canon)
        if isinstance(canon.callee, Lift):
            return self._between(canon, canon.callee)
        host, inst = self._instance.host, self._instance.component_instances[canon.instance]
        func, target = host.function(canon.callee)
        codec = observed_codec if host.is_observed(canon.callee) else import_codec
        boundary = Boundary(inst, self.types(func, canon.callee.type))
        return codec(func, canon.options)(boundary, self._instance.tools(canon.options, inst), target)

    def _between(self, canon: Canon, lift: Lift) -> Run:
        """A call between component instances: the callee's values are lifted and lowered for it.

        As in wasmtime, an instance may be entered again while a call of it runs.
        """
        caller, callee = (
            self._instance.component_instances[canon.instance],
            self._instance.component_instances[lift.instance],
        )
        between = self._instance.blueprint.between(lift)
        func = between.func
        types = {one: self._instance.type(other) for one, other in between.resources.items()}
        target = self._bound(lift, func, inner_codec, InnerBoundary(callee, types), None)
        tools = self._instance.tools(canon.options, caller)
        return import_codec(func, canon.options)(InnerBoundary(caller, types), tools, target)

    # ---- core functions -------------------------------------------------------------------------

    def core(self, definition: CoreFunc, name: str | None, staying: ComponentInstance | None = None) -> Core:
        """`core(address, count)` gives a function that calls a core function with the raw values at the address."""
        func = self._instance.function(definition, definition.signature)
        return self._state.core(func, name, staying)


def _with_context(core: Core, post: Core | None, inst: ComponentInstance) -> tuple[Core, Core | None]:
    """An export of an instance that asks for the task or its storage: a call that is not asynchronous has no task, and
    an empty storage when it begins."""
    outer: list[tuple[list[int], Task | None]] = []

    def first(address: int, count: int) -> Callable[[], None]:
        call = core(address, count)

        def run() -> None:
            outer.append((inst.context, inst.task))
            inst.context, inst.task = [0, 0], None
            call()
            if post is None:
                inst.context, inst.task = outer.pop()

        return run

    def last(address: int, count: int) -> Callable[[], None]:
        assert post is not None
        call = post(address, count)

        def run() -> None:
            call()
            inst.context, inst.task = outer.pop()

        return run

    return first, None if post is None else last
