"""What it costs to send a parcel: the tariff is in settings, so that it changes without a build."""

from __future__ import annotations

import wit_world
from componentize_py_types import Err
from wit_world import (
    Parcel,
    PostageError_NotANumber,
    PostageError_NotSet,
    PostageError_TooHeavy,
    PostageError_Unavailable,
    exports,
)
from wit_world.imports.configs import Configs, ConfigsError_NotFound


class WitWorld(wit_world.WitWorld):
    """The functions that the world exports itself."""

    def price(self, parcel: Parcel) -> int:
        """A base price, something for each kilogram begun, and nothing at all for what is worth enough."""
        with _tariff() as tariff:
            limit = _number(tariff, "grams-at-most", 30_000)
            if parcel.grams > limit:
                raise Err(PostageError_TooHeavy(limit))
            if parcel.worth >= _number(tariff, "free-from", 1 << 64):
                return 0
            kilograms = -(-parcel.grams // 1000)
            return _number(tariff, "base") + kilograms * _number(tariff, "per-kilogram")


class Run(exports.Run):
    """`witkit run`: prints the prices of three parcels."""

    def run(self) -> None:
        for parcel in (Parcel(400, 1_200), Parcel(2_300, 4_900), Parcel(2_300, 12_000)):
            try:
                print(f"{parcel.grams / 1000:.1f} kg: {WitWorld().price(parcel) / 100:.2f}")
            except Err as refused:
                print(f"{parcel.grams / 1000:.1f} kg: {refused.value}")


def _tariff() -> Configs:
    try:
        return Configs.open("tariff")
    except Err as refused:
        raise Err(PostageError_Unavailable(str(refused.value))) from refused


def _number(tariff: Configs, key: str, default: int | None = None) -> int:
    """A setting that is a whole number; without a default it has to be set."""
    try:
        return int(tariff.get(key))
    except ValueError:
        raise Err(PostageError_NotANumber(key)) from None
    except Err as refused:
        if not isinstance(refused.value, ConfigsError_NotFound):
            raise Err(PostageError_Unavailable(str(refused.value))) from refused
        if default is None:
            raise Err(PostageError_NotSet(key)) from None
        return default
