"""Floor 3: live components on wasmtime. The only package that imports wasmtime."""

from witkit.abi import HandleError, Provided
from witkit.runtime.component import Component, UntypedComponent
from witkit.runtime.engine import Engine, default_engine
from witkit.runtime.errors import HandleLimitError, InstanceError, MissingImport, Reason, Trap
from witkit.runtime.instance import ExportedInterface, Instance
from witkit.runtime.limits import Limits
from witkit.runtime.prepared import Prepared
from witkit.runtime.resource import GuestResource
from witkit.runtime.wasi import Wasi

__all__ = [
    "Component",
    "Engine",
    "ExportedInterface",
    "GuestResource",
    "HandleError",
    "HandleLimitError",
    "Instance",
    "InstanceError",
    "Limits",
    "MissingImport",
    "Prepared",
    "Provided",
    "Reason",
    "Trap",
    "UntypedComponent",
    "Wasi",
    "default_engine",
]
