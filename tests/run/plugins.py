"""Distributions with backends of their own, as pip would install them."""

from __future__ import annotations

from pathlib import Path

IN_OPEN = """
class Backend:
    def open(self, settings):
        connect(settings)

    def close(self, opened):
        pass

def connect(settings):
    raise ConnectionError(f"cannot reach {settings}, that is {settings.get('url')}")

backend = Backend()
"""

LATER = """
from witkit.backends.base import Opened
from witkit.backends.keyvalue.memory import MemoryBackend
from witkit.backends.keyvalue.storage import Stores

class Storage:
    def __init__(self, settings):
        self.settings = dict(settings)

    def create(self, store):
        raise RuntimeError(f"lost {self.settings}")

    def case_of(self, failure):
        return None

class Backend:
    def open(self, settings):
        return Opened(Stores(Storage(settings)), f"Redis at {settings['url']}")

    def close(self, opened):
        raise OSError(f"cannot leave {opened.implementation.storage.settings}")

backend = Backend()
"""

AT_IMPORT = "raise ValueError('no redis://bob:hunter2secret@db.example here, password=hunter2secret')\n"

NO_BACKEND = "backend = object()\n"

NOTHING_OPENED = """
class Backend:
    def open(self, settings):
        return settings

backend = Backend()
"""


STRANGE_AT_IMPORT = "class Strange(BaseException): pass\nraise Strange('hunter2secret')\n"

MEMORY = """
from witkit.backends.base import Opened
from witkit.backends.keyvalue.memory import backend as memory

class Strange(BaseException):
    def __str__(self):
        raise RuntimeError

class Keyvalue:
    def get(self, key): pass
    def set(self, key, value): pass
    def delete(self, key): pass
    def keys(self): pass

    @staticmethod
    def open(name):
        CALL

class Stores:
    Keyvalue = Keyvalue

class Backend:
    def open(self, settings):
        OPEN

    def close(self, opened):
        CLOSE

backend = Backend()
"""


def memory(open: str = "return Opened(Stores, 'memory')", close: str = "pass", call: str = "pass") -> str:
    """A backend in memory whose functions do this."""
    return MEMORY.replace("OPEN", open).replace("CLOSE", close).replace("CALL", call)


def install(folder: Path, code: str, name: str = "shop-redis") -> None:
    """The distribution `shop-redis` 1.5, or another one, in a folder, with the backend `redis` of key-value stores."""
    module = name.replace("-", "_")
    (folder / f"{module}.py").write_text(code)
    described = folder / f"{module}-1.5.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n")
    (described / "entry_points.txt").write_text(f"[witkit.backends]\nkey-value.redis = {module}:backend\n")
