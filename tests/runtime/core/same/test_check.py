"""As `tests/runtime/test_check.py`, on the core engine."""

from tests.runtime import test_check
from tests.runtime.core.both import again

globals().update(again(test_check))
