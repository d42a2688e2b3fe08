# Source: spiderlightning:keyvalue/keyvalue@0.5.1

"""The imported interface `spiderlightning:keyvalue/keyvalue@0.5.1`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from witkit import abi

__all__ = [
    "INTERFACE",
    "Keyvalue",
    "KeyvalueError",
    "KeyvalueError_AuthenticationError",
    "KeyvalueError_ConnectionError",
    "KeyvalueError_InvalidKey",
    "KeyvalueError_InvalidValue",
    "KeyvalueError_IoError",
    "KeyvalueError_KeyNotFound",
    "KeyvalueError_TimeoutError",
    "KeyvalueError_UnexpectedError",
    "KeyvalueInterface",
]


class Keyvalue(Protocol):
    """An open store.

    Dropping the handle closes it and loses nothing: whatever `set` or `delete` has acknowledged
    stays. Two handles opened under one name see the same entries; stores with different
    names share no entries.
    """

    @classmethod
    def open(cls, name: str, /) -> Keyvalue:
        """Opens the store of this name and creates it if it does not exist.

        Every string is a name, even the empty one.

        Raises:
            Err: with a value of type `KeyvalueError`.
        """
        ...

    def get(self, key: str, /) -> bytes:
        """Reads the value stored under a key.

        A key that holds no value is `key-not-found`. An empty value is a value.

        Raises:
            Err: with a value of type `KeyvalueError`.
        """
        ...

    def set(self, key: str, value: bytes, /) -> None:
        """Stores a value under a key and replaces the value that was there.

        Once this has returned, the value survives the end of the process. A key is any string
        except the empty one, which is `invalid-key`. Keys are compared code point by code point,
        without normalisation.

        Raises:
            Err: with a value of type `KeyvalueError`.
        """
        ...

    def keys(self) -> list[str]:
        """Lists the keys that hold a value, each once, in ascending order of their UTF-8 bytes.

        Raises:
            Err: with a value of type `KeyvalueError`.
        """
        ...

    def delete(self, key: str, /) -> None:
        """Removes a key and its value.

        Removing a key that holds no value succeeds and changes nothing.

        Raises:
            Err: with a value of type `KeyvalueError`.
        """
        ...


@dataclass(slots=True)
class KeyvalueError_KeyNotFound:
    """The store holds no value under this key; the payload is the key."""

    value: str


@dataclass(slots=True)
class KeyvalueError_InvalidKey:
    """The store cannot take this key; the payload says why."""

    value: str


@dataclass(slots=True)
class KeyvalueError_InvalidValue:
    """The store cannot take this value, which may be too large; the payload says why."""

    value: str


@dataclass(slots=True)
class KeyvalueError_ConnectionError:
    """The service behind the store could not be reached."""

    value: str


@dataclass(slots=True)
class KeyvalueError_AuthenticationError:
    """The service behind the store rejected the host's credentials."""

    value: str


@dataclass(slots=True)
class KeyvalueError_TimeoutError:
    """The store did not answer in time; whether the change was made is not known."""

    value: str


@dataclass(slots=True)
class KeyvalueError_IoError:
    """Reading or writing the storage underneath failed."""

    value: str


@dataclass(slots=True)
class KeyvalueError_UnexpectedError:
    """Anything the other cases do not cover."""

    value: str


KeyvalueError: TypeAlias = (
    KeyvalueError_KeyNotFound
    | KeyvalueError_InvalidKey
    | KeyvalueError_InvalidValue
    | KeyvalueError_ConnectionError
    | KeyvalueError_AuthenticationError
    | KeyvalueError_TimeoutError
    | KeyvalueError_IoError
    | KeyvalueError_UnexpectedError
)
"""Why an operation on a store failed."""


# Called `KeyvalueInterface` because `Keyvalue` is a type.
class KeyvalueInterface(Protocol):
    """Named stores that map keys to bytes."""

    @property
    def Keyvalue(self) -> type[Keyvalue]:
        """The class that implements the resource `keyvalue`."""
        ...


# What the runtime knows of these types and functions.
KEYVALUE_TYPE = abi.Resource("keyvalue", "Keyvalue")
KEYVALUE_ERROR_TYPE = abi.Variant(
    "keyvalue-error",
    (
        abi.Case("key-not-found", KeyvalueError_KeyNotFound, abi.STRING),
        abi.Case("invalid-key", KeyvalueError_InvalidKey, abi.STRING),
        abi.Case("invalid-value", KeyvalueError_InvalidValue, abi.STRING),
        abi.Case("connection-error", KeyvalueError_ConnectionError, abi.STRING),
        abi.Case("authentication-error", KeyvalueError_AuthenticationError, abi.STRING),
        abi.Case("timeout-error", KeyvalueError_TimeoutError, abi.STRING),
        abi.Case("io-error", KeyvalueError_IoError, abi.STRING),
        abi.Case("unexpected-error", KeyvalueError_UnexpectedError, abi.STRING),
    ),
)
INTERFACE = abi.Interface(
    "spiderlightning:keyvalue/keyvalue@0.5.1",
    functions=(
        abi.Func(
            "[static]keyvalue.open",
            "open",
            (abi.Param("name", abi.STRING),),
            abi.Result(abi.Own(KEYVALUE_TYPE), KEYVALUE_ERROR_TYPE),
            kind="static",
            resource=KEYVALUE_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]keyvalue.get",
            "get",
            (abi.Param("key", abi.STRING),),
            abi.Result(abi.List(abi.U8), KEYVALUE_ERROR_TYPE),
            kind="method",
            resource=KEYVALUE_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]keyvalue.set",
            "set",
            (abi.Param("key", abi.STRING), abi.Param("value", abi.List(abi.U8))),
            abi.Result(None, KEYVALUE_ERROR_TYPE),
            kind="method",
            resource=KEYVALUE_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]keyvalue.keys",
            "keys",
            (),
            abi.Result(abi.List(abi.STRING), KEYVALUE_ERROR_TYPE),
            kind="method",
            resource=KEYVALUE_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]keyvalue.delete",
            "delete",
            (abi.Param("key", abi.STRING),),
            abi.Result(None, KEYVALUE_ERROR_TYPE),
            kind="method",
            resource=KEYVALUE_TYPE,
            raises=True,
        ),
    ),
    resources=(KEYVALUE_TYPE,),
)
