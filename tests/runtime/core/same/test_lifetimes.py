"""As `tests/runtime/test_lifetimes.py`, on the core engine."""

from tests.runtime import test_lifetimes
from tests.runtime.core.both import again

globals().update(again(test_lifetimes))
