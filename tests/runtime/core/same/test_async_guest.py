"""As `tests/runtime/test_async_guest.py`, on the core engine."""

from tests.runtime import test_async_guest
from tests.runtime.core.both import again

globals().update(again(test_async_guest))
