"""How long a page takes with 10,000 patients in SQLite: the server's own time, and over HTTP from this machine.

python benchmarks/pages.py [--patients 10000] [--rounds 60]
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.client import HTTPConnection
from statistics import quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mesoplan.clinic.accounts.models import User
    from mesoplan.clinic.courses.models import Plan

FIRST = (
    "Camille",
    "Daniel",
    "Maria",
    "Leïla",
    "Petra",
    "Siobhán",
    "Chloé",
    "Mehmet",
    "Ana",
    "Lucía",
    "Élodie",
    "Björn",
)
LAST = ("Lefèvre", "Okafor", "Bianchi", "Haddad", "Novák", "Roy", "Garnier", "Weber", "Dubois", "García", "Müller")
PAGES = {
    "Today": "/today",
    "patients, first page": "/patients",
    "patients, page 100": "/patients?page=100",
    "search, 2 letters": "/patients?q=le",
    "search, name and year": "/patients?q=lefevre+cam+1985",
    "search, phone": "/patients?q=061234",
    "search, nobody": "/patients?q=zzzz",
    "one patient": "/patients/{ref}",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "MESOPLAN_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "mesoplan.clinic.settings",
            "MESOPLAN_DEMO": "1",
        }
        from mesoplan.clinic.serve import prepare

        prepare(demo=True)
        took = fill(options.patients)
        print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        print(f"{options.patients} patients in SQLite, filled in {took:.0f} s; {options.rounds} rounds\n")
        measure(options.rounds)


def fill(count: int) -> float:
    """Made-up patients, one in five assessed and with a plan: half of them drafts, half signed, one in twenty of these
    with an assessment that was changed later. Written past the audit."""
    from mesoplan.clinic.accounts.models import User
    from mesoplan.clinic.courses.models import Assessment, Course, Plan
    from mesoplan.clinic.patients.models import Patient, PatientWord
    from mesoplan.clinic.patients.queries import search_words, sort_key_of

    began, chance, by = time.perf_counter(), random.Random(7), User.objects.get(role="dermatologist")
    people = []
    for number in range(count):
        name = f"{chance.choice(LAST)}-{chance.choice(LAST)} {number % 97}, {chance.choice(FIRST)}"
        born = date(1940, 1, 1) + timedelta(days=chance.randrange(24_000))
        phone = f"+33 6 {chance.randrange(10**8):08d}"
        people.append(
            Patient(
                full_name=name,
                sort_key=sort_key_of(name),
                birth_date=born,
                phone=phone,
                record_number=f"B-{number}",
                added_by=by,
            )
        )
    Patient.objects.bulk_create(people, batch_size=500)
    words = (PatientWord(patient=each, word=word) for each in people for word in search_words(each))
    PatientWord.objects.bulk_create(words, batch_size=2000)
    treated = people[::5]
    assessments = Assessment.objects.bulk_create(
        [
            Assessment(patient=each, case={"patient": {"weight": "62 kg"}}, recorded_by=by, changed_by=by)
            for each in treated
        ]
    )
    courses = Course.objects.bulk_create([Course(patient=each, goal="Halve mMASI", opened_by=by) for each in treated])
    plans = Plan.objects.bulk_create(
        Plan(course=course, assessment=seen, plan={}, started_by=by, changed_by=by)
        for course, seen in zip(courses, assessments, strict=True)
    )
    sign(plans[::2], by)
    return time.perf_counter() - began


def sign(plans: list[Plan], by: User) -> None:
    """Six sessions and three days to score for each, the first within the last four weeks or the next four."""
    from django.utils import timezone

    from mesoplan.clinic.courses.models import Assessment, Plan, PlannedDay, Revision, Signature
    from mesoplan.clinic.courses.planned_days import days_of

    now, padding = timezone.now(), {"points": [[0.123456] * 5] * 300}  # about as long as a real plan
    made = []
    for number, plan in enumerate(plans):
        days = [(now + timedelta(days=number % 56 - 28 + 28 * each)).date().isoformat() for each in range(6)]
        content = {**padding, "schedule": {"sessions": days, "score_on": days[::2]}}
        kept = {"case": plan.assessment.case, "content": content, "evaluation": {}, "content_hash": "ab" * 32}
        basis = {"knowledge_release": "2026.11", "knowledge_sha256": "ab" * 32, "engine": "0.1.0"}
        made.append(Revision(plan=plan, number=1, made_by=by, **kept, **basis))
    revisions = Revision.objects.bulk_create(made)
    PlannedDay.objects.bulk_create(day for each in revisions for day in days_of(each))
    Signature.objects.bulk_create(
        Signature(revision=each, signed_at=now, signed_by=by, printed_name="A", meaning="m", bound_hash="ab" * 32)
        for each in revisions
    )
    Plan.objects.filter(pk__in=[plan.pk for plan in plans]).update(state="signed")
    Assessment.objects.filter(pk__in=[plan.assessment_id for plan in plans]).update(changed_at=now - timedelta(days=60))
    changed = [plan.assessment_id for plan in plans[::20]]
    later = now + timedelta(seconds=1)
    Assessment.objects.filter(pk__in=changed).update(changed_at=later, case={"patient": {"weight": "64 kg"}})


def measure(rounds: int) -> None:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import Client

    from mesoplan.clinic.accounts.models import User
    from mesoplan.clinic.patients.models import Patient

    person = User.objects.get(role="dermatologist")
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.save()
    refs = list(Patient.objects.order_by("?").values_list("ref", flat=True)[:rounds])
    print(f"{'':<24}{'inside, ms':>18}{'HTTP, ms':>18}\n{'page':<24}{'p50':>9}{'p95':>9}{'p50':>9}{'p95':>9}")
    with served() as connection:
        cookie = {"Cookie": f"sessionid={session.session_key}"}
        for name, path in PAGES.items():
            inside = timed(rounds, lambda n, path=path: client.get(path.format(ref=refs[n % len(refs)])).status_code)
            http = timed(rounds, lambda n, path=path: fetch(connection, path.format(ref=refs[n % len(refs)]), cookie))
            print(f"{name:<24}{inside[0]:>9.1f}{inside[1]:>9.1f}{http[0]:>9.1f}{http[1]:>9.1f}")


def timed(rounds: int, ask: Callable[[int], int]) -> tuple[float, float]:
    """Median and 95th percentile in ms, after three rounds that warm what is kept."""
    taken = []
    for n in range(-3, rounds):
        began = time.perf_counter()
        status = ask(n)
        taken.append((time.perf_counter() - began) * 1000)
        assert status == 200, status
    cut = quantiles(taken[3:], n=20)
    return cut[9], cut[18]


@contextmanager
def served() -> Iterator[HTTPConnection]:
    """The clinic behind the server that it is served by."""
    import waitress

    from mesoplan.clinic.wsgi import application

    server = waitress.create_server(application, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    connection = HTTPConnection("localhost", server.effective_port)
    yield connection
    connection.close()
    server.close()


def fetch(connection: HTTPConnection, path: str, headers: dict[str, str]) -> int:
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    return response.status


if __name__ == "__main__":
    main()
