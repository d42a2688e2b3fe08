"""The guest as plain Python, over a blob store in a folder that each test has for itself."""

from collections.abc import Callable

import app
import pytest
from componentize_py_types import Err
from wit_world import Day

from witkit.guest import Bound, Guest


@pytest.fixture
def guest(wit_host: Callable[..., Bound]) -> Guest:
    return wit_host(blob_store="filesystem").load(app)


def test_an_empty_journal_has_no_days(guest: Guest) -> None:
    assert guest.days() == []
    assert guest.search("") == []


def test_days_come_in_order_with_their_size(guest: Guest) -> None:
    for day, entry in (("2026-05-03", "sun"), ("2026-05-02", "é"), ("2026-05-03", "rain")):
        guest.note(day, entry)
    assert guest.days() == [Day("2026-05-02", 3), Day("2026-05-03", 9)]


def test_entries_are_found_by_a_word(guest: Guest) -> None:
    guest.note("2026-05-03", "sun")
    guest.note("2026-05-02", "rain, then sun")
    guest.note("2026-05-02", "rain")
    assert guest.search("sun") == ["2026-05-02: rain, then sun", "2026-05-03: sun"]


def test_a_day_may_be_larger_than_what_is_read_at_once(guest: Guest) -> None:
    entries = [f"{number} {'é' * 20_000}" for number in range(5)]
    for entry in entries:
        guest.note("2026-05-02", entry)
    assert guest.search("") == [f"2026-05-02: {entry}" for entry in entries]


@pytest.mark.parametrize("entry", ["", "two\nlines"])
def test_an_entry_is_one_line(guest: Guest, entry: str) -> None:
    with pytest.raises(Err, match="one line"):
        guest.note("2026-05-02", entry)
    assert guest.days() == []


def test_the_demonstration_finds_what_it_wrote(guest: Guest, capsys: pytest.CaptureFixture[str]) -> None:
    guest.run.run()
    assert capsys.readouterr().out.splitlines() == [
        "2026-05-02: Sowed peas. Rain.",
        "2026-05-03: The peas are up!",
        "2026-05-02 has 18 bytes",
        "2026-05-03 has 31 bytes",
    ]
