"""As `tests/runtime/test_prepared.py`, on the core engine."""

from tests.runtime import test_prepared
from tests.runtime.core.both import again

globals().update(
    again(
        test_prepared,
        without=frozenset(
            {
                "test_instances_outlive_it_and_nothing_outlives_them",  # looks at what only the other engine has
            }
        ),
    )
)
