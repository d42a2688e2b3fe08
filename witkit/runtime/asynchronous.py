"""Exports that are `async func`: awaitables over the C library's call futures.

The library advances such a call only when it is polled. Between two polls the event loop runs, so other
tasks do. A store runs one call at a time: another async call of the same instance waits for its turn.
Cancelling a call that has begun closes the instance, whose guest stopped in the middle of something.
"""

from __future__ import annotations

import asyncio
import ctypes
from collections.abc import Callable, Coroutine, Mapping
from threading import get_ident
from typing import Any

from witkit import abi
from witkit.runtime import capi
from witkit.runtime.codec.functions import ExportParts, export_parts
from witkit.runtime.errors import InstanceError
from witkit.runtime.state import AWAITING, State

_call_async = capi.function("wasmtime_component_func_call_async", ctypes.c_void_p)
_poll = capi.function("wasmtime_call_future_poll", ctypes.c_bool, ctypes.c_void_p)
_delete = capi.function("wasmtime_call_future_delete", None, ctypes.c_void_p)


def bind_async(
    func: abi.Func, state: State, raw: Callable[[], Any], types: Mapping[abi.Resource, int]
) -> Callable[..., Coroutine[Any, Any, Any]]:
    """The coroutine function for an async export of one instance; `raw` gives the C function, within a call.

    `types` are the numbers of its resources in the component.
    """
    parts = export_parts(func)

    async def call(*values: Any) -> Any:
        if len(values) != parts.count:
            raise TypeError(f"{func.name} takes {parts.count} arguments, got {len(values)}")
        while state.owner == AWAITING:
            await asyncio.sleep(0)
        if state.enter():
            raise InstanceError("an async export cannot be called from within a call of the same instance")
        try:
            if state.todo:
                state.prepare()
            handles = state.begin(types)
            try:
                return await _run(parts, func, state, raw(), handles, values)
            finally:
                handles.end()
        finally:
            state.leave(False)

    return call


async def _run(
    parts: ExportParts, func: abi.Func, state: State, raw: Any, handles: Any, values: tuple[Any, ...]
) -> Any:
    """Begin the call, poll it until it is done, lift the result."""
    kept: list[Any] = []
    image = parts.lower(values, kept.append, handles)
    slot, failure = capi.new_slot(), ctypes.c_void_p()
    handles.sent = True
    has_result = ctypes.c_size_t(func.result is not None)
    future = _call_async(
        raw, state.context, image, ctypes.c_size_t(parts.count), slot, has_result, ctypes.byref(failure)
    )
    try:
        while not _poll(future):
            state.owner = AWAITING
            await asyncio.sleep(0)
            state.owner = get_ident()
    except BaseException as error:
        state.broken = f"the instance was closed after {type(error).__name__} during the async call `{func.name}`"
        raise
    finally:
        state.owner = get_ident()
        _delete(future)
    state.failed(failure.value, func.name)
    return parts.lift(slot, handles)
