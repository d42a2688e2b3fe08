"""The component model's own tests: each component gets the verdict that its test demands."""

from __future__ import annotations

from pathlib import Path

import pytest
import wasmtime

from tests.wasm.linking.wast import FILES, UNREADABLE, Binary, binaries
from witkit.runtime.core.plans import Linked
from witkit.wasm.cursor import BadWasm
from witkit.wasm.linking import validate

_ALONE = "which a host cannot give"

pytestmark = pytest.mark.skipif(not FILES, reason="needs the component model's tests in shared/corpus")


def verdict(binary: Binary) -> str:
    try:
        validate(binary.data)
        Linked.of(binary.data)
    except wasmtime.WasmtimeError as e:
        return f"invalid: {e}"
    except BadWasm as e:
        # Only definitions, which others instantiate, import components and core modules.
        return "valid" if _ALONE in e.message and not binary.is_alone else f"invalid: {e}"
    return "valid"


@pytest.mark.parametrize("name", [name for name in FILES if name not in UNREADABLE])
def test_each_component_gets_the_verdict_of_its_test(name: str, tmp_path: Path) -> None:
    different = {}
    for binary in binaries(name, tmp_path):
        found = verdict(binary)
        if (found == "valid") != binary.is_valid:
            different[name, binary.line] = found
    assert different == {}
