"""As `tests/runtime/test_deep_types.py`, on the core engine."""

from tests.runtime import test_deep_types
from tests.runtime.core.both import again

globals().update(
    again(
        test_deep_types,
        without=frozenset(
            {
                "test_values_of_such_types_come_back_as_they_went",  # one function that lifts and lowers the same list type
            }
        ),
    )
)
