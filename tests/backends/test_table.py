"""Which import is answered by what."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from dataclasses import MISSING
from importlib.metadata import EntryPoint, EntryPoints

import pytest

import witkit.backends
from witkit._resources import data_folder
from witkit.backends import table
from witkit.backends.backend import Backend
from witkit.backends.connect import matched
from witkit.backends.fronts.table import FRONTS, Front, front_for, near_misses
from witkit.backends.plugins import BackendPlugin
from witkit.backends.settings import declared, read
from witkit.backends.table import CAPABILITIES
from witkit.text import WitkitError


@pytest.mark.parametrize(
    ("imported", "capability"),
    [
        ("spiderlightning:keyvalue/keyvalue@0.5.1", "key-value"),
        ("spiderlightning:keyvalue/keyvalue@0.5.0", "key-value"),
        ("spiderlightning:keyvalue/keyvalue@0.5.9", "key-value"),
        ("spiderlightning:keyvalue/keyvalue@0.4.0", None),
        ("spiderlightning:keyvalue/keyvalue@1.0.0", None),
        ("spiderlightning:keyvalue/keyvalue@0.5.1-draft", None),
        ("spiderlightning:keyvalue/keyvalue", None),
        ("spiderlightning:keyvalue/other@0.5.1", None),
        ("keyvalue", None),
    ],
)
def test_an_import_is_answered_where_name_and_version_fit(imported: str, capability: str | None) -> None:
    found = front_for(imported)
    assert (found.capability if found else None) == capability


def test_another_version_of_a_known_interface_is_a_near_miss() -> None:
    found = near_misses("spiderlightning:keyvalue/keyvalue@0.4.0")
    assert [front.capability for front in found] == ["key-value"]
    assert near_misses("spiderlightning:keyvalue/other@0.5.1") == []


@pytest.mark.parametrize("capability", CAPABILITIES.values(), ids=lambda capability: capability.name)
def test_every_backend_of_the_table_is_there(capability: table.Capability) -> None:
    assert capability.default in capability.backends
    for name in capability.backends:
        backend = capability.backend(name)
        assert isinstance(backend, Backend)
        assert backend.description.endswith(".")
        for setting in declared(backend.settings):
            assert setting.doc.endswith("."), setting


@pytest.mark.parametrize("capability", CAPABILITIES.values(), ids=lambda capability: capability.name)
def test_no_server_may_take_forever(capability: table.Capability) -> None:
    name = "answer-timeout" if capability.name == "locking" else "timeout"
    for backend in map(capability.backend, capability.backends):
        assert isinstance(backend, Backend)
        if backend.requires is not None:
            with pytest.raises(WitkitError, match=f"`{name}` must be a number of seconds, more than 0"):
                read(backend.settings, {name: "0"})


@pytest.mark.parametrize("capability", CAPABILITIES.values(), ids=lambda capability: capability.name)
def test_a_client_library_that_is_missing_is_said_with_the_command_to_install_it(
    capability: table.Capability, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in capability.backends:
        backend = capability.backend(name)
        assert isinstance(backend, Backend)
        if backend.requires is not None:
            monkeypatch.setitem(sys.modules, backend.requires.module, None)
            given = {each.name: f"{name}://h/d" for each in declared(backend.settings) if each.default is MISSING}
            with pytest.raises(WitkitError, match=f"module `{backend.requires.module}`, which is not") as missing:
                witkit.backends.open(capability.name, name, **given)
            (said,) = missing.value.diagnostics
            assert said.help == f"install it: pip install 'witkit[{backend.requires.extra}]'"


@pytest.mark.parametrize("front", FRONTS, ids=lambda front: front.names[0])
def test_the_table_has_the_versions_of_the_interfaces_that_ship(front: Front) -> None:
    assert front.described().name in front.names
    assert front.capability in CAPABILITIES
    interface = front.interface.partition("/")[2]
    shipped = [file.read_text() for file in data_folder("wit").glob(f"*/{interface}.wit")]
    assert any(f"interface {interface} {{" in text for text in shipped)


def test_an_unknown_backend_is_refused_with_a_suggestion() -> None:
    with pytest.raises(WitkitError) as caught:
        CAPABILITIES["key-value"].backend("sqlit")
    (found,) = caught.value.diagnostics
    assert (found.code, found.help) == ("WIT0910", "did you mean `sqlite`?")


def test_another_distribution_can_add_a_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("key-value.dict", "witkit.backends.keyvalue.memory:backend", table.ENTRY_POINTS)
    other = EntryPoint("messaging.dict", "nowhere:backend", table.ENTRY_POINTS)
    monkeypatch.setattr(
        importlib.metadata, "entry_points", lambda group: EntryPoints([point, other]).select(group=group)
    )
    capability = CAPABILITIES["key-value"]
    assert capability.names() == [*capability.backends, "dict"]
    assert isinstance(capability.backend("dict"), BackendPlugin)
    with witkit.backends.open("key-value", "dict") as opened:
        assert opened.Keyvalue.open("orders").keys() == []


def test_a_backend_that_does_not_load_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint("key-value.none", "no_such_module:backend", table.ENTRY_POINTS),
        EntryPoint("key-value.empty", "witkit.backends:backend", table.ENTRY_POINTS),
    ]
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: EntryPoints(points).select(group=group))
    for backend in ("none", "empty"):
        with pytest.raises(WitkitError) as caught:
            CAPABILITIES["key-value"].backend(backend)
        (found,) = caught.value.diagnostics
        assert found.code == "WIT0802"
        assert found.message.startswith(f"the backend `{backend}` for key-value cannot be loaded: ")


def test_the_table_imports_no_backend() -> None:
    script = """
import sys, witkit.backends.table
print([name for name in sys.modules if name.startswith("witkit.backends.keyvalue") or name == "sqlite3"])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("spiderlightning:keyvalu/keyvalue", "did you mean `spiderlightning:keyvalue/keyvalue`?"),
        ("acme:messaging/types", "did you mean `wasi:messaging/types`?"),
        ("a:b/store", 'a Python class can provide it:\n[providers]\n"a:b/store" = "MODULE:CLASS"'),
        ("my:app/types", 'a Python class can provide it:\n[providers]\n"my:app/types" = "MODULE:CLASS"'),
    ],
)
def test_an_interface_is_offered_only_if_its_package_is_similar_too(name: str, help: str) -> None:
    _, (found,) = matched({name: name})
    assert (found.code, found.help) == ("WIT0803", help)
