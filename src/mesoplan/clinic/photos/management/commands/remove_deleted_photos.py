"""Take away photos whose time to be brought back is over, and files that no photo knows of."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from mesoplan.clinic.photos import keeping
from mesoplan.clinic.photos.actions import remove_deleted
from mesoplan.clinic.photos.models import PhotoFile


class Command(BaseCommand):
    help = "Remove deleted photos for good, and files that no photo knows of. Run it by the clock, or by hand."

    def handle(self, *args: Any, **options: Any) -> None:
        photos = remove_deleted(by=None)
        left = keeping.forgotten(set(PhotoFile.objects.values_list("name", flat=True)))
        for path in left:
            path.unlink()
        if options["verbosity"]:
            self.stdout.write(f"{photos} photos removed, {len(left)} forgotten files removed.")
