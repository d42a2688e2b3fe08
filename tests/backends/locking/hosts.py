"""Hosts in processes of their own, which share locks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

from tests.backends.locking.backends import Backend

_OPEN = """
import json, os, sys, time
from pathlib import Path
import witkit.backends
name, settings, *arguments = sys.argv[1:]
locking = witkit.backends.open("locking", name, **json.loads(settings))
service = locking.DistributedLocking.open("shop")
"""


def host(
    backend: Backend, script: str, *arguments: str, environment: Mapping[str, str] | None = None, timeout: float = 60
) -> subprocess.Popen[str]:
    """A process that has opened the service `shop` and runs the script, which has `service` and `arguments`."""
    settings = json.dumps({**backend.settings, "timeout": timeout}, default=str)
    return subprocess.Popen(
        [sys.executable, "-c", _OPEN + script, backend.name, settings, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=None if environment is None else dict(environment),
        text=True,
    )


def line(process: subprocess.Popen[str]) -> str:
    """The next line that a host prints."""
    assert process.stdout
    return process.stdout.readline().strip()


def ended(process: subprocess.Popen[str]) -> str:
    """What a host has printed until its end, which is without an error."""
    printed, complaints = process.communicate(timeout=120)
    assert (process.returncode, complaints) == (0, ""), complaints
    return printed
