"""A plan made ready for instances: core modules compiled, places for their imports counted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from witkit import abi
from witkit.canonical.fits import resources
from witkit.runtime.core.between import Between
from witkit.runtime.core.compiling import Modules
from witkit.runtime.core.plans import Linked
from witkit.runtime.core.shares import Shares
from witkit.runtime.core.state import HostFunction
from witkit.runtime.core.workspace import Workspace
from witkit.runtime.uncopied import Uncopied
from witkit.wasm import types
from witkit.wasm.plan import Canon, CoreFunc, HostFunc, Lift, PlannedResource

_SPARE: Final = 4
"""The workspaces that are kept: making an instance takes the interpreter's lock most of the time."""


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
        self.shares = Shares([self.plan.spaces[step.module] for step in self.plan.steps])
        self.contexts = {canon.instance for canon in self.plan.parts if isinstance(canon, Canon) and _needs_task(canon)}
        """The component instances that ask which task runs, or use its storage."""
        self.checked: dict[CoreFunc, str] = {}
        """The signatures that core functions had in some instance: they have them in all."""
        self._resources: dict[types.Func, tuple[abi.Func, dict[abi.Resource, PlannedResource]]] = {}
        self._workspaces: list[Workspace] = []

    def workspace(self) -> Workspace:
        """Memory to make an instance in, which is given back afterwards."""
        try:
            return self._workspaces.pop()
        except IndexError:
            return Workspace(self.plan, self.compiled, self.function)

    def give_back(self, workspace: Workspace) -> None:
        """Let another instance be made in this memory."""
        if len(self._workspaces) < _SPARE:
            self._workspaces.append(workspace)

    def between(self, lift: Lift) -> Between:
        """The types of a function that one component instance has for another one, made at first use."""
        if lift not in self._between:
            self._between[lift] = Between(lift)
        return self._between[lift]

    def resources(self, func: abi.Func, type: types.Func) -> dict[abi.Resource, PlannedResource]:
        """The resources of a function's type by those of its description. The last description is remembered."""
        found = self._resources.get(type)
        if found is None or found[0] is not func:
            found = self._resources[type] = func, resources(func, type)
        return found[1]

    def function(self, canon: Canon) -> HostFunction:
        """The core function for a canonical definition."""
        return HostFunction(self.modules.mode.function_type(canon.signature), canon, _label(canon))


def _needs_task(canon: Canon) -> bool:
    if canon.callee is not None:
        return canon.callee.type.is_async
    return not canon.kind.startswith("resource.")


def _label(canon: Canon) -> str:
    """What the host is asked for, in messages; empty if it is nothing of a program's."""
    match canon:
        case Canon(callee=HostFunc(interface, name)):
            return f"{interface}#{name}" if interface else name
        case Canon(kind="resource.drop", type=PlannedResource(owner=None, name=name, interface=interface)):
            return f"{interface}#[drop]{name}" if interface else f"[drop]{name}"
    return ""
