"""As `tests/runtime/test_async.py`, on the core engine."""

from tests.runtime import test_async
from tests.runtime.core.both import again

globals().update(
    again(
        test_async,
        without=frozenset(
            {
                "test_sync_calls_are_refused_while_an_async_call_waits",  # they are served
            }
        ),
    )
)
