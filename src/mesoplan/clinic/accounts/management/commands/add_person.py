from __future__ import annotations

from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from mesoplan.clinic.accounts.actions import add_person
from mesoplan.clinic.accounts.models import User
from mesoplan.workflow import Role


class Command(BaseCommand):
    help = "Add a person who logs in; the first of a clinic is a manager, who adds the others in the browser."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email")
        parser.add_argument("--name", help="as printed on signed plans")
        parser.add_argument("--role", choices=[role.value for role in Role], default=Role.MANAGER.value)

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"] or input("E-mail: ")
        name = options["name"] or input("Name as printed on signed plans: ")
        password = getpass("Password (12 characters or more): ")
        try:
            validate_email(email)
            validate_password(password, User(email=email, printed_name=name))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError(f"{email} can log in already.")
        add_person(email=email, printed_name=name, role=Role(options["role"]), password=password, by=None)
        self.stdout.write(f"{name} can log in with {email}.")
