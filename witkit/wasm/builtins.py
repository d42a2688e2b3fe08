"""The built-ins of canonical definitions (`Binary.md` and `CanonicalABI.md`, Canonical Definitions)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A built-in: its name, the signature of the core function, and what follows its code.

    The letters are `R` for a resource that the component itself defines, `r` for any resource, `s` for a stream, `f`
    for a future, `t` for the result of a task, `o` for options, `m` for a memory, `b` for `async` or `cancellable`,
    `c` for a core value type, `n` for an index, `y` for the core type of a function, and `x` for a table.
    """

    name: str
    signature: str
    operands: str = ""


BUILT_INS: Final = {
    0x02: BuiltIn("resource.new", "i:i", "R"),
    0x03: BuiltIn("resource.drop", "i:", "r"),
    0x04: BuiltIn("resource.rep", "i:i", "R"),
    0x05: BuiltIn("task.cancel", ":"),
    0x06: BuiltIn("subtask.cancel", "i:i", "b"),
    0x09: BuiltIn("task.return", "", "to"),
    0x0A: BuiltIn("context.get", ":i", "cn"),
    0x0B: BuiltIn("context.set", "i:", "cn"),
    0x0C: BuiltIn("thread.yield", ":i", "b"),
    0x0D: BuiltIn("subtask.drop", "i:"),
    0x0E: BuiltIn("stream.new", ":I", "s"),
    0x0F: BuiltIn("stream.read", "iii:i", "so"),
    0x10: BuiltIn("stream.write", "iii:i", "so"),
    0x11: BuiltIn("stream.cancel-read", "i:i", "sb"),
    0x12: BuiltIn("stream.cancel-write", "i:i", "sb"),
    0x13: BuiltIn("stream.drop-readable", "i:", "s"),
    0x14: BuiltIn("stream.drop-writable", "i:", "s"),
    0x15: BuiltIn("future.new", ":I", "f"),
    0x16: BuiltIn("future.read", "ii:i", "fo"),
    0x17: BuiltIn("future.write", "ii:i", "fo"),
    0x18: BuiltIn("future.cancel-read", "i:i", "fb"),
    0x19: BuiltIn("future.cancel-write", "i:i", "fb"),
    0x1A: BuiltIn("future.drop-readable", "i:", "f"),
    0x1B: BuiltIn("future.drop-writable", "i:", "f"),
    0x1C: BuiltIn("error-context.new", "ii:i", "o"),
    0x1D: BuiltIn("error-context.debug-message", "ii:", "o"),
    0x1E: BuiltIn("error-context.drop", "i:"),
    0x1F: BuiltIn("waitable-set.new", ":i"),
    0x20: BuiltIn("waitable-set.wait", "ii:i", "bm"),
    0x21: BuiltIn("waitable-set.poll", "ii:i", "bm"),
    0x22: BuiltIn("waitable-set.drop", "i:"),
    0x23: BuiltIn("waitable.join", "ii:"),
    0x24: BuiltIn("backpressure.inc", ":"),
    0x25: BuiltIn("backpressure.dec", ":"),
    0x26: BuiltIn("thread.index", ":i"),
    0x27: BuiltIn("thread.new-indirect", "ii:i", "yx"),
    0x28: BuiltIn("thread.resume-later", "i:"),
    0x29: BuiltIn("thread.suspend", ":i", "b"),
    0x2A: BuiltIn("thread.suspend-then-resume", "i:i", "b"),
    0x2B: BuiltIn("thread.yield-then-resume", "i:i", "b"),
    0x2C: BuiltIn("thread.suspend-then-promote", "i:i", "b"),
    0x2D: BuiltIn("thread.yield-then-promote", "i:i", "b"),
}

# Of streams and futures, which copy elements: whether they take them from the memory or put them there.
READS: Final = {"stream.read", "future.read"}
WRITES: Final = {"stream.write", "future.write"}
