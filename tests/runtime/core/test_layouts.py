"""A wasmtime whose core API is not as witkit has it written down is refused before it is used."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from wasmtime import _bindings, _ffi

from witkit.runtime.core import layouts
from witkit.text import WitkitError


class Widened(ctypes.Structure):
    """`wasmtime_extern_t` with a field between its own."""

    _fields_ = (("kind", ctypes.c_uint8), ("flags", ctypes.c_uint64), ("of", ctypes.c_uint64 * 3))


class Moved(ctypes.Union):
    """A raw value of another size."""

    _fields_ = tuple((name, ctypes.c_uint64) for name in ("i32", "i64", "f32", "f64"))


CHANGES: dict[str, tuple[str, Any]] = {
    "a structure is larger": ("wasmtime_extern_t", Widened),
    "a structure is gone": ("wasmtime_instance_t", None),
    "raw values are smaller": ("wasmtime_val_raw_t", Moved),
    "a callback lacks a parameter": ("wasmtime_func_unchecked_callback_t", ctypes.CFUNCTYPE(ctypes.c_size_t)),
    "a function has another parameter": ("_wasmtime_memory_data", SimpleNamespace(argtypes=[ctypes.c_void_p])),
    "a function is gone": ("_wasmtime_func_call_unchecked", None),
}


def test_the_installed_wasmtime_fits() -> None:
    assert layouts.differing(_bindings, _ffi) == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_bindings_is_named(change: str) -> None:
    name, value = CHANGES[change]
    changed = SimpleNamespace(**{**vars(_bindings), name: value})
    with pytest.raises(WitkitError) as refused:
        layouts.check(changed, _ffi)
    (said,) = refused.value.diagnostics
    assert said.code == "WIT0927"
    assert f"which has no `{name.removeprefix('_')}` as witkit expects" in said.message
    assert said.help == "install another one: `pip install 'wasmtime>=49,<51'`"


def test_kinds_with_other_numbers_are_named() -> None:
    swapped = SimpleNamespace(**{**vars(_ffi), "WASMTIME_EXTERN_MEMORY": _ffi.WASMTIME_EXTERN_TABLE})
    assert layouts.differing(_bindings, swapped) == ["WASMTIME_EXTERN_MEMORY"]


def test_the_runtime_is_not_imported_over_another_layout() -> None:
    code = (
        "import ctypes, wasmtime._bindings as b\n"
        "class V(ctypes.Structure): _fields_ = [('kind', ctypes.c_uint8), ('of', ctypes.c_uint64 * 4)]\n"
        "b.wasmtime_extern_t = V\n"
        "import witkit.runtime\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "error[WIT0927]: witkit does not work with wasmtime" in done.stderr


def test_the_versions_that_work_are_those_that_are_required(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"wasmtime{layouts.WORKING}" in project["dependencies"]
    assert f'wasmtime: "{layouts.WORKING}"' in (repository / ".github" / "workflows" / "ci.yml").read_text("utf-8")
