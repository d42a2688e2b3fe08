"""As `tests/runtime/test_values.py`, on the core engine."""

from tests.runtime import test_values
from tests.runtime.core.both import again

globals().update(
    again(
        test_values,
        without=frozenset(
            {
                "test_more_elements_than_one_call_carries_are_a_clear_trap",  # any number crosses
            }
        ),
    )
)
