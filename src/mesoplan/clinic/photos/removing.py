"""Deleted photos go by themselves once nobody can bring them back, also when nobody opens a page any more."""

from __future__ import annotations

import threading

from django.conf import settings
from django.db import connection

from mesoplan.clinic.photos import actions


def remove_in_time() -> None:
    """Wait in the background until what is deleted now can no longer be brought back, then remove it.

    A server that stops before removes it at its next start.
    """
    if settings.PHOTOS_GO_BY_THEMSELVES:
        clock = threading.Timer(settings.PHOTO_UNDO_SECONDS + 1, _remove)
        clock.daemon = True
        clock.start()


def _remove() -> None:
    try:
        actions.remove_deleted(by=None)
    finally:
        connection.close()  # this thread's own
