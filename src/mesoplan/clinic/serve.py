"""`mesoplan serve`: bring the database up to date, make the demo if asked, and serve over HTTP on this
machine."""

from __future__ import annotations

import os

HOST = "127.0.0.1"
THREADS = 6
PHOTOS_AT_ONCE = 3


def run(*, demo: bool, port: int) -> None:
    """Serve until interrupted. `demo` opens a clinic of its own with made-up people, apart from any real
    one."""
    prepare(demo=demo)
    import waitress

    from mesoplan.clinic.wsgi import application
    from mesoplan.imaging.picture_reading import MOST_BYTES

    # Three photos and the form around them: what is larger is refused before it is read to its end.
    largest = PHOTOS_AT_ONCE * MOST_BYTES + 1_000_000
    server = waitress.create_server(
        application, host=HOST, port=port, threads=THREADS, ident="mesoplan", max_request_body_size=largest
    )
    warm_up()
    # By its name, because a browser keeps passkeys for names and not for numbers.
    print(welcome(demo=demo, address=f"http://localhost:{port}"), flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()


def prepare(*, demo: bool) -> None:
    """Settings, migrations, demo: everything that must be there before the first page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mesoplan.clinic.settings")
    if demo:
        os.environ["MESOPLAN_DEMO"] = "1"
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA.mkdir(parents=True, exist_ok=True)
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("remove_deleted_photos", verbosity=0)
    if demo:
        from mesoplan.clinic.demo import make_demo_clinic

        make_demo_clinic()


def warm_up() -> None:
    """Read the knowledge base and shade the three heads once, so that nobody's first page waits for it."""
    from mesoplan.clinic import knowledge_base
    from mesoplan.imaging.face_view import View
    from mesoplan.imaging.head_shape import head_picture

    knowledge_base.current()
    for view in View:
        head_picture(view)


def welcome(*, demo: bool, address: str) -> str:
    """What stands in the terminal once the clinic is open."""
    from mesoplan.clinic.accounts.models import User
    from mesoplan.clinic.demo import PASSWORD, PEOPLE

    lines = [f"Mesoplan is open at {address}", "Stop it with Ctrl-C.", ""]
    if demo:
        lines += ["Demo clinic; every person and patient in it is made up.", f"Password of all: {PASSWORD}", ""]
        lines += [f"  {each.email:<22} {each.printed_name}, {each.role.label.lower()}" for each in PEOPLE]
    elif not User.objects.exists():
        lines += [
            "No one can log in yet. Add the first person, who can add the others:",
            "  python -m django add_person --settings mesoplan.clinic.settings",
        ]
    return "\n".join(lines)
