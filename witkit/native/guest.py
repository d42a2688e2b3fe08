"""From the host to the guest: calling a guest's exports in this process."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn

from witkit import abi
from witkit.native.binding import Binding, building, generated
from witkit.native.calls import Running, error_of, result_of, take, wrap
from witkit.native.errors import WouldTrap
from witkit.native.modules import fresh
from witkit.native.values import Crossing

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


class Guest:
    """A guest as a host sees it: exported interfaces are attributes, the world's functions are methods.

    `app` is the guest's module: its name, to have it imported anew, or the module itself. As componentize-py
    does, one object of a class is made for each function, so that no state is shared through `self`. A guest
    that has trapped cannot be called again. Values come and go in the bindings' classes; with `host`, the
    `WORLD` of a generated host package, in the host's.
    """

    def __init__(
        self, app: ModuleType | str, binding: Binding, world_module: str = "wit_world", host: abi.World | None = None
    ) -> None:
        self._state = _State(binding)
        self._functions: dict[str, Any] = {}
        with building():
            self._build(fresh(app, world_module) if isinstance(app, str) else app, world_module, host)

    def _build(self, module: ModuleType, world_module: str, host: abi.World | None) -> None:
        bindings = generated(world_module)
        world: abi.World = bindings.WORLD
        host_exports = {interface.name: interface for interface in host.exports} if host else {}
        own = abi.Interface("", world.export_functions)
        theirs = abi.Interface("", host.export_functions) if host else own
        for interface in (own, *world.exports):
            attribute, cls = bindings.EXPORTS[interface.name]
            side = theirs if interface is own else host_exports.get(interface.name, interface)
            face = _Exports(module, attribute, cls, interface, side, self._state)
            if interface is own:
                self._functions |= face.functions
            else:
                self._functions[attribute] = face

    def __getattr__(self, name: str) -> Any:
        functions = self.__dict__.get("_functions", {})
        if name not in functions:
            raise AttributeError(f"the guest exports no `{name}`; it exports {', '.join(functions) or 'nothing'}")
        return functions[name]


class _State:
    """What all exports of one guest share: its binding, and whether it has trapped."""

    def __init__(self, binding: Binding) -> None:
        self.binding = binding
        self.dead = ""


class _Exports:
    """One exported interface: its functions and the classes of its resources as attributes."""

    def __init__(
        self, app: ModuleType, module: str, cls: str, interface: abi.Interface, host: abi.Interface, state: _State
    ) -> None:
        theirs = {func.name: func for func in host.functions}
        self.functions: dict[str, Any] = {}
        for func in interface.functions:
            if func.kind == "free":
                target = getattr(_implementation(app, cls), func.attr)
                self.functions[func.attr] = _function(func, theirs.get(func.name, func), target, state)
        for resource in interface.resources:
            methods = [func for func in interface.functions if func.resource is resource]
            self.functions[resource.attr] = _resource_class(resource, module, methods, theirs, state)

    def __getattr__(self, name: str) -> Any:
        functions = self.__dict__.get("functions", {})
        if name not in functions:
            raise AttributeError(f"the interface has no `{name}`; it has {', '.join(functions)}")
        return functions[name]


def _implementation(app: ModuleType, cls: str) -> Any:
    """A new object of the guest's class. Raises `WouldTrap` where the build would fail."""
    if not hasattr(app, cls):
        raise WouldTrap(f"module `{app.__name__}` has no class `{cls}`; it could not be built")
    return getattr(app, cls)()


def _function(func: abi.Func, host: abi.Func, target: Callable[..., Any], state: _State) -> Callable[..., Any]:
    """The guest's function for callers on the host's side."""

    def call(*arguments: Any) -> Any:
        return _Entry(func, host, state).run(target, arguments)

    async def call_async(*arguments: Any) -> Any:
        return await _Entry(func, host, state).run_async(target, arguments)

    chosen = call_async if func.is_async else call
    chosen.__name__, chosen.__doc__ = func.attr, f"The export `{func.name}`."
    return chosen


