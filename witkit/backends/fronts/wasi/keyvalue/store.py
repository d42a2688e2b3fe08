"""`wasi:keyvalue/store` in two drafts."""

from __future__ import annotations

from typing import Any, ClassVar

from witkit.backends.keyvalue.protocol import KeyValue
from witkit.backends.selector import Selector
from witkit.interfaces.wasi_keyvalue_draft import store as draft
from witkit.interfaces.wasi_keyvalue_draft2 import store as draft2

from .buckets import Bucket, NamedBucket, NumberedBucket, bound


class Store:
    """`interface store`: the implementation for an import. Subclasses are for one draft."""

    _bucket: ClassVar[type[Bucket[Any]]]
    _generated: ClassVar[Any]

    def __init__(self, selector: Selector[KeyValue]) -> None:
        self._bound = bound(self._bucket, selector, self._generated)

    def open(self, identifier: str) -> Bucket[Any]:
        """The bucket with this name."""
        return self._bound.open(identifier)

    @property
    def Bucket(self) -> type[Bucket[Any]]:
        """The class of buckets of this selector."""
        return self._bound


class Draft(Store):
    """Of `0.2.0-draft`."""

    _bucket: ClassVar = NumberedBucket
    _generated: ClassVar = draft


class Draft2(Store):
    """Of `0.2.0-draft2`."""

    _bucket: ClassVar = NamedBucket
    _generated: ClassVar = draft2
