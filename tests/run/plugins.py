"""Distributions with backends of their own, as pip would install them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DECLARED = """
from dataclasses import dataclass
from witkit.backends.backend import Backend
from witkit.backends.keyvalue.memory import MemorySettings, MemoryStores
from witkit.backends.settings import SECRET, BackendSettings, setting

@dataclass(frozen=True, slots=True, repr=False)
class Settings(BackendSettings):
    url: str = setting(SECRET, "The server.", "")
    password: str = setting(SECRET, "The password.", "")
"""

IN_OPEN = (
    DECLARED
    + """
def connect(settings):
    raise ConnectionError(f"cannot reach {settings.password}, that is {settings.url}")

backend = Backend("Redis.", connect, Settings)
"""
)

LATER = (
    DECLARED
    + """
class Stores(MemoryStores):
    def __init__(self, settings):
        super().__init__(MemorySettings())
        self.settings = settings
        self.location = f"Redis at {settings.url}"

    def create(self, store):
        raise RuntimeError(f"lost {self.settings.password}, {self.settings.url}")

    def close(self):
        raise OSError(f"cannot leave {self.settings.password}, {self.settings.url}")

backend = Backend("Redis.", Stores, Settings)
"""
)

AT_IMPORT = "raise ValueError('no redis://bob:hunter2secret@db.example here, password=hunter2secret')\n"

NO_BACKEND = "backend = object()\n"

NOTHING_OPENED = (
    DECLARED
    + """
backend = Backend("Redis.", lambda settings: settings.password, Settings)
"""
)


STRANGE_AT_IMPORT = "class Strange(BaseException): pass\nraise Strange('hunter2secret')\n"

MEMORY = (
    DECLARED
    + """
class Strange(BaseException):
    def __str__(self):
        raise RuntimeError

class Stores(MemoryStores):
    def __init__(self, settings):
        super().__init__(MemorySettings())

    def create(self, store):
        CALL

    def close(self):
        CLOSE

def opened(settings):
    OPEN

backend = Backend("Redis.", opened, Settings)
"""
)


def memory(open: str = "return Stores(settings)", close: str = "pass", call: str = "pass") -> str:
    """A backend in memory whose functions do this."""
    return MEMORY.replace("OPEN", open).replace("CLOSE", close).replace("CALL", call)


def install(folder: Path, code: str, name: str = "shop-redis") -> None:
    """The distribution `shop-redis` 1.5, or another one, in a folder, with the backend `remote` of key-value stores."""
    module = name.replace("-", "_")
    (folder / f"{module}.py").write_text(code)
    described = folder / f"{module}-1.5.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n")
    (described / "entry_points.txt").write_text(f"[witkit.backends]\nkey-value.remote = {module}:backend\n")


@contextmanager
def installed(folder: Path) -> Iterator[None]:
    """The distributions in a folder are there for this process; afterwards their modules are forgotten."""
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        theirs = [n for n, m in sys.modules.items() if (getattr(m, "__file__", None) or "").startswith(f"{folder}/")]
        for name in theirs:
            del sys.modules[name]
