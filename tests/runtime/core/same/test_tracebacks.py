"""As `tests/runtime/test_tracebacks.py`, on the core engine."""

from tests.runtime import test_tracebacks
from tests.runtime.core.both import again

globals().update(again(test_tracebacks))
