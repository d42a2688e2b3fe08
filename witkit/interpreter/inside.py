"""The `sitecustomize` that the Python inside a component runs in a build; see `componentize.preload`.

It does not import witkit. Time zones are kept if the package `tzdata` is among the guest's modules.
"""

from __future__ import annotations

import io
import os
from importlib import import_module

LIST = "witkit_preload.txt"


def import_listed(file: str) -> None:
    """Import the modules that the file lists."""
    with open(file, encoding="utf-8") as text:  # noqa: PTH123 - `pathlib` would stay in memory
        names = text.read().split()
    for name in names:
        import_module(name)
    if "zoneinfo" in names:
        keep_time_zones()


def keep_time_zones() -> None:
    """Keep the time zones of `tzdata` in memory, and make `zoneinfo` use them."""
    from importlib.util import find_spec

    found = find_spec("tzdata")
    if found is None or not found.submodule_search_locations:
        return
    import zoneinfo
    from zoneinfo import _common

    zones = _read_zones(os.path.join(found.submodule_search_locations[0], "zoneinfo"))  # noqa: PTH118

    def load_tzdata(key: str) -> io.BytesIO:
        if key not in zones:
            raise zoneinfo.ZoneInfoNotFoundError(f"No time zone found with key {key}")
        return io.BytesIO(zones[key])

    setattr(_common, "load_tzdata", load_tzdata)  # noqa: B010 - another type than mypy knows
    zoneinfo.available_timezones = lambda: set(zones)


def _read_zones(folder: str) -> dict[str, bytes]:
    """The content of each time zone file, by its name."""
    kept: dict[bytes, bytes] = {}
    zones = {}
    for at, _, files in os.walk(folder):
        for file in files:
            path = os.path.join(at, file)  # noqa: PTH118
            with open(path, "rb") as source:  # noqa: PTH123
                content = source.read()
            if content.startswith(b"TZif"):
                # Many names have the same content: keep one copy.
                zones[os.path.relpath(path, folder)] = kept.setdefault(content, content)
    return dict(sorted(zones.items()))


if __name__ == "sitecustomize":
    import_listed(os.path.join(os.path.dirname(__file__), LIST))  # noqa: PTH118, PTH120
