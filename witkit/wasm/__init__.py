"""The component binary format: from the bytes of a file to the types of what stands in it."""

from witkit.wasm.component import Binary, Direction, read_component
from witkit.wasm.cursor import BadWasm
from witkit.wasm.sections import MAGIC, is_component

__all__ = ["MAGIC", "BadWasm", "Binary", "Direction", "is_component", "read_component"]
