"""witkit: check, generate and run with WIT (WebAssembly Interface Types).

    loaded = witkit.load("wit")                       # read and resolve a package
    witkit.check(loaded)                              # its diagnostics
    witkit.diff(witkit.load("old"), loaded)           # what has changed, and whom it breaks
    witkit.generate(loaded.world("orders"), "host")   # typed Python, in memory
    witkit.Engine().load("orders.wasm")               # a component, ready to instantiate
    witkit.asgi("shop.wasm")                          # a component that answers requests, for any ASGI server

Each name is imported when it is first used. `docs/api.md` lists them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from witkit._version import __version__

if TYPE_CHECKING:
    from witkit.abi import Err, HandleError, Ok, Provided, Some
    from witkit.backends import Choice
    from witkit.bindgen import GeneratedFile, generate
    from witkit.checks import check
    from witkit.checks.diff import Change, Comparison, diff
    from witkit.checks.fits import fits
    from witkit.ir import Features, Loaded, load
    from witkit.native import WouldTrap
    from witkit.program.triggers.http.opened import asgi
    from witkit.runtime import (
        Component,
        Engine,
        HandleLimitError,
        Instance,
        InstanceError,
        Limits,
        MissingImport,
        Prepared,
        Reason,
        Trap,
        UntypedComponent,
        Wasi,
    )
    from witkit.text import Diagnostic, Edit, Error, Fix, Severity, Source, Span, WitkitError

__all__ = [
    "Change",
    "Choice",
    "Comparison",
    "Component",
    "Diagnostic",
    "Edit",
    "Engine",
    "Err",
    "Error",
    "Features",
    "Fix",
    "GeneratedFile",
    "HandleError",
    "HandleLimitError",
    "Instance",
    "InstanceError",
    "Limits",
    "Loaded",
    "MissingImport",
    "Ok",
    "Prepared",
    "Provided",
    "Reason",
    "Severity",
    "Some",
    "Source",
    "Span",
    "Trap",
    "UntypedComponent",
    "Wasi",
    "WitkitError",
    "WouldTrap",
    "__version__",
    "asgi",
    "check",
    "diff",
    "fits",
    "generate",
    "load",
]

_MODULES: Final = {
    "witkit.abi": "Err HandleError Ok Provided Some",
    "witkit.backends": "Choice",
    "witkit.bindgen": "GeneratedFile generate",
    "witkit.checks": "check",
    "witkit.checks.diff": "Change Comparison diff",
    "witkit.checks.fits": "fits",
    "witkit.ir": "Features Loaded load",
    "witkit.native": "WouldTrap",
    "witkit.program.triggers.http.opened": "asgi",
    "witkit.runtime": (
        "Component Engine HandleLimitError Instance InstanceError Limits "
        "MissingImport Prepared Reason Trap UntypedComponent Wasi"
    ),
    "witkit.text": "Diagnostic Edit Error Fix Severity Source Span WitkitError",
}
_HOMES: Final = {name: module for module, names in _MODULES.items() for name in names.split()}


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take any name for one of the module's.

    def __getattr__(name: str) -> Any:
        from witkit._lazily import imported

        return imported(globals(), _HOMES, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
