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
    """Made-up patients, one in five assessed and with a draft, written past the audit."""
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
    Plan.objects.bulk_create(
        Plan(course=course, assessment=seen, plan={}, started_by=by, changed_by=by)
        for course, seen in zip(courses, assessments, strict=True)
    )
    return time.perf_counter() - began


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
