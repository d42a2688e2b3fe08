"""Floor 1: the component binary format, from the bytes of a file to the types of what stands in it."""

from typing import Final

MAGIC: Final = b"\0asm"
"""What every binary begins with. It stands here so that asking for it imports nothing else."""
