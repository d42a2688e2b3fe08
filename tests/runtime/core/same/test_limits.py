"""As `tests/runtime/test_limits.py`, on the core engine."""

from tests.runtime import test_limits
from tests.runtime.core.both import again

globals().update(again(test_limits))
