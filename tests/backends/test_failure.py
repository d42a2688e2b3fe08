"""What an operator reads of a failure."""

from __future__ import annotations

from witkit.backends.failure import Failure, Kind


def test_a_failure_is_shown_with_its_detail_without_secrets() -> None:
    failure = Failure(Kind.DENIED, "the server refuses the credentials", "MariaDB at db:3306: password=hunter2secret")
    assert failure.shown == "the server refuses the credentials: MariaDB at db:3306: password=***"


def test_a_failure_without_detail_is_its_message() -> None:
    assert Failure(Kind.FULL, "the disk is full").shown == "the disk is full"
