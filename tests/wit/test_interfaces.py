"""The SpiderLightning interfaces in `wit/`, compared with wasm-tools and with the originals."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.wit.reference import PACKAGES, WIT, documented, parts, reference, resolve

CAPABILITIES = [name for name in PACKAGES if not name.startswith(("wasi", "wasmcloud-"))]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LEGACY = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "legacy"
VERSION = "0.5.1"

ORIGINALS = {
    "blob-store": ("2024-01-04", ("blob-store", "blob-types")),
    "configs": ("2024-01-04", ("configs",)),
    "distributed-locking": ("2024-01-04", ("distributed-locking",)),
    "events": ("2022-08-26", ("events", "event-handler", "resources")),
    "http": ("2024-01-04", ("http-client", "http-handler", "http-server", "http-server-export", "http-types")),
    "keyvalue": ("2024-01-04", ("keyvalue",)),
    "messaging": ("2024-01-04", ("messaging",)),
    "sql": ("2024-01-04", ("sql",)),
}


@pytest.mark.parametrize("package", PACKAGES)
def test_wasm_tools_reads_and_encodes_the_package(package: str, tmp_path: Path) -> None:
    text = reference(WIT / package)
    assert text.returncode == 0, text.stderr
    binary = tmp_path / "package.wasm"
    encoded = reference("--wasm", WIT / package, "-o", binary)
    assert encoded.returncode == 0, encoded.stderr
    assert binary.read_bytes().startswith(b"\0asm")


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_the_package_is_named_like_its_folder_and_has_the_common_version(capability: str) -> None:
    names = [package["name"] for package in resolve(WIT / capability)["packages"]]
    assert names == [f"spiderlightning:{capability}@{VERSION}"]


@pytest.mark.parametrize("package", PACKAGES)
def test_everything_has_a_doc_comment(package: str) -> None:
    # Error codes of WASI are those of POSIX, by name.
    found = documented(WIT / package, members=package != "wasi")
    without = [path for path, has in found if not has]
    assert without == []


@pytest.mark.parametrize("package", PACKAGES)
def test_there_is_a_world_that_imports_the_capability(package: str) -> None:
    worlds = {world["name"]: world for world in resolve(WIT / package)["worlds"]}
    assert worlds["imports"]["imports"]
    assert not worlds["imports"]["exports"]


@pytest.mark.parametrize("capability", ["http", "events"])
def test_what_a_component_is_called_for_is_exported_by_the_service_world(capability: str) -> None:
    worlds = {world["name"]: world for world in resolve(WIT / capability)["worlds"]}
    assert worlds["service"]["exports"]


def original(capability: str) -> str:
    if not LEGACY.is_dir():
        pytest.skip("the original files (../shared/corpus/legacy) are not here")
    day, files = ORIGINALS[capability]
    texts = ((LEGACY / f"spiderlightning-{day}" / f"{name}.wit").read_text() for name in files)
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", "\n".join(texts), flags=re.DOTALL)


def test_every_capability_is_held_against_its_original() -> None:
    assert sorted(ORIGINALS) == CAPABILITIES


@pytest.mark.parametrize("capability", sorted(ORIGINALS))
def test_every_variant_record_and_enum_of_the_original_is_kept_case_by_case(capability: str) -> None:
    ours = {
        definition["name"]: [part["name"] for part in parts(definition["kind"])]
        for definition in resolve(WIT / capability)["types"]
        if parts(definition["kind"])
    }
    text = original(capability)
    theirs = {
        name: [re.split(r"[(:]", case.strip())[0] for case in re.split(r",(?![^<(]*[>)])", body) if case.strip()]
        for name, body in re.findall(r"(?:variant|record|enum) ([\w-]+) \{(.*?)\}", text, re.DOTALL)
    }
    assert len(theirs) == len(re.findall(r"^\s*(?:variant|record|enum)\b", text, re.MULTILINE)) > 0
    assert {name: ours.get(name) for name in theirs} == theirs


@pytest.mark.parametrize("capability", sorted(ORIGINALS))
def test_every_function_of_the_original_is_kept_with_its_parameters(capability: str) -> None:
    ours = sorted(
        (name.rpartition(".")[2].rpartition("]")[2], [parameter["name"] for parameter in signature(function)])
        for interface in resolve(WIT / capability)["interfaces"]
        for name, function in interface["functions"].items()
    )
    found = re.findall(r"([\w-]+): ?func(?:tion)?\((.*?)\) ->", original(capability))
    assert ours == sorted((name, re.findall(r"([\w-]+) ?:", parameters)) for name, parameters in found)


def signature(function: dict[str, Any]) -> list[dict[str, Any]]:
    return [parameter for parameter in function["params"] if parameter["name"] != "self"]


@pytest.mark.parametrize(
    "copy", sorted(EXAMPLES.glob("*/wit/deps/*")), ids=lambda copy: f"{copy.parts[-4]}-{copy.name}"
)
def test_a_copy_that_an_example_keeps_is_the_same(copy: Path) -> None:
    own = WIT / copy.name if (WIT / copy.name).is_dir() else EXAMPLES / "orders" / "wit" / "deps" / copy.name
    assert {file.name: file.read_text() for file in copy.iterdir()} == {
        file.name: file.read_text() for file in own.iterdir()
    }
