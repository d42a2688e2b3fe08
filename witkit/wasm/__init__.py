"""Floor 1: the component binary format, from the bytes of a file to the types in it."""

from typing import Final

MAGIC: Final = b"\0asm"
"""The first bytes of every binary. Defined here so that using it imports nothing else."""
