"""What a load resolved, as the JSON of wasm-tools."""

from __future__ import annotations

from typing import Any

from witkit.ir import Loaded
from witkit.ir.show.resolve_json import to_json


def json_of(loaded: Loaded) -> dict[str, Any]:
    """The JSON of a package without errors."""
    assert loaded.resolve is not None, loaded.diagnostics
    return to_json(loaded.resolve, loaded.written)
