"""Lines of the log as JSON: each with the id of the request, message or change that it belongs to."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from witkit.text.secrets import masked_by_form
from witkit.text.visible import visible

from .call_ids import call_id


class JsonLines(logging.Formatter):
    """One object for each record: `time`, `level`, `logger`, `id` (null outside of calls) and `message`."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line. A traceback is in `exception`."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "id": call_id.get() or None,
            "message": masked_by_form(visible(record.getMessage())),
        }
        if record.exc_info:
            line["exception"] = masked_by_form(self.formatException(record.exc_info))
        return json.dumps(line)
