"""`Some`, `Ok` and `Err` of a narrower type fit where a wider one is needed: mypy checks this file."""

from __future__ import annotations

from witkit.abi.values import Err, Ok, Result, Some


def _width(some: Some[int | None], ok: Ok[float | str], err: Err[Exception], result: Result[object, int | str]) -> int:
    return sum(value is not None for value in (some.value, ok.value, err.value, result.value))


def test_values_are_covariant() -> None:
    some: Some[int] = Some(3)
    ok: Ok[str] = Ok("x")
    err: Err[ValueError] = Err(ValueError())
    result: Result[str, int] = ok
    assert _width(some, ok, err, result) == 4
    nested: Some[Some[int | None] | None] = Some(some)
    assert nested == Some(Some(3))
