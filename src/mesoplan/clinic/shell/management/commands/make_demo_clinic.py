from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mesoplan.clinic.demo import PASSWORD, make_demo_clinic


class Command(BaseCommand):
    help = "Fill an empty demo clinic with made-up people and patients."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set MESOPLAN_DEMO=1: a demo is kept apart from the clinic's own patients.")
        made = make_demo_clinic()
        self.stdout.write(f"Made. Password of all: {PASSWORD}" if made else "There are people in it already.")
