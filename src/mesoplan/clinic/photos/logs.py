"""Addresses and names of photos stay out of the log: Django writes there which page was not found or went wrong."""

from __future__ import annotations

import logging
import re

_ADDRESS = re.compile(r"\b(?:[0-9a-f]{40}|[0-9a-f]{48})\b")
_LINES = logging.Formatter()


class WithoutAddresses(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _ADDRESS.sub("…", record.getMessage()), ()
        if record.exc_info:
            record.exc_text = _ADDRESS.sub("…", _LINES.formatException(record.exc_info))
        return True
