"""Key-value stores in Azure. See `witkit.backends.objects`."""

from __future__ import annotations

from witkit.backends.backend import Backend, Requirement
from witkit.backends.objects.azure import AzureSettings, service
from witkit.backends.objects.keyvalue import LIMITS, ObjectStores


def _opened(settings: AzureSettings) -> ObjectStores:
    return ObjectStores(service(settings))


backend = Backend(
    "One object per key in a container of Azure.", _opened, AzureSettings, LIMITS, Requirement("obstore", "objects")
)
