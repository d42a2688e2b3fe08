"""witkit: check, generate and run with WIT (WebAssembly Interface Types).

    loaded = witkit.load("wit")                       # read and resolve a package
    witkit.check(loaded)                              # its diagnostics
    witkit.generate(loaded.world("orders"), "host")   # typed Python, in memory
    witkit.Engine().load("orders.wasm")               # a component, ready to instantiate

Each name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from witkit._version import __version__

if TYPE_CHECKING:
    from witkit.abi import Err, Ok, Some
    from witkit.bindgen import generate
    from witkit.checks import check
    from witkit.ir import Features, Loaded, load
    from witkit.runtime import Engine
    from witkit.text import Diagnostic, Severity, WitkitError

__all__ = [
    "Diagnostic",
    "Engine",
    "Err",
    "Features",
    "Loaded",
    "Ok",
    "Severity",
    "Some",
    "WitkitError",
    "__version__",
    "check",
    "generate",
    "load",
]

_HOMES = {
    "Diagnostic": "witkit.text",
    "Err": "witkit.abi",
    "Features": "witkit.ir",
    "Engine": "witkit.runtime",
    "Loaded": "witkit.ir",
    "Ok": "witkit.abi",
    "Severity": "witkit.text",
    "Some": "witkit.abi",
    "WitkitError": "witkit.text",
    "check": "witkit.checks",
    "generate": "witkit.bindgen",
    "load": "witkit.ir",
}


if not TYPE_CHECKING:
    # Hidden from type checkers: with `__getattr__`, they would accept any name.

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
