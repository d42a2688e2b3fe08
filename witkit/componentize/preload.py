"""Import modules during the build that a component needs later, although the guest does not import them at the top.

A component does not have any files to import from. Python imports text encodings when they are first used, and
functions of the standard library, such as `datetime.strptime`, import other modules. A module `sitecustomize`, which
Python runs before the guest, imports them during the build.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from witkit.componentize.reading import ReadModule
from witkit.interpreter import inside, library

NAME: Final = "sitecustomize.py"


def write(modules: Sequence[ReadModule], to: Path) -> Path:
    """Create the folder `to` with the module and its list of imports. Returns the folder."""
    to.mkdir(parents=True)
    shutil.copyfile(inside.__file__, to / NAME)
    (to / inside.LIST).write_text("\n".join(preloaded(modules)), encoding="utf-8")
    return to


def digest(modules: Sequence[ReadModule]) -> str:
    """SHA-256 over what is added to the guest's own files."""
    return sha256(Path(inside.__file__).read_bytes() + "\n".join(preloaded(modules)).encode()).hexdigest()


def preloaded(modules: Sequence[ReadModule]) -> list[str]:
    """The modules of the standard library to import: all encodings, and those that functions may import.

    These are functions of the guest, and of the modules that the guest imports.
    """
    known = library()
    imported = {name for module in modules for each in module.imports for name in each.modules if known.has(name)}
    late = {name for module in modules for each in module.imports if each.is_late for name in each.modules}
    zones = {"zoneinfo"} & imported
    return sorted({*known.encodings, *known.needed_later(imported), *(late & imported), *zones})
