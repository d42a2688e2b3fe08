"""Blobs in GCS. See `witkit.backends.objects`."""

from __future__ import annotations

from witkit.backends.backend import Backend, Requirement
from witkit.backends.objects.blobs import LIMITS, ObjectBlobs
from witkit.backends.objects.gcs import GcsSettings, service


def _opened(settings: GcsSettings) -> ObjectBlobs:
    return ObjectBlobs(service(settings))


backend = Backend("A bucket of Google Cloud Storage.", _opened, GcsSettings, LIMITS, Requirement("obstore", "objects"))
