"""Programs with a generated host package of their own, for every capability."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest

from tests.relay import Relay, relay
from witkit import Engine
from witkit._resources import data_folder
from witkit.backends.fronts.table import fronts_of

HOMES = {
    "http-client": dict.fromkeys(
        ("request", "response", "http-error", "method"), "spiderlightning:http/http-types@0.5.1"
    )
}
"""The interfaces of types that the interface of a capability only uses."""

Relayed: TypeAlias = Callable[[str], Relay]


@pytest.fixture(scope="session")
def relayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relayed]:
    """The relay of a capability, made once a session."""
    folder = tmp_path_factory.mktemp("relays")
    made: dict[str, Relay] = {}

    def get(capability: str) -> Relay:
        if capability not in made:
            described = fronts_of(capability)[0]
            name = described.interface.partition("/")[0]
            source = data_folder("wit") / name.removeprefix("spiderlightning:").replace(":", "-")
            package = f"with_{capability.replace('-', '_')}"
            made[capability] = relay(described.described(), source, folder, package, HOMES.get(capability))
        return made[capability]

    sys.path.insert(0, str(folder))
    yield get
    sys.path.remove(str(folder))


@pytest.fixture(scope="session")
def stores(relayed: Relayed) -> Any:
    """A component of a world that imports key-value stores, by its generated class."""
    return relayed("key-value").load(Engine(cache=False))
