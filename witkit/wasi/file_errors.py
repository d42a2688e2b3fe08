"""What operating systems say about files, in the words of `wasi:filesystem`."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from witkit import abi
from witkit.interfaces.wasi.types import ErrorCode

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_CODES: Final = {
    "EACCES": ErrorCode.ACCESS,
    "EAGAIN": ErrorCode.WOULD_BLOCK,
    "EALREADY": ErrorCode.ALREADY,
    "EBADF": ErrorCode.BAD_DESCRIPTOR,
    "EBUSY": ErrorCode.BUSY,
    "EDEADLK": ErrorCode.DEADLOCK,
    "EDQUOT": ErrorCode.QUOTA,
    "EEXIST": ErrorCode.EXIST,
    "EFBIG": ErrorCode.FILE_TOO_LARGE,
    "EILSEQ": ErrorCode.ILLEGAL_BYTE_SEQUENCE,
    "EINPROGRESS": ErrorCode.IN_PROGRESS,
    "EINTR": ErrorCode.INTERRUPTED,
    "EINVAL": ErrorCode.INVALID,
    "EISDIR": ErrorCode.IS_DIRECTORY,
    "ELOOP": ErrorCode.LOOP,
    "EMLINK": ErrorCode.TOO_MANY_LINKS,
    "EMSGSIZE": ErrorCode.MESSAGE_SIZE,
    "ENAMETOOLONG": ErrorCode.NAME_TOO_LONG,
    "ENODEV": ErrorCode.NO_DEVICE,
    "ENOENT": ErrorCode.NO_ENTRY,
    "ENOLCK": ErrorCode.NO_LOCK,
    "ENOMEM": ErrorCode.INSUFFICIENT_MEMORY,
    "ENOSPC": ErrorCode.INSUFFICIENT_SPACE,
    "ENOSYS": ErrorCode.UNSUPPORTED,
    "ENOTDIR": ErrorCode.NOT_DIRECTORY,
    "ENOTEMPTY": ErrorCode.NOT_EMPTY,
    "ENOTRECOVERABLE": ErrorCode.NOT_RECOVERABLE,
    "ENOTSUP": ErrorCode.UNSUPPORTED,
    "EOPNOTSUPP": ErrorCode.UNSUPPORTED,
    "ENOTTY": ErrorCode.NO_TTY,
    "ENXIO": ErrorCode.NO_SUCH_DEVICE,
    "EOVERFLOW": ErrorCode.OVERFLOW,
    "EPERM": ErrorCode.NOT_PERMITTED,
    "EPIPE": ErrorCode.PIPE,
    "EROFS": ErrorCode.READ_ONLY,
    "ESPIPE": ErrorCode.INVALID_SEEK,
    "ETXTBSY": ErrorCode.TEXT_FILE_BUSY,
    "EXDEV": ErrorCode.CROSS_DEVICE,
}
_BY_NUMBER: Final = {getattr(errno, name): code for name, code in _CODES.items() if hasattr(errno, name)}


def code_of(failure: OSError) -> ErrorCode:
    """The code for what the system says."""
    return _BY_NUMBER.get(failure.errno or 0, ErrorCode.IO)


def refused(code: ErrorCode) -> abi.Err[Any]:
    """The error that a function raises."""
    return abi.Err(code)


def full() -> abi.Err[Any]:
    """The error for one open file too many: of all codes, this one fits best."""
    return refused(ErrorCode.QUOTA)


@contextmanager
def reported() -> Iterator[None]:
    """Raise what the system says as an error of the interface, during a `with` statement."""
    try:
        yield
    except OSError as failure:
        raise refused(code_of(failure)) from failure
    except OverflowError as failure:  # an offset or a time that the system cannot express
        raise refused(ErrorCode.INVALID) from failure
