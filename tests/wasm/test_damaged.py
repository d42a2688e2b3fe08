"""Whatever the bytes are: what they say, or one finding that names the place; never more work than there is file."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.sampled import examples
from tests.wasm.encoding import RICH, component, encoded, module, text
from tests.wasm.hostile import COMPONENT, REFUSED, UNDERSTOOD
from witkit.bindgen import generate
from witkit.ir import load
from witkit.ir.decode.binary import Decoded, decode
from witkit.ir.show.outline import to_tree
from witkit.ir.show.resolve_json import to_json
from witkit.ir.show.wit import to_wit
from witkit.text import WitkitError
from witkit.wasm.cursor import BadWasm

ROUNDS = examples(3000)


@pytest.fixture(scope="module")
def binaries(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("binaries")
    wit = text(folder, RICH)
    made = [
        encoded(wit, folder / "package.wasm", "--all-features"),
        module(wit, "market", folder / "module.wasm", "--all-features"),
        component(wit, "market", folder / "component.wasm", "--all-features"),
    ]
    return [path.read_bytes() for path in made]


def damaged(binary: bytes, chance: random.Random) -> bytes:
    """A binary that is cut off, or of which some bytes are others, too many or missing."""
    if chance.random() < 0.15:
        return binary[: chance.randrange(len(binary))]
    data = bytearray(binary)
    for _ in range(chance.choice([1, 1, 1, 2, 4, 10])):
        at = chance.randrange(len(COMPONENT), len(data))
        data[at : at + 1] = chance.choice(
            [b"", bytes([data[at] ^ 1 << chance.randrange(8)]), bytes([chance.randrange(256)]), bytes([data[at], 0])]
        )
    return bytes(data)


def outcome(data: bytes) -> Decoded | BadWasm:
    try:
        return decode(BytesIO(data))
    except BadWasm as e:
        return e


def understood(binaries: list[bytes], seed: int, rounds: int) -> Iterator[Decoded]:
    """What is left of damaged binaries; of those that are refused, the place lies in the file."""
    chance = random.Random(seed)
    for _ in range(rounds):
        data = damaged(chance.choice(binaries), chance)
        found = outcome(data)
        if isinstance(found, Decoded):
            yield found
        else:
            assert 0 <= found.offset <= len(data)


def test_damaged_binaries_are_refused_or_can_be_printed(binaries: list[bytes]) -> None:
    count = 0
    for found in understood(binaries, 1, ROUNDS):
        resolve = found.resolve
        assert to_json(resolve, found.written)["packages"]
        assert to_wit(resolve).startswith(("package", "//"))
        assert to_tree(resolve).startswith("package")
        count += 1
    assert ROUNDS / 20 < count < ROUNDS / 2  # which depends on the sample of binaries


def test_code_is_generated_from_what_is_left_or_the_reason_reported(binaries: list[bytes]) -> None:
    worlds = [world for left in understood(binaries, 2, 150) for world in left.resolve.main[0].worlds.values()]
    assert len(worlds) > 10
    for world in worlds:
        with suppress(WitkitError):
            assert generate(world, "host")


def test_every_start_of_a_binary_is_refused_unless_a_section_ends_there(binaries: list[bytes]) -> None:
    package = binaries[0]
    for size in range(0, len(package), 3):
        found = outcome(package[:size])
        assert found.offset <= size if isinstance(found, BadWasm) else size >= len(COMPONENT)


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_binary_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "c.wasm"
    path.write_bytes(REFUSED[name]())
    (only,) = load(path).diagnostics
    assert only.code == "WIT0507"
    assert ", at byte " in only.message


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_an_odd_binary_is_understood(name: str) -> None:
    resolve = decode(BytesIO(UNDERSTOOD[name]())).resolve
    assert len(to_wit(resolve)) > 50_000


def test_the_command_line_prints_the_place(tmp_path: Path, binaries: list[bytes]) -> None:
    (tmp_path / "cut.wasm").write_bytes(binaries[2][:-30])
    for command in (["show"], ["check"], ["gen", "host", "-o", "out"], ["gen", "guest", "-o", "out"]):
        done = witkit(*command, "cut.wasm", cwd=tmp_path)
        assert done.returncode == 1
        assert "error[WIT0507]: a section of" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_core_module_without_wit_is_recognized(tmp_path: Path) -> None:
    (tmp_path / "m.wasm").write_bytes(b"\0asm\1\0\0\0")
    (only,) = load(tmp_path / "m.wasm").diagnostics
    assert "core module" in only.message
