"""As `tests/runtime/test_wasi.py`, on the core engine."""

from tests.runtime import test_wasi
from tests.runtime.core.both import again

globals().update(again(test_wasi))
