"""What `[grants]` and `[limits]` do for a guest: in a component, and under this Python."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.guest.machines import Machine, machine
from witkit.program.grants import granted
from witkit.program.native import invoke_native
from witkit.program.run import invoke
from witkit.program.settings import RunSettings
from witkit.runtime import Limits
from witkit.text import WitkitError

VARIABLES = "sorted(__import__('os').environ.items()), environment.get_environment()"
FOREVER = "any(False for _ in iter(int, 1))"


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("granted")) as made:
        yield made


def in_wasm(programs: Machine, expression: str, settings: RunSettings) -> Any:
    return invoke(programs.programs[1], "evaluate", [json.dumps(expression)], settings).value


def natively(programs: Machine, expression: str, settings: RunSettings) -> Any:
    return invoke_native(programs.programs[0], "evaluate", [json.dumps(expression)], settings).value


@pytest.mark.parametrize("run", [in_wasm, natively])
def test_a_guest_has_the_granted_variables_and_no_other(programs: Machine, run: Callable[..., str]) -> None:
    settings = RunSettings(grants=granted(["MODE=test", "EMPTY="]))
    assert run(programs, VARIABLES, settings) == (
        "([('EMPTY', ''), ('MODE', 'test')], [('MODE', 'test'), ('EMPTY', '')])"
    )


def test_a_folder_can_be_written_unless_it_is_granted_for_reading(programs: Machine, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    write = "open('/data/made', 'w').write('abc'), open('/data/text').read()"
    assert in_wasm(programs, write, RunSettings(grants=granted(folders=[f"{tmp_path}::/data"]))) == "(3, 'hello')"
    assert (tmp_path / "made").read_text() == "abc"
    read_only = RunSettings(grants=granted(folders=[f"{tmp_path}::/data:ro"]))
    assert in_wasm(programs, "open('/data/text').read()", read_only) == "'hello'"
    with pytest.raises(WitkitError, match=r"not permitted|denied|Read-only"):
        in_wasm(programs, "open('/data/other', 'w')", read_only)
    assert not (tmp_path / "other").exists()


def test_names_are_looked_up_only_with_a_network(programs: Machine) -> None:
    lookup = "[ip_name_lookup.resolve_addresses(instance_network.instance_network(), 'localhost')] and 'found'"
    bare, network = RunSettings(), RunSettings(grants=granted(network=True))
    assert in_wasm(programs, lookup, bare) == "Err: ErrorCode PERMANENT_RESOLVER_FAILURE"
    assert in_wasm(programs, lookup, network) == "'found'"


@pytest.mark.parametrize("run", [in_wasm, natively])
def test_a_guest_is_stopped_after_its_timeout(programs: Machine, run: Callable[..., str]) -> None:
    run(programs, "1", RunSettings())  # so that what is kept is there
    with pytest.raises(WitkitError) as late:
        run(programs, FOREVER, RunSettings(limits=Limits(timeout=0.2)))
    assert "ran longer than its timeout" in late.value.diagnostics[0].message


def test_a_guest_in_wasm_has_no_more_memory_than_its_limit(programs: Machine) -> None:
    within = RunSettings(limits=Limits(memory=128 * 2**20))
    assert in_wasm(programs, "len(bytes(2 ** 20))", within) == "1048576"
    with pytest.raises(WitkitError, match="MemoryError"):
        in_wasm(programs, "len(bytes(2 ** 28))", within)


def test_fuel_stops_a_guest_in_wasm(programs: Machine) -> None:
    with pytest.raises(WitkitError) as stopped:
        in_wasm(programs, FOREVER, RunSettings(limits=Limits(fuel=50_000_000)))
    (said,) = stopped.value.diagnostics
    assert said.message == "`evaluate` stopped: the guest used up its fuel"
    assert said.help == "`fuel` in [limits] sets the limit; it is 50,000,000"


def test_what_has_no_effect_under_python_is_said(programs: Machine, tmp_path: Path) -> None:
    said: list[str] = []
    settings = RunSettings(
        announce=said.append,
        grants=granted(["WITKIT_NO_SUCH_VARIABLE"], [str(tmp_path)], network=True),
        limits=Limits(memory=2**30, timeout=60, fuel=1),
    )
    assert natively(programs, "1", settings) == "1"
    assert said == [
        "the environment variable `WITKIT_NO_SUCH_VARIABLE` is not set, so the program does not get it",
        "without effect for a guest under Python: `dirs`, `network`, `memory`, `fuel`",
    ]
