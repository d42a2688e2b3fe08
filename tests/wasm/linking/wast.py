"""The component model's own tests, which lie in `shared/corpus` beside the checkout or above it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tests.ir.conftest import reference

_PLACE = Path("shared/corpus/component-model-tests")
FOLDER = next((up / _PLACE for up in Path(__file__).resolve().parents if (up / _PLACE).is_dir()), None)
FILES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.glob("*/*.wast")) if FOLDER else []

# wasm-tools does not read these.
UNREADABLE = {"async/cancellable.wast": "uses an option that has been removed since"}


@dataclass(frozen=True, slots=True)
class Binary:
    """A component of a test: where it is, whether it is valid, and whether it can be instantiated alone."""

    line: int
    data: bytes
    is_valid: bool
    is_alone: bool


def binaries(name: str, folder: Path) -> list[Binary]:
    """The components in a file, except for those that are not even text that can be read."""
    assert FOLDER is not None
    listed = folder / "commands.json"
    done = reference("json-from-wast", FOLDER / name, "-o", listed, "--wasm-dir", folder)
    assert done.returncode == 0, done.stderr
    commands = json.loads(listed.read_text(encoding="utf-8"))["commands"]
    return [
        Binary(
            command["line"],
            (folder / command["filename"]).read_bytes(),
            command["type"] not in ("assert_invalid", "assert_malformed"),
            command["type"] != "module_definition",
        )
        for command in commands
        if "filename" in command and command.get("module_type") != "text"
    ]
