"""`witkit.host.bind` and `witkit.guest.bind` read the same `witkit.toml` as `witkit run`, providers and grants too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import witkit.guest
import witkit.host
from tests.run.guests import assemble
from tests.run.test_provider import KEYVALUE, STORE, written
from witkit import Engine, Limits, WitkitError, abi
from witkit.interfaces.keyvalue import keyvalue

FILE = f"""\
[key-value]
backend = "memory"

[providers]
"{KEYVALUE}" = "MODULE:Store"
"local-time" = "MODULE"

[grants]
env = ["MODE=test"]
dirs = ["data::/www:ro"]

[limits]
memory = "64MiB"
timeout = 30
"""
MORE = """\
        def keys(self):
            return list(VALUES)

        def delete(self, key):
            del VALUES[key]

"""
WHOLE = STORE.replace("        def get(", MORE + "        def get(")
TIME = "\n\ndef local_time():\n    return '12:00'\n"
WORLD = abi.World("a:b/shop", (abi.Import("keyvalue", keyvalue.INTERFACE),))


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The module of the providers in the `witkit.toml` of the current folder."""
    module = written(tmp_path, WHOLE)
    (tmp_path / "witkit.toml").write_text(FILE.replace("MODULE", module))
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    return module


def test_a_component_has_the_provider_that_the_file_names(configured: str, tmp_path: Path, capfd: Any) -> None:
    component = Engine(cache=False).load(assemble("counter", tmp_path))
    with (
        witkit.host.bind(component) as imports,
        component.instantiate(imports, wasi=imports.wasi("counter"), limits=imports.limits) as instance,
    ):
        instance.function("wasi:cli/run@0.2.0", "run")()
    assert capfd.readouterr().out == "run 7\nclosed with 7\n"


def test_generated_classes_have_it_too(configured: str) -> None:
    with witkit.host.bind(WORLD) as imports:
        assert imports["keyvalue"].implementation.Keyvalue.open("shop").get("runs") == b"\x06"


def test_an_argument_goes_over_the_provider(configured: str) -> None:
    with witkit.host.bind(WORLD, keyvalue="memory") as imports:
        assert imports["keyvalue"].Keyvalue.open("shop").keys() == []


def test_grants_and_limits_are_those_of_the_file(configured: str) -> None:
    with witkit.host.bind(WORLD) as imports:
        assert imports.limits == Limits(memory=64 << 20, timeout=30.0)
        wasi = imports.wasi("shop", "--all")
    assert (list(wasi.args), dict(wasi.env)) == (["shop", "--all"], {"MODE": "test"})
    assert {guest: Path(host) for guest, host in wasi.read_only_dirs.items()} == {"/www": Path("data")}


def test_without_a_file_nothing_is_granted_and_nothing_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with witkit.host.bind(WORLD) as imports:
        assert (imports, imports.limits, dict(imports.wasi().env)) == ({}, Limits(), {})


def test_a_folder_that_does_not_exist_is_an_error_as_for_a_run(configured: str, tmp_path: Path) -> None:
    (tmp_path / "data").rmdir()
    with witkit.host.bind(WORLD) as imports, pytest.raises(WitkitError, match="WIT0721"):
        imports.wasi()


def test_what_a_provider_lacks_is_said_before_any_call(configured: str, tmp_path: Path) -> None:
    module = written(tmp_path, WHOLE.replace("def get(", "def got("), "_lacking")
    (tmp_path / "witkit.toml").write_text(f'[providers]\n"{KEYVALUE}" = "{module}:Store"\n')
    with pytest.raises(WitkitError, match=r"\[method\]keyvalue.get"), witkit.host.bind(WORLD):
        pass


def test_a_function_of_the_world_has_its_provider(configured: str, tmp_path: Path) -> None:
    (tmp_path / f"{configured}.py").write_text(WHOLE + TIME)
    func = abi.Func("local-time", "local_time", (), abi.STRING)
    with witkit.host.bind(abi.World("a:b/shop", import_functions=(func,))) as imports:
        assert imports["world"].local_time() == "12:00"
