"""Blobs in Azure. See `witkit.backends.objects`."""

from __future__ import annotations

from witkit.backends.backend import Backend, Requirement
from witkit.backends.objects.azure import AzureSettings, service
from witkit.backends.objects.blobs import LIMITS, ObjectBlobs


def _opened(settings: AzureSettings) -> ObjectBlobs:
    return ObjectBlobs(service(settings))


backend = Backend(
    "A container of Azure Blob Storage.", _opened, AzureSettings, LIMITS, Requirement("obstore", "objects")
)
