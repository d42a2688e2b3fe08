"""The same component, unchanged, on every backend of its capability: it gets the same answers on each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import backends, building
from tests.conformance.cases import ALL, GUESTS, LANGUAGES, Guest, cases
from tests.services.names import new_name
from tests.tools import componentize_js
from witkit import Component, Engine, load
from witkit._resources import data_folder
from witkit.host import Choice, bind
from witkit.ir.model import WorldInterface


def _case(guest: Guest, language: str, backend: str) -> Any:
    server = backends.SERVERS.get(backend)
    marks = [getattr(pytest.mark, server)] if server else []
    # One process builds and compiles a component.
    group = pytest.mark.xdist_group(f"conformance-{guest.folder}-{language}")
    return pytest.param(guest, language, backend, id=f"{guest.folder}-{language}-{backend}", marks=[*marks, group])


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.fixture
def component(guest: Guest, language: str, engine: Engine, tmp_path: Path) -> Component:
    folder = tmp_path / "guest"
    folder.mkdir()
    return engine.load(building.component(guest, language, folder))


@pytest.mark.parametrize(("guest", "language", "backend"), [_case(*each) for each in cases()])
def test_a_component_gets_the_same_answers_on_every_backend(
    guest: Guest,
    backend: str,
    component: Component,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # where no witkit.toml is
    name = new_name()
    place = backends.Place(name, guest.opened(name), tmp_path, request)
    chosen = Choice(backend, backends.settings(guest.capability, backend, place))
    with bind(component, **dict.fromkeys(guest.imports, chosen)) as imports, component.instantiate(imports) as instance:
        lines = instance.function(None, "run")(name)
    assert "\n".join(lines) + "\n" == guest.expected(backend)


def test_every_folder_is_a_guest_in_every_language() -> None:
    assert {guest.folder for guest in ALL} == {folder.name for folder in GUESTS.iterdir() if folder.is_dir()}
    for guest in ALL:
        assert {folder.name for folder in (GUESTS / guest.folder).iterdir() if folder.is_dir()} == {*LANGUAGES, "wit"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("guest", ALL, ids=lambda guest: str(guest.folder))
def test_a_guest_names_every_function_of_what_it_imports(guest: Guest, language: str) -> None:
    (source,) = (path for path in (GUESTS / guest.folder / language).iterdir() if path.is_file())
    words = set(re.findall(r"\w+", source.read_text(encoding="utf-8")))
    functions = {_camel(name) if language == "javascript" else name.replace("-", "_") for name in _functions(guest)}
    assert functions
    assert functions - words == set()


def _functions(guest: Guest) -> Iterator[str]:
    """The names of the functions and methods that a guest imports."""
    for package in guest.packages:
        for imported in load(data_folder("wit") / package).world("imports").imports.values():
            assert isinstance(imported, WorldInterface)
            yield from (function.item_name for function in imported.interface.functions.values())


def _camel(name: str) -> str:
    return re.sub("-(.)", lambda found: found[1].upper(), name)


def test_make_installs_the_version_of_componentize_js_that_the_tests_use(repository: Path) -> None:
    assert f"COMPONENTIZE_JS_VERSION := {componentize_js.VERSION}\n" in (repository / "Makefile").read_text("utf-8")
