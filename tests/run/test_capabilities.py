"""Every capability of the table as a component's imports: its functions link, with the types the component states."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backends.opening import embedded
from tests.run.conftest import Guest, Witkit
from tests.run.guests import dummy
from witkit.backends.connect import Choice, Connections, matched
from witkit.backends.fronts.table import fronts_of
from witkit.backends.table import CAPABILITIES, Capability
from witkit.program.connected import needed
from witkit.runtime import Engine, Provided


@pytest.mark.parametrize(
    ("capability", "backend"),
    [(capability, backend) for capability in CAPABILITIES.values() for backend in embedded(capability)],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_component_that_imports_all_of_it_can_be_started(
    capability: Capability, backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("settings.toml").touch()  # the backend `file` of settings does not create it
    front = fronts_of(capability.name)[0]
    package = front.interface.partition("/")[0].removeprefix("spiderlightning:").replace(":", "-")
    component = Engine(cache=False).load(dummy(package, tmp_path, "client" if package == "http" else "imports"))
    needs, unmet = matched(needed(component))
    assert unmet == []
    assert list(needs.values()) == [front]
    with Connections(needs, {capability.name: Choice(backend)}) as connections:
        provided = [Provided(need.described(), connections.implementations[name]) for name, need in needs.items()]
        assert component.check(provided) == ()
        component.instantiate(provided).close()


def test_a_borrowed_resource_reaches_the_backend(witkit: Witkit, guest: Guest) -> None:
    assert [witkit("run", "--invoke", "sell", guest("sales")).out for _ in range(2)] == ["2\n", "4\n"]


def test_every_place_is_printed(witkit: Witkit, guest: Guest) -> None:
    printed = witkit("run", "--invoke", "sell", guest("sales")).err
    assert printed == "witkit: SQL databases are in SQLite files in the folder .witkit/sql\n"
