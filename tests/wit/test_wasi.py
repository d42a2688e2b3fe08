"""WASI's interfaces in `wit/` are those that were published, with documentation of their own."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from tests.wit.reference import PACKAGES, WIT, resolve

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "real"

PUBLISHED = {
    "wasi-config-draft": ("wasi:config@0.2.0-draft", "wasi-runtime-config/wit"),
    "wasi-config-rc1": ("wasi:config@0.2.0-rc.1", "wasmtime/crates/wasi-config/wit/deps/config"),
    "wasi-keyvalue-draft": ("wasi:keyvalue@0.2.0-draft", "wasmtime/crates/wasi-keyvalue/wit/deps/keyvalue"),
    "wasi-keyvalue-draft2": ("wasi:keyvalue@0.2.0-draft2", "wasi-keyvalue/wit"),
    "wasi-logging": ("wasi:logging@0.1.0-draft", "wasi-logging/wit"),
    "wasi-messaging": ("wasi:messaging@0.2.0-draft", "wasi-messaging/wit"),
}
"""The package of a folder, and the folder of the repository that published it."""

OF_SPIN = {
    "wasi-config-draft-2024-09-27": ("wasi:config@0.2.0-draft-2024-09-27", "wasi-runtime-config-2024-09-27"),
}
"""What Spin published with its SDK."""

NAMES = {folder: name for folder, (name, _) in (PUBLISHED | OF_SPIN).items()}


def names_and_signatures(value: Any) -> Any:
    """The JSON of a package without documentation."""
    if isinstance(value, dict):
        return {key: names_and_signatures(one) for key, one in value.items() if key != "docs"}
    return [names_and_signatures(one) for one in value] if isinstance(value, list) else value


def signatures(package: Any) -> Any:
    """The functions of each interface with whole types: the files of a package decide only how types are numbered."""
    plain = names_and_signatures(package)

    def spelled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: spelled(one) for key, one in value.items() if key != "owner"}
        if isinstance(value, list):
            return [spelled(one) for one in value]
        return spelled(plain["types"][value]) if isinstance(value, int) else value

    return {each["name"]: spelled(each["functions"]) for each in plain["interfaces"]}


def unversioned(folder: str, version: str) -> Any:
    text = str(names_and_signatures(resolve(WIT / folder)))
    assert version in text
    return text.replace(version, "VERSION")


def test_every_package_of_wasi_is_held_against_a_published_one() -> None:
    assert sorted(NAMES) == [name for name in PACKAGES if name.startswith("wasi-")]


@pytest.mark.parametrize("folder", NAMES)
def test_the_package_has_the_name_and_version_of_the_published_one(folder: str) -> None:
    assert [package["name"] for package in resolve(WIT / folder)["packages"]] == [NAMES[folder]]


@pytest.mark.parametrize("folder", PUBLISHED)
def test_names_and_signatures_are_those_of_the_published_package(folder: str) -> None:
    published = CORPUS / PUBLISHED[folder][1]
    if not published.is_dir():
        pytest.skip("the published packages (../shared/corpus/real) are not here")
    assert names_and_signatures(resolve(WIT / folder)) == names_and_signatures(resolve(published))


@pytest.mark.parametrize("folder", OF_SPIN)
def test_names_and_signatures_are_those_of_the_package_in_spins_sdk(folder: str) -> None:
    published = Path(str(distribution("spin-sdk").locate_file(f"spin_sdk/wit/deps/{OF_SPIN[folder][1]}")))
    assert names_and_signatures(resolve(WIT / folder)) == names_and_signatures(resolve(published))


def test_interfaces_of_wasmcloud_are_those_that_it_has_published() -> None:
    published = CORPUS / "wasmCloud/crates/wash-runtime/wit/deps/wasmcloud-messaging-0.2.0"
    if not published.is_dir():
        pytest.skip("the published packages (../shared/corpus/real) are not here")
    ours, theirs = (signatures(resolve(folder)) for folder in (WIT / "wasmcloud-messaging", published))
    assert ours == theirs


def test_the_versions_of_configuration_differ_in_nothing_else() -> None:
    texts = {
        unversioned(folder, name.partition("@")[2])
        for folder, name in NAMES.items()
        if folder.startswith("wasi-config-")
    }
    assert len(texts) == 1


@pytest.mark.parametrize("folder", NAMES)
def test_the_readme_lists_the_folder_with_its_version(folder: str) -> None:
    rows = [line for line in (WIT / "README.md").read_text(encoding="utf-8").splitlines() if f"`{folder}`" in line]
    assert len(rows) == 1
    assert re.search(rf"\b{re.escape(NAMES[folder].partition('@')[2])}(\*\*)?[, ]", rows[0])
