"""As `tests/runtime/test_other_package.py`, on the core engine."""

from tests.runtime import test_other_package
from tests.runtime.core.both import again

globals().update(again(test_other_package))
