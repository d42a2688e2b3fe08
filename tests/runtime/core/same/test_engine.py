"""As `tests/runtime/test_engine.py`, on the core engine."""

from tests.runtime import test_engine
from tests.runtime.core.both import again

globals().update(again(test_engine))
