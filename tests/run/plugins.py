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


def install(folder: Path, code: str) -> None:
    """The distribution `shop-redis` 1.5 in a folder, with the backend `redis` of key-value stores."""
    (folder / "shop_redis.py").write_text(code)
    described = folder / "shop_redis-1.5.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: shop-redis\nVersion: 1.5\n")
    (described / "entry_points.txt").write_text("[witkit.backends]\nkey-value.redis = shop_redis:backend\n")
