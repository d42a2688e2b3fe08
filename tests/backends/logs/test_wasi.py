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
from witkit.interfaces.wasi_logging import logging as wasi
from witkit.program.run import invoke, needed
from witkit.program.settings import RunSettings
from witkit.runtime import Provided


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
