"""As `tests/runtime/test_deep_types.py`, on the core engine."""

from tests.runtime import test_deep_types
from tests.runtime.core.both import again

globals().update(again(test_deep_types))
