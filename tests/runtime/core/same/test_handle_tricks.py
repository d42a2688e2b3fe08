"""As `tests/runtime/test_handle_tricks.py`, on the core engine."""

from tests.runtime import test_handle_tricks
from tests.runtime.core.both import again

globals().update(
    again(
        test_handle_tricks,
        without=frozenset(
            {
                "test_a_random_program_that_misuses_handles_is_never_ended_by_it",  # it is a process of its own
                "test_a_forked_process_and_its_parent_use_and_close_the_same_handles",  # it is a process of its own
            }
        ),
    )
)
