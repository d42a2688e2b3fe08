"""The guest as plain Python: its settings are variables of the environment, which each test sets for itself."""

from collections.abc import Callable

import app
import pytest
from componentize_py_types import Err
from wit_world import Parcel, PostageError_NotANumber, PostageError_NotSet, PostageError_TooHeavy

from witkit.guest import Bound, Guest


@pytest.fixture
def guest(wit_host: Callable[..., Bound], monkeypatch: pytest.MonkeyPatch) -> Guest:
    monkeypatch.setenv("CONFIGS_TARIFF_BASE", "400")
    monkeypatch.setenv("CONFIGS_TARIFF_PER_KILOGRAM", "100")
    return wit_host(configs="environment").load(app)


@pytest.mark.parametrize(("grams", "cents"), [(0, 400), (1, 500), (1000, 500), (1001, 600)])
def test_every_kilogram_begun_is_paid(guest: Guest, grams: int, cents: int) -> None:
    assert guest.price(Parcel(grams, 0)) == cents


def test_what_is_worth_enough_is_sent_for_nothing(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFIGS_TARIFF_FREE_FROM", "5000")
    assert guest.price(Parcel(1, 4_999)) == 500
    assert guest.price(Parcel(1, 5_000)) == 0


def test_a_parcel_can_be_too_heavy(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Err) as refused:
        guest.price(Parcel(30_001, 0))
    assert refused.value.value == PostageError_TooHeavy(30_000)
    monkeypatch.setenv("CONFIGS_TARIFF_GRAMS_AT_MOST", "40000")
    assert guest.price(Parcel(30_001, 0)) == 3_500


def test_the_base_price_has_to_be_set(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONFIGS_TARIFF_BASE")
    with pytest.raises(Err) as refused:
        guest.price(Parcel(1, 0))
    assert refused.value.value == PostageError_NotSet("base")


def test_a_price_is_a_number(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFIGS_TARIFF_BASE", "four")
    with pytest.raises(Err) as refused:
        guest.price(Parcel(1, 0))
    assert refused.value.value == PostageError_NotANumber("base")


def test_the_demonstration_has_the_tariff_of_the_file(
    wit_host: Callable[..., Bound], capsys: pytest.CaptureFixture[str]
) -> None:
    wit_host().load(app).run.run()
    assert capsys.readouterr().out.splitlines() == ["0.4 kg: 5.10", "2.3 kg: 7.50", "2.3 kg: 0.00"]
