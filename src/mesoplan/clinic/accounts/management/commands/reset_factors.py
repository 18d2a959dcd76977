from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mesoplan.clinic.accounts.actions import reset_factors
from mesoplan.clinic.accounts.models import User
from mesoplan.workflow import Refused


class Command(BaseCommand):
    help = "Take away a lost second factor, where no other manager can do it in the browser."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(f"Nobody logs in with {options['email']}.")
        try:
            reset_factors(person=person, by=None)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{person.printed_name} logs in with the password alone until a new one is set up.")
