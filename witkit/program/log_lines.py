"""Lines of the log: each with the id of the request, message or change that it belongs to."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from witkit.text.secrets import masked_by_form
from witkit.text.visible import visible

from .call_ids import call_id
from .worker import THIS


class TextLines(logging.Formatter):
    """`witkit: WARNING: …` for each record, with its id at the end, if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, and a traceback below it."""
        message = record.getMessage()
        id = call_id.get()
        of = f" id={id}" if id and f" id={id}" not in message else ""
        line = f"witkit: {record.levelname}: {message}{of}{THIS.shown}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """One object for each record: `time`, `level`, `logger`, `id` (null outside of calls) and `message`.

    If several processes serve the same guest, `worker` is the number of this one.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line. A traceback is in `exception`."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "id": call_id.get() or None,
            "message": masked_by_form(visible(record.getMessage())),
        }
        if THIS.number is not None:
            line["worker"] = THIS.number
        if record.exc_info:
            line["exception"] = masked_by_form(self.formatException(record.exc_info))
        return json.dumps(line)


def traced(line: str) -> str:
    """A line of `--trace` as an object, in the thread of the call. Its level is `DEBUG`."""
    id = call_id.get()
    message = line.removeprefix("trace: ").removesuffix(f" id={id}")
    return JsonLines().format(logging.LogRecord("witkit.trace", logging.DEBUG, "", 0, "%s", (message,), None))
