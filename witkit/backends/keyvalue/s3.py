"""Key-value stores in S3. See `witkit.backends.objects`."""

from __future__ import annotations

from witkit.backends.backend import Backend, Requirement
from witkit.backends.objects.keyvalue import LIMITS, ObjectStores
from witkit.backends.objects.s3 import S3Settings, service


def _opened(settings: S3Settings) -> ObjectStores:
    return ObjectStores(service(settings))


backend = Backend(
    "One object per key in a bucket of S3 or a server like it.",
    _opened,
    S3Settings,
    LIMITS,
    Requirement("obstore", "objects"),
)
