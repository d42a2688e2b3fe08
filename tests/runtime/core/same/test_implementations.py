"""As `tests/runtime/test_implementations.py`, on the core engine."""

from tests.runtime import test_implementations
from tests.runtime.core.both import again

globals().update(again(test_implementations))
