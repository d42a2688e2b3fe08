"""The access log, one line for each request, and a line for each request that failed.

They go to the loggers `witkit.http.access` and `witkit.http`. A line has no query and no headers, because those may
have secrets.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Final

from witkit.text.secrets import masked_by_form
from witkit.text.visible import visible

from ...worker import THIS
from .exchange import ClientGone
from .watching import Exchange, Watcher

LOG: Final = logging.getLogger("witkit.http")
ACCESS: Final = logging.getLogger("witkit.http.access")

SERVER_ERROR: Final = 500


def log_failures(exchange: Exchange) -> None:
    """Log why a request was not answered by the guest, if the server is to blame."""
    refused = exchange.refused
    if refused is None or refused.status < SERVER_ERROR:
        return
    what = exchange.endpoint.name if exchange.endpoint else exchange.method
    reason = masked_by_form(visible(refused.reason))
    level = logging.WARNING if refused.status == 503 else logging.ERROR
    LOG.log(level, "%s: %d: %s id=%s", what, refused.status, reason, exchange.id)


def access_log(form: str) -> Watcher | None:
    """What writes the access log in the form `text` or `json`, or None."""
    return {"text": _log_text, "json": _log_json}.get(form)


def _log_text(exchange: Exchange) -> None:
    if ACCESS.isEnabledFor(logging.INFO):
        client = exchange.client[0] if exchange.client else "-"
        ACCESS.info(
            '%s "%s %s HTTP/%s" %s %d %.1f ms id=%s%s',
            client,
            exchange.method,
            visible(exchange.path),
            exchange.version,
            _status(exchange),
            exchange.sent,
            exchange.seconds * 1e3,
            exchange.id,
            THIS.shown,
        )


def _log_json(exchange: Exchange) -> None:
    if ACCESS.isEnabledFor(logging.INFO):
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "id": exchange.id,
            "client": exchange.client[0] if exchange.client else None,
            "method": exchange.method,
            "path": exchange.path,
            "route": exchange.endpoint.route if exchange.endpoint else None,
            "status": exchange.status or None,
            "bytes": exchange.sent,
            "ms": round(exchange.seconds * 1e3, 3),
        }
        if THIS.number is not None:
            line["worker"] = THIS.number
        ACCESS.info("%s", json.dumps(line, ensure_ascii=True))


def _status(exchange: Exchange) -> str:
    return "gone" if isinstance(exchange.problem, ClientGone) else str(exchange.status)