class _Entry:
    """One call into the guest."""

    def __init__(self, func: abi.Func, host: abi.Func, state: _State) -> None:
        if state.dead:
            raise WouldTrap(f"the guest cannot be called any more: it has trapped ({state.dead})")
        self.func, self.host, self.state = func, host, state
        self.borrowed: list[Any] = []
        state.binding.failed = None

    def run(self, target: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        lifted = self.lift(arguments)
        try:
            with Running(guest=True):
                answer = target(*lifted)
            return self.lower(answer)
        except BaseException as problem:
            self.tell(problem)
        finally:
            self.end()

    async def run_async(self, target: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        lifted = self.lift(arguments)
        try:
            with Running(guest=True):
                answer = target(*lifted)
                answer = await answer if inspect.isawaitable(answer) else answer
            return self.lower(answer)
        except BaseException as problem:
            self.tell(problem)
        finally:
            self.end()

    def lift(self, arguments: tuple[Any, ...]) -> list[Any]:
        """The host's arguments as the guest gets them."""
        if len(arguments) != len(self.func.params):
            count = len(self.func.params)
            raise TypeError(f"`{self.func.name}` takes {count} argument{'s' * (count != 1)}, not {len(arguments)}")
        crossing = Crossing(False, self._to_guest)
        return [
            crossing.carry(value, theirs.type, mine.type, f"argument `{mine.name}` of `{self.func.name}`")
            for value, mine, theirs in zip(arguments, self.func.params, self.host.params, strict=True)
        ]

    def lower(self, value: Any) -> Any:
        """What the guest returned, as the host gets it."""
        if self.state.binding.failed is not None:
            raise self.state.binding.failed
        mine, theirs = result_of(self.func), result_of(self.host)
        return Crossing(True, self._to_host).optional(value, mine, theirs, f"the result of `{self.func.name}`")

    def tell(self, problem: BaseException) -> NoReturn:
        """Raise what the caller gets to see: an `Err` where the function may fail, a trap for anything else.

        What was raised in a function of the host is raised as it is: it is no mistake of the guest's.
        """
        failed, self.state.binding.failed = self.state.binding.failed, None
        if type(problem) is abi.Err and self.func.raises and failed is None:
            try:
                told: BaseException = self._error(problem)
            except WouldTrap as trap:
                told = self._trap(trap)
        elif isinstance(problem, Exception):
            told = self._trap(failed or problem, is_guest=failed is None)
        else:
            told = problem
        if told is problem:
            raise told
        raise told from problem

    def _trap(self, problem: Exception, *, is_guest: bool = True) -> Exception:
        """The end of the guest."""
        self.state.dead = f"{type(problem).__name__}: {problem}"
        if isinstance(problem, WouldTrap) or not is_guest:
            return problem
        return WouldTrap(f"`{self.func.name}` raised {type(problem).__name__}: {problem}; the component would trap")

    def _error(self, problem: abi.Err[Any]) -> Exception:
        mine, theirs = error_of(self.func), error_of(self.host)
        place = f"the error of `{self.func.name}`"
        return abi.Err(Crossing(True, self._to_host).optional(problem.value, mine, theirs, place))

    def end(self) -> None:
        """Handles that were lent for the call are the guest's no more."""
        for guest in self.borrowed:
            self.state.binding.handles.pop(guest.__dict__.pop("handle", 0), None)

    def _to_guest(self, value: Any, source: abi.Own | abi.Borrow, target: abi.Own | abi.Borrow) -> Any:
        if target.resource.cls is None:
            return value._guest if isinstance(value, GuestObject) else value
        guest = wrap(self.state.binding, value, target)
        if isinstance(target, abi.Borrow):
            self.borrowed.append(guest)
        return guest

    def _to_host(self, value: Any, source: abi.Own | abi.Borrow, target: abi.Own | abi.Borrow) -> Any:
        made = self.state.binding.classes.get(source.resource)
        return made(value) if made else take(self.state.binding, value, source, f"the result of `{self.func.name}`")


class GuestObject:
    """A resource that the guest implements, in the host's hands. Methods are those of WIT."""

    def __init__(self, guest: Any) -> None:
        self._guest = guest

    def __enter__(self) -> GuestObject:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the handle back. componentize-py calls nothing of the guest for it."""
        self._guest = None


def _resource_class(
    resource: abi.Resource, module: str, functions: list[abi.Func], hosts: dict[str, abi.Func], state: _State
) -> Any:
    """The class of an exported resource as the host uses it: constructing it constructs the guest's object."""
    members: dict[str, Any] = {}
    constructor: abi.Func | None = None
    # Only a constructor or a static function makes componentize-py look for the class.
    guest = _guest_class(module, resource) if any(func.kind != "method" for func in functions) else None
    for func in functions:
        host = hosts.get(func.name, func)
        if func.kind == "method":
            members[func.attr] = _method(func, host, state)
        elif func.kind == "static":
            members[func.attr] = staticmethod(_function(func, host, getattr(guest, func.attr), state))
        else:
            constructor = func
    cls = type(resource.attr, (GuestObject,), members)
    state.binding.classes[resource] = cls
    if constructor is None:
        return cls
    return _constructing(cls, constructor, hosts.get(constructor.name, constructor), guest, state)


def _method(func: abi.Func, host: abi.Func, state: _State) -> Callable[..., Any]:
    def method(self: GuestObject, *arguments: Any) -> Any:
        return _function(func, host, getattr(self._guest, func.attr), state)(*arguments)

    return method


def _constructing(cls: type[GuestObject], func: abi.Func, host: abi.Func, guest: Any, state: _State) -> Any:
    def __init__(self: GuestObject, *arguments: Any) -> None:
        entry = _Entry(func, host, state)
        lifted = entry.lift(arguments)
        try:
            with Running(guest=True):
                self._guest = guest(*lifted)
        except BaseException as problem:
            entry.tell(problem)
        finally:
            entry.end()

    return type(cls.__name__, (cls,), {"__init__": __init__})


def _guest_class(module: str, resource: abi.Resource) -> Any:
    """The guest's class of an exported resource, where componentize-py looks for it."""
    try:
        return getattr(import_module(module), resource.attr)
    except (ModuleNotFoundError, AttributeError) as missing:
        if missing.name not in (module, resource.attr):
            raise
        message = f"the exported resource's class `{resource.attr}` must be in a module called `{module}`"
        raise WouldTrap(f"{message}; the guest could not be built") from None
