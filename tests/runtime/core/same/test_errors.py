"""As `tests/runtime/test_errors.py`, on the core engine."""

from tests.runtime import test_errors
from tests.runtime.core.both import again

globals().update(
    again(
        test_errors,
        without=frozenset(
            {
                "test_an_interruption_as_a_callback_ends_is_kept",  # its own callback has a test
            }
        ),
    )
)
