"""What a test gets of the project's choices: data of its own, and the files that are only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.backends.connect import Choice
from witkit.backends.table import CAPABILITIES
from witkit.program.scratch import for_tests, in_scratch_folder, scratch


@pytest.mark.parametrize(
    ("capability", "choice", "settings"),
    [
        ("key-value", Choice("filesystem", {"path": "data"}), {"path": Path("scratch/.witkit/key-value")}),
        ("logging", Choice("file", {"path": "shop.log"}), {"path": Path("scratch/.witkit/messages.log")}),
        ("configs", Choice("file", {"path": "tariff.toml"}), {"path": "tariff.toml"}),
        ("configs", Choice("file"), {}),
        ("configs", Choice("secrets", {"path": "secrets.json"}), {"path": "secrets.json"}),
    ],
)
def test_data_is_the_tests_own_and_what_is_only_read_stays(
    capability: str, choice: Choice, settings: dict[str, object]
) -> None:
    with scratch(Path("scratch")):
        chosen = for_tests({capability: choice})[capability]
        assert in_scratch_folder(chosen, CAPABILITIES[capability]).settings == settings


def _tests(capability: str, choice: Choice) -> Choice:
    with scratch(Path("scratch")):
        return in_scratch_folder(for_tests({capability: choice})[capability], CAPABILITIES[capability])


def test_whatever_needs_a_client_library_is_memory_in_tests() -> None:
    stay = {
        "key-value": ["memory", "filesystem", "sqlite"],
        "messaging": ["memory", "sqlite"],
        "locking": ["memory", "sqlite"],
        "configs": ["memory", "environment", "file", "secrets"],
        "blob-store": ["filesystem", "memory"],
        "sql": ["sqlite", "memory"],
        "logging": ["stderr", "file", "memory"],
        "http-client": ["memory"],
    }
    for name, capability in CAPABILITIES.items():
        used = {each: _tests(name, Choice(each, {"url": "redis://shop.example"})) for each in capability.backends}
        assert [each for each, choice in used.items() if choice.backend == each] == stay[name]
        assert {choice.backend for each, choice in used.items() if each not in stay[name]} <= {"memory"}
        assert all(not used[each].settings for each in used.keys() - stay[name])
    assert _tests("http-client", Choice(None, {"allow": ["shop.example"]})) == Choice("memory")


def test_names_of_the_project_are_apart_from_its_data_and_servers_too() -> None:
    server = Choice("redis", {"url": "redis://shop.example"})
    names = {"near": Choice("sqlite", {"path": "a.db"}), "same": Choice("sqlite", {"path": "a.db"}), "far": server}
    found = _tests("key-value", Choice("sqlite", {"path": "data.db"}, names={**names, "own": Choice()}))
    file = Path(".witkit", "key-value.db")
    assert found.settings == {"path": "scratch" / file}
    effective = found.effective_names(CAPABILITIES["key-value"])
    assert effective["far"] == Choice("memory")
    assert effective["near"].settings == effective["same"].settings == {"path": "scratch" / Path("names/0") / file}
    assert effective["own"].settings == found.settings


def test_names_that_take_settings_of_a_server_over_are_memory_too() -> None:
    own = Choice("redis", {"url": "redis://shop.example"}, names={"orders": Choice(None, {"timeout": 3})})
    found = _tests("key-value", own)
    assert found.backend == "memory"
    assert found.effective_names(CAPABILITIES["key-value"]) == {"orders": Choice("memory")}


def test_names_that_a_project_does_not_have_stay_refused() -> None:
    found = _tests("key-value", Choice("none", names={"orders": Choice("filesystem")}))
    assert found.refuses
    (orders,) = found.effective_names(CAPABILITIES["key-value"]).values()
    assert orders.settings == {"path": Path("scratch/.witkit/key-value")}
