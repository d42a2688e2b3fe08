"""Blobs in S3. See `witkit.backends.objects`."""

from __future__ import annotations

from witkit.backends.backend import Backend, Requirement
from witkit.backends.objects.blobs import LIMITS, ObjectBlobs
from witkit.backends.objects.s3 import S3Settings, service


def _opened(settings: S3Settings) -> ObjectBlobs:
    return ObjectBlobs(service(settings))


backend = Backend(
    "A bucket of S3, or of a server that speaks its protocol.",
    _opened,
    S3Settings,
    LIMITS,
    Requirement("obstore", "objects"),
)
