"""What programs can catch: one base for all exceptions, each of which can cross to another process."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest

import witkit
import witkit.text
from witkit.abi.traps import GuestTrap
from witkit.backends.cloudevents import InvalidEvent
from witkit.backends.errors import WrongSetting
from witkit.backends.failure import Failure, Kind
from witkit.native.errors import Unbound
from witkit.runtime import HandleError, HandleLimitError, InstanceError, MissingImport, Reason, Trap
from witkit.text import Error, WitkitError, error
from witkit.wasm.cursor import BadWasm


def would_trap() -> Unbound:
    made = Unbound("nothing answers `a:b/c`", "a:b/c")
    made.function = would_trap.__code__
    return made


EXCEPTIONS: list[Callable[[], Error]] = [
    lambda: WitkitError([error("WIT0000", "no", help="say yes")]),
    lambda: WrongSetting("no", setting="path"),
    lambda: Trap("stopped", Reason.EXIT, ("frame",), function="f", code=3),
    lambda: InstanceError("closed"),
    lambda: MissingImport("missing"),
    lambda: HandleLimitError("too many"),
    lambda: HandleError("closed"),
    lambda: BadWasm("no section", 7),
    lambda: GuestTrap("no pollables"),
    lambda: Failure(Kind.IO, "no", "the disk is full"),
    lambda: InvalidEvent("`id` is missing"),
    would_trap,
]


@pytest.mark.parametrize("make", EXCEPTIONS, ids=lambda make: type(make()).__name__)
@pytest.mark.parametrize("way", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy], ids=["pickled", "copied"])
def test_an_exception_can_be_pickled_and_copied(make: Callable[[], Error], way: Callable[[Error], Error]) -> None:
    raised = make()
    back = way(raised)
    assert type(back) is type(raised)
    assert (str(back), back.args) == (str(raised), raised.args)
    assert {**vars(raised), "function": None} == {**vars(back), "function": None}


def test_all_exceptions_have_one_base() -> None:
    assert all(isinstance(make(), witkit.text.Error) for make in EXCEPTIONS)


def test_only_err_which_is_a_value_of_wit_is_public_without_that_base() -> None:
    public = [getattr(witkit, name) for name in witkit.__all__]
    raised = [each for each in public if isinstance(each, type) and issubclass(each, BaseException)]
    assert [each for each in raised if not issubclass(each, witkit.Error)] == [witkit.Err]
