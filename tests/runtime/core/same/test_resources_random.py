"""As `tests/runtime/test_resources_random.py`, on the core engine."""

from tests.runtime import test_resources_random
from tests.runtime.core.both import again

globals().update(again(test_resources_random))
