"""One deployment of a service at a time: each holds a lock of the service's name, for a limited time."""

from __future__ import annotations

import wit_world
from componentize_py_types import Err
from wit_world import (
    DeploymentError,
    DeploymentError_Busy,
    DeploymentError_NoTime,
    DeploymentError_Over,
    DeploymentError_Unavailable,
    exports,
)
from wit_world.imports.distributed_locking import (
    DistributedLocking,
    DistributedLockingError,
    DistributedLockingError_InvalidLockId,
    DistributedLockingError_LockAcquireError,
    DistributedLockingError_LockTimeoutError,
)


class WitWorld(wit_world.WitWorld):
    """The functions that the world exports itself."""

    def begin(self, service: str, seconds: int) -> bytes:
        try:
            with DistributedLocking.open("deployments") as locks:
                return locks.lock_with_time_to_live(service.encode(), seconds)
        except Err as refused:
            raise Err(_reason(refused.value)) from refused

    def end(self, ticket: bytes) -> None:
        try:
            with DistributedLocking.open("deployments") as locks:
                locks.unlock(ticket)
        except Err as refused:
            raise Err(_reason(refused.value)) from refused


class Run(exports.Run):
    """`witkit run`: deploys two services, and one of them twice."""

    def run(self) -> None:
        world = WitWorld()
        tickets = {service: world.begin(service, 60) for service in ("shop", "mail")}
        print("deploying", ", ".join(tickets))
        try:
            world.begin("shop", 60)
        except Err as refused:
            print("shop again:", refused.value)
        for service, ticket in tickets.items():
            world.end(ticket)
            print("deployed", service)


def _reason(error: DistributedLockingError) -> DeploymentError:
    match error:
        case DistributedLockingError_LockTimeoutError(message):
            return DeploymentError_Busy(message)
        case DistributedLockingError_InvalidLockId():
            return DeploymentError_Over()
        case DistributedLockingError_LockAcquireError():
            return DeploymentError_NoTime()
        case _:
            return DeploymentError_Unavailable(f"{type(error).__name__.partition('_')[2]}: {error.value}")
