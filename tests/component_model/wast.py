"""Runs the component model's own tests, which are beside or above the checkout.

`wasm-tools json-from-wast` turns a file into components and commands; this carries the commands out.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.component_model.values import python, same
from tests.tools import wasm_tools
from witkit import Engine, abi
from witkit.canonical.errors import NotCarried
from witkit.runtime import Instance, InstanceError, Trap, UntypedComponent

_PLACE = Path("shared/corpus/component-model-tests")
FOLDER = next((up / _PLACE for up in Path(__file__).resolve().parents if (up / _PLACE).is_dir()), None)


def files(*folders: str) -> list[str]:
    """The test files of some folders, as `folder/name.wast`; none if the tests are absent."""
    if FOLDER is None:
        return []
    return sorted(str(path.relative_to(FOLDER)) for folder in folders for path in (FOLDER / folder).glob("*.wast"))


class Failed(Exception):
    """A command had another outcome than the file says."""


@dataclass
class Running:
    """An instance under test."""

    component: UntypedComponent
    instance: Instance

    def call(self, name: str) -> tuple[abi.Func, Any]:
        """The description and the callable of an exported function."""
        func = next(each for each in self.component.interface("").functions if each.name == name)
        return func, self.instance.function(None, name)


class Wast:
    """One file of the tests; `outcomes` has a line for each command that failed, by its line number."""

    def __init__(self, name: str, folder: Path, engine: Engine) -> None:
        assert FOLDER is not None
        self._folder, self._engine = folder, engine
        listed = folder / "commands.json"
        done = wasm_tools.run("json-from-wast", FOLDER / name, "-o", listed, "--wasm-dir", folder)
        assert done.returncode == 0, done.stderr
        self._commands = json.loads(listed.read_text(encoding="utf-8"))["commands"]
        self._definitions: dict[str | None, str] = {}
        self._instances: dict[str | None, Running] = {}
        self._last: Running | None = None
        self.failures: dict[int, str] = {}
        self.ran = 0

    def run(self) -> None:
        """Carry out all commands."""
        for command in self._commands:
            carry_out = getattr(self, f"_{command['type']}", None)
            if carry_out is None:
                continue
            self.ran += 1
            try:
                carry_out(command)
            except Failed as failed:
                self.failures[command["line"]] = str(failed)
            except Exception as error:
                self.failures[command["line"]] = f"{type(error).__name__}: {error}"

    def close(self) -> None:
        for running in self._instances.values():
            running.instance.close()

    # ---- commands -------------------------------------------------------------------------------

    def _module(self, command: dict[str, Any]) -> None:
        self._last = self._instances[command.get("name")] = self._made(command["filename"])

    def _module_definition(self, command: dict[str, Any]) -> None:
        self._definitions[command.get("name")] = command["filename"]

    def _module_instance(self, command: dict[str, Any]) -> None:
        self._last = self._instances[command.get("instance")] = self._made(self._definitions[command.get("module")])

    def _action(self, command: dict[str, Any]) -> None:
        self._invoked(command["action"])

    def _assert_return(self, command: dict[str, Any]) -> None:
        func, result = self._invoked(command["action"])
        for expected in command["expected"]:
            assert func.result is not None
            wanted = python(func.result, expected)
            if not same(result, wanted):
                raise Failed(f"returned {result!r}, not {wanted!r}")

    def _assert_trap(self, command: dict[str, Any]) -> None:
        self._stops(
            lambda: self._invoked(command["action"]) if "action" in command else self._made(command["filename"])
        )

    def _assert_uninstantiable(self, command: dict[str, Any]) -> None:
        self._stops(lambda: self._made(command["filename"]))

    # ---- what they need -------------------------------------------------------------------------

    def _stops(self, run: Any) -> None:
        try:
            run()
        except (Trap, InstanceError):
            return
        raise Failed("no trap")

    def _made(self, filename: str) -> Running:
        component = self._engine.load(self._folder / filename)
        return Running(component, component.instantiate())

    def _invoked(self, action: dict[str, Any]) -> tuple[abi.Func, Any]:
        running = self._instances[action["module"]] if action.get("module") else self._last
        assert running is not None
        func, call = running.call(action["field"])
        arguments = [python(p.type, value) for p, value in zip(func.params, action["args"], strict=True)]
        try:
            result = asyncio.run(call(*arguments)) if func.is_async else call(*arguments)
        except abi.Err as error:
            return func, error
        return func, abi.Ok(result) if func.raises else result


__all__ = ["FOLDER", "NotCarried", "Wast", "files"]
