"""What wasmtime says of core modules that are not valid, with places in the component's file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

_OFFSET: Final = re.compile(r"\bat offset (0x[0-9a-f]+|\d+)")


@contextmanager
def placed(start: int) -> Iterator[None]:
    """Let what wasmtime raises about a core module name offsets in the file, in which the module begins at `start`."""
    from wasmtime import WasmtimeError

    try:
        yield
    except WasmtimeError as failure:
        text = _OFFSET.sub(lambda found: f"at offset {start + int(found[1], 0):#x}", str(failure))
        raise WasmtimeError(text) from None


def validate(content: bytes, modules: Iterable[tuple[int, int]]) -> None:
    """Validate core modules that nothing compiles, given as offsets in a component: where each begins and ends.

    Raises wasmtime.WasmtimeError for the first that is not valid.
    """
    import wasmtime

    engine = wasmtime.Engine()
    for start, end in modules:
        with placed(start):
            wasmtime.Module.validate(engine, content[start:end])
