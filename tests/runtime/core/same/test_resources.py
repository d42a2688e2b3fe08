"""As `tests/runtime/test_resources.py`, on the core engine."""

from tests.runtime import test_resources
from tests.runtime.core.both import again

globals().update(again(test_resources))
