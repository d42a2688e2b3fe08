"""Components that wasm-tools makes of our worlds and the corpus's, loaded and instantiated with generated classes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.bindgen.worlds import CorpusWorld, dummy, everywhere
from tests.generated import write
from witkit import abi, runtime
from witkit.bindgen import generate


@pytest.mark.parametrize("world", everywhere("codegen"), ids=str)
def test_a_component_of_every_world_takes_its_imports(
    world: CorpusWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = dummy(world.path, f"%{world.world.name}", tmp_path, *world.features)
    assert made.returncode == 0, made.stderr
    package = _package(world, tmp_path, monkeypatch)
    _instantiate(package, tmp_path / "dummy.wasm")


def _package(world: CorpusWorld, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    name = "dummy_" + folder.name.replace("-", "_")
    write(generate(world.world, "host", package=name), folder)
    monkeypatch.syspath_prepend(str(folder))
    module = importlib.import_module(name)
    for loaded in [m for m in sys.modules if m == name or m.startswith(f"{name}.")]:
        del sys.modules[loaded]  # for good: a later test may have a folder of this name
    return module


def _instantiate(package: ModuleType, component: Path) -> None:
    """Load, give a stub for every import, and touch every exported interface."""
    world: abi.World = package.WORLD
    classes = [c for c in vars(package).values() if isinstance(c, type) and getattr(c, "_world", None) is world]
    instance_class = next(c for c in classes if not hasattr(c, "instantiate"))
    stubs = {one.argument: _stub(one.interface.functions, one.interface.resources) for one in world.imports}
    if world.import_functions or world.import_resources:
        stubs["world"] = _stub(world.import_functions, world.import_resources)
    component_class: Any = next(c for c in classes if hasattr(c, "instantiate"))
    with component_class.load(component).instantiate(**stubs) as instance:
        assert type(instance) is instance_class
        exported = [name for name, member in vars(instance_class).items() if isinstance(member, cached_property)]
        assert len(exported) == len(world.exports)
        assert all(isinstance(getattr(instance, name), runtime.ExportedInterface) for name in exported)


def _stub(functions: Iterable[abi.Func], resources: Iterable[abi.Resource]) -> object:
    """An implementation with every name that the interface needs; nothing calls it."""
    members: dict[str, object] = {f.attr: staticmethod(_unexpected) for f in functions if f.resource is None}
    for resource in resources:
        own = {f.attr: _decorated(f) for f in functions if f.resource is resource}
        members[resource.attr] = type(resource.attr, (), own)
    return type("Stub", (), members)()


def _decorated(function: abi.Func) -> object:
    return classmethod(_unexpected) if function.kind == "static" else _unexpected


def _unexpected(*arguments: object) -> None:
    raise AssertionError(f"a component without code called an import with {arguments}")
