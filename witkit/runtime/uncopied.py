"""Objects that cannot be copied or pickled, because they own something that exists once, in this process."""

from __future__ import annotations

from typing import NoReturn, SupportsIndex


class Uncopied:
    """Makes `copy.copy`, `copy.deepcopy`, `dataclasses.asdict` and `pickle` raise TypeError."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(f"{type(self).__name__} objects cannot be copied or pickled: each owns memory of this process")
