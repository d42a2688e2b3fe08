"""`wasi:logging` in a component."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.relay import relay_of
from tests.runtime import guests
from witkit import Engine
from witkit._resources import data_folder
from witkit.backends.connect import Choice, Connections, matched
from witkit.backends.stored_secrets import SecretStore
from witkit.interfaces.wasi_logging import logging as wasi
from witkit.program.connected import needed
from witkit.program.native import run_native
from witkit.program.run import invoke
from witkit.program.settings import RunSettings
from witkit.runtime import Provided

PACKAGES = ("wasi-logging", "wasi-config-rc1")


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    folder = tmp_path_factory.mktemp("relays")
    sys.path.insert(0, str(folder))
    made = relay_of([wasi.INTERFACE], [data_folder("wit") / "wasi-logging"], folder, "with_wasi_logging")
    yield made.load(Engine(cache=False)), made.package
    sys.path.remove(str(folder))


def test_a_component_logs(relay: tuple[Any, Any]) -> None:
    component, package = relay
    needs, unmet = matched(needed(component))
    assert unmet == []
    with Connections(needs, {"logging": Choice("memory", {"level": "info"})}) as connections:
        (made,) = connections.implementations.values()
        with component.instantiate(logging=Provided(wasi.INTERFACE, made)) as instance:
            instance.call_log(package.logging.Level.DEBUG, "shop", "not this")
            instance.call_log(package.logging.Level.ERROR, "shop", "tea is out")
        (entry,) = made.logs.entries
    assert (entry.level.spelled, entry.context, entry.message) == ("error", "shop", "tea is out")


LABELLED = guests.component(
    """package t:labels;
    package wasi:logging@0.1.0-draft {
      interface logging {
        enum level { trace, debug, info, warn, error, critical }
        log: func(level: level, context: string, message: string);
      }
    }
    world w {
      import audit: wasi:logging/logging@0.1.0-draft;
      import wasi:logging/logging@0.1.0-draft;
      export run: func();
    }""",
    f"""(module
      (import "audit" "log" (func $audit (param i32 i32 i32 i32 i32)))
      (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
      {guests.REALLOC}
      (data (i32.const 0) "shoptea\\nsold")
      (func (export "run")
        (call $audit (i32.const 2) (i32.const 0) (i32.const 4) (i32.const 4) (i32.const 8))
        (call $log (i32.const 4) (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 3))))""",
)


def test_a_label_can_have_a_file_and_the_rest_is_in_standard_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    component = tmp_path / "labelled.wasm"
    component.write_bytes(LABELLED)
    audit = Choice("file", {"path": str(tmp_path / "audit.log")})
    said: list[str] = []
    settings = RunSettings({"logging": Choice(names={"audit": audit})}, said.append)
    assert invoke(component, "run", [], settings).failed is False
    assert said == [
        "log messages are in standard error",
        f"log messages under the name `audit` are in the file {tmp_path / 'audit.log'}",
    ]
    assert (tmp_path / "audit.log").read_text().partition(" ")[2] == "info     [shop] tea\\nsold\n"
    assert capfd.readouterr().err == f"error    tea{os.linesep}"


NATIVE = """
from wit_world import exports
from wit_world.imports import logging, store

class Run(exports.Run):
    def run(self) -> None:
        logging.log(logging.Level.WARN, "shop", f"tea is out, the password is {store.get('db')}")
"""


def test_a_guest_under_cpython_logs_and_its_secrets_are_masked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = data_folder("wit").parent / "examples" / "configs" / "wit" / "deps" / "cli"
    if not cli.is_dir():
        pytest.skip("the examples are not here")
    deps = tmp_path / "wit" / "deps"
    deps.mkdir(parents=True)
    for name, source in (("cli", cli), *((each, data_folder("wit") / each) for each in PACKAGES)):
        (deps / name).symlink_to(source)
    imports = "import wasi:logging/logging@0.1.0-draft; import wasi:config/store@0.2.0-rc.1;"
    world = f"package t:native;\nworld w {{ {imports} export wasi:cli/run@0.2.0; }}\n"
    (tmp_path / "wit" / "world.wit").write_text(world)
    (tmp_path / "app.py").write_text(NATIVE)
    SecretStore(tmp_path / "secrets.json").set("db", "earl-grey-with-lemon")
    settings = RunSettings({"configs": Choice("secrets", {"path": str(tmp_path / "secrets.json")})})
    assert run_native(tmp_path / "app.py", [], settings) == 0
    assert capsys.readouterr().err == "warn     [shop] tea is out, the password is ***\n"
