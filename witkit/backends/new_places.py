"""Where opening a backend would create files and folders, and what prevents that."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from witkit.text.files import way_out

from .settings import FILE, FOLDER, BackendSettings, declared

_ANOTHER: Final = "choose another path"


def new_places(settings: BackendSettings) -> list[Path]:
    """The files and folders that opening a backend with these settings would create, or that cannot be looked at."""
    names = (each.name.replace("-", "_") for each in declared(type(settings)) if each.type in (FILE, FOLDER))
    places = [Path(place) for name in names if (place := getattr(settings, name)) is not None]
    # `Path.exists` raises what depends on the version of Python; this never does.
    return [place for place in places if not os.path.exists(place)]  # noqa: PTH110


def hindrance(place: Path) -> tuple[str, str] | None:
    """Why nothing can be created at a place that does not exist yet, and the way out."""
    try:
        place.stat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        above = next(_present(place))
        return _forbidden(place, above)
    except OSError as refused:
        reason = (refused.strerror or str(refused)).lower()
        return f"`{place}` cannot be created: {reason}", way_out(refused, _ANOTHER)
    return None  # Somebody has created it meanwhile.


def _present(place: Path) -> Iterator[Path]:
    """The place and the folders above it, as far as they exist, from the innermost; symbolic links always count."""
    return (each for each in (place, *place.absolute().parents) if os.path.lexists(each))


def _forbidden(place: Path, above: Path) -> tuple[str, str] | None:
    within = f"`{place}` cannot be created in `{above}`"
    if above.is_symlink() and not above.exists():
        # SQLite follows a link to a file that does not exist yet.
        return (
            None if above == place and above.resolve().parent.is_dir() else (f"{within}: the link is broken", _ANOTHER)
        )
    if not above.is_dir():
        return f"{within}: it is a file", _ANOTHER
    if not os.access(above, os.W_OK | os.X_OK):
        return f"{within}: you may not write there", f"{_ANOTHER}, or make the folder writable"
    return None
