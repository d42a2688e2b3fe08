"""Somebody sets the clock of the machine: locks do not depend on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backends.locking.backends import Backend
from tests.backends.locking.hosts import ended, host

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long offset(void) {
    char text[32] = {0};
    int file = open(getenv("CLOCK_OFFSET"), O_RDONLY);
    if (file < 0 || read(file, text, 31) < 0) _exit(99);
    close(file);
    return atol(text);
}

int clock_gettime(clockid_t clock, struct timespec *found) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, found);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) found->tv_sec += offset();
    return failed;
}

int gettimeofday(struct timeval *restrict found, void *restrict zone) {
    struct timespec now;
    int failed = clock_gettime(CLOCK_REALTIME, &now);
    found->tv_sec = now.tv_sec, found->tv_usec = now.tv_nsec / 1000;
    return failed;
}

time_t time(time_t *found) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (found) *found = now.tv_sec;
    return now.tv_sec;
}
"""

JUMPS = """
from witkit import Err

def jump(years):
    before = time.time()
    Path(os.environ["CLOCK_OFFSET"]).write_text(str(years * 365 * 86400))
    assert abs(time.time() - before) > 300 * 86400

def is_held(name):
    try:
        other.unlock(other.lock(name))
    except Err as refused:
        assert type(refused.value).__name__ == "DistributedLockingError_LockTimeoutError", refused
        return True
    return False

impatient = witkit.backends.open("locking", name, **{**json.loads(settings), "timeout": 0.1})
other = impatient.DistributedLocking.open("shop")
key = service.lock(b"session")
began = time.monotonic()
brief = service.lock_with_time_to_live(b"brief", 3)
long = service.lock_with_time_to_live(b"long", 600)
for years in (2, -2, 5):
    jump(years)
    assert is_held(b"session") and is_held(b"long"), years
    assert is_held(b"brief") or time.monotonic() - began > 2.9, years
service.unlock(service.lock(b"brief"))
assert time.monotonic() - began > 2.9, time.monotonic() - began
service.unlock(key)
service.unlock(long)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the clock is replaced by LD_PRELOAD")
@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_locks_do_not_notice_that_the_clock_of_the_machine_is_set(shared: Backend, tmp_path: Path) -> None:
    source, library, offset = tmp_path / "clock.c", tmp_path / "clock.so", tmp_path / "offset"
    source.write_text(SHIM)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    offset.write_text("0")
    environment = {**os.environ, "LD_PRELOAD": str(library), "CLOCK_OFFSET": str(offset)}
    ended(host(shared, JUMPS, environment=environment))
