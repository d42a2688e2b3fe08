"""The guests, what they import, and the backends that each of them runs on: all that witkit's table has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.backends import READ_ONLY
from tests.sampled import builds, sampled
from witkit.backends.fronts.table import front_for
from witkit.backends.table import CAPABILITIES

GUESTS = Path(__file__).with_name("guests")
LANGUAGES = ("javascript", "python")


@dataclass(frozen=True)
class Guest:
    """A guest, in every language. `folder` is below `guests`, `packages` are those of `wit/` that it imports."""

    folder: str
    capability: str
    imports: tuple[str, ...]
    packages: tuple[str, ...]

    @property
    def backends(self) -> list[str]:
        """The backends that answer its imports."""
        return list(CAPABILITIES[self.capability].backends) if all(map(front_for, self.imports)) else []

    def opened(self, name: str) -> str:
        """What a guest with this name opens; `wasi:config` has nothing to open, and one set of settings."""
        return "" if self.folder == "wasi-config" else name

    def expected(self, backend: str) -> str:
        """What it has to return on a backend, a step per line."""
        kind = "expected-read-only.txt" if (self.folder, backend) in READ_ONLY else "expected.txt"
        return (GUESTS / self.folder / kind).read_text(encoding="utf-8")


def _spiderlightning(folder: str, package: str) -> Guest:
    return Guest(folder, folder, (f"spiderlightning:{package}/{package}@0.5.1",), (package,))


def _keyvalue(version: str) -> Guest:
    imports = tuple(f"wasi:keyvalue/{name}@0.2.0-{version}" for name in ("store", "atomics", "batch"))
    return Guest(f"wasi-keyvalue-{version}", "key-value", imports, (f"wasi-keyvalue-{version}",))


_CONFIG = {
    "0.2.0-draft": "wasi-config-draft",
    "0.2.0-draft-2024-09-27": "wasi-config-draft-2024-09-27",
    "0.2.0-rc.1": "wasi-config-rc1",
}

ALL = (
    _spiderlightning("key-value", "keyvalue"),
    _keyvalue("draft"),
    _keyvalue("draft2"),
    _spiderlightning("blob-store", "blob-store"),
    _spiderlightning("sql", "sql"),
    _spiderlightning("locking", "distributed-locking"),
    _spiderlightning("configs", "configs"),
    _spiderlightning("messaging", "messaging"),
    Guest("wasi-logging", "logging", ("wasi:logging/logging@0.1.0-draft",), ("wasi-logging",)),
    Guest("wasi-config", "configs", tuple(f"wasi:config/store@{version}" for version in _CONFIG), (*_CONFIG.values(),)),
)


def cases() -> Iterator[tuple[Guest, str, str]]:
    """Every guest in every language on every backend; in a sample some components, each of which takes long to build,
    on all their backends."""
    components = [(guest, language) for language in LANGUAGES for guest in ALL]
    for guest, language in sampled(components, of=builds()):
        for backend in guest.backends:
            yield guest, language, backend
