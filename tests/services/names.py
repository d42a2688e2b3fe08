"""Names that no other test and no other run has, so that several can share a server."""

from __future__ import annotations

import uuid


def new_name() -> str:
    """`wk` and twelve hexadecimal digits: every server takes it as the name of a bucket, database, table or topic."""
    return f"wk{uuid.uuid4().hex[:12]}"
