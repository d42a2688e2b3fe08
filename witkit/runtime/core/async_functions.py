"""Functions of the type `async func` of one instance: as the host calls them, and as guests do."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, cast

from witkit import abi
from witkit.abi.calls import method_of
from witkit.canonical.blame import label, parameters
from witkit.canonical.functions import import_codec, inner_codec, observed_codec
from witkit.canonical.tasks import returned_codec, subtask_codec, task_codec
from witkit.runtime.core.between import OfElements
from witkit.runtime.core.boundary import Boundary, InnerBoundary
from witkit.runtime.core.elements import NUMBERS, Elements, ElementValues, NumberElements, primitive
from witkit.runtime.core.subtasks import ImportedFunction, async_call, blocking_call
from witkit.runtime.core.tasks import TaskFunction, callback_of
from witkit.runtime.core.turns import Turns
from witkit.wasm.plan import Canon, HostFunc, Lift
from witkit.wasm.types import Defined, Future, Stream

if TYPE_CHECKING:
    from witkit.runtime.core.callbacks import Run
    from witkit.runtime.core.functions import CoreFunctions
    from witkit.runtime.core.instance import CoreInstance


class AsyncFunctions:
    """Binds the functions of one instance that are `async func`."""

    def __init__(self, instance: CoreInstance, functions: CoreFunctions) -> None:
        self._instance, self._functions = instance, functions
        self.turns = Turns(instance.state)
        self._callees: dict[Lift, TaskFunction] = {}

    def lifted(self, lift: Lift, func: abi.Func) -> Callable[..., Coroutine[Any, Any, Any]]:
        """The coroutine function for an export."""
        count, turns, raises = len(parameters(func)), self.turns, func.raises and isinstance(func.result, abi.Result)

        async def call(*arguments: Any) -> Any:
            if len(arguments) != count:
                plural = "" if count == 1 else "s"
                raise TypeError(f"{label(func)} takes {count} argument{plural}, got {len(arguments)}")
            result = await turns.call(callee, arguments)
            if not raises:
                return result
            if type(result) is abi.Err:
                raise result
            return result.value

        boundary = Boundary(self._instance.component_instances[lift.instance], self._functions.types(func, lift.type))
        callee = self._callee(lift, func, boundary, func.name)
        return call

    def lowered(self, canon: Canon) -> Run:
        """`canon lower` of such a function."""
        if isinstance(canon.callee, Lift):
            return self._between(canon, canon.callee)
        assert canon.callee is not None
        return self._import(canon, canon.callee)

    def memory(self, canon: Canon) -> Any:
        """The memory of a built-in's options."""
        return self._instance.tools(canon.options, self._instance.component_instances[canon.instance]).memory

    def elements(self, canon: Canon) -> Elements | None:
        """The elements of the stream or future that a built-in is for, None if they have no values."""
        inst, kind = self._instance.component_instances[canon.instance], cast(Defined, canon.type).kind
        assert isinstance(kind, Stream | Future)
        if kind.type is None:
            return None
        tools, number = self._instance.tools(canon.options, inst), NUMBERS.get(str(primitive(kind.type)))
        if number is not None:
            return NumberElements(number, tools.memory)
        carried = OfElements(kind.type)
        types = {one: self._instance.type(other) for one, other in carried.resources.items()}
        return ElementValues(carried, canon.options, InnerBoundary(inst, types), tools)

    def _callee(self, lift: Lift, func: abi.Func, boundary: Boundary, name: str | None) -> TaskFunction:
        """What tasks of a lifted function are made of. `name` is that of the export that the host calls."""
        callee, options = TaskFunction(lift, boundary, func.name), lift.options
        tools, core = self._instance.tools(options, boundary.inst), self._functions.core(lift.core, name)
        if not options.is_async:
            call = inner_codec(func, options)(boundary, tools, core, self._functions.post_return(lift, name))
            callee.call = _as_value(call) if func.raises and isinstance(func.result, abi.Result) else call
            return callee
        callee.start = task_codec(func, options, has_callback=options.callback is not None)(boundary, tools, core)
        callee.take = returned_codec(func, options)(boundary, tools)
        if options.callback is not None:
            callee.callback = callback_of(self._functions.core(options.callback, name))
        return callee

    def _between(self, canon: Canon, lift: Lift) -> Run:
        """A call between component instances: the callee's values are lifted and lowered for it."""
        between, component_instances = self._instance.blueprint.between(lift), self._instance.component_instances
        func, caller = between.func, component_instances[canon.instance]
        types = {one: self._instance.type(other) for one, other in between.resources.items()}
        if lift not in self._callees:
            self._callees[lift] = self._callee(
                lift, func, InnerBoundary(component_instances[lift.instance], types), None
            )
        callee, boundary = self._callees[lift], InnerBoundary(caller, types)
        tools = self._instance.tools(canon.options, caller)
        if not canon.options.is_async:
            return import_codec(func, canon.options)(boundary, tools, blocking_call(self.turns, caller, callee))
        halves = subtask_codec(func, canon.options)(boundary, tools)
        return async_call(self.turns, boundary, halves, callee, len(canon.signature.partition(":")[0]))

    def _import(self, canon: Canon, callee: HostFunc) -> Run:
        """A call of a function of the host's, whose result may have to be awaited."""
        host, inst = self._instance.host, self._instance.component_instances[canon.instance]
        func, target = host.function(callee)
        boundary = Boundary(inst, self._functions.types(func, callee.type))
        name = f"{callee.interface}#{callee.name}" if callee.interface else callee.name
        found = ImportedFunction(self.turns, inst, func, target or method_of(func), name)
        tools = self._instance.tools(canon.options, inst)
        if not canon.options.is_async:
            return observed_codec(func, canon.options)(boundary, tools, found.waiting)
        return found.asynchronous(boundary, subtask_codec(func, canon.options)(boundary, tools))


def _as_value(call: Callable[..., Any]) -> Callable[..., Any]:
    """A function that returns its result with both sides."""

    def inner(*arguments: Any) -> Any:
        try:
            return abi.Ok(call(*arguments))
        except abi.Err as error:
            return error

    return inner
