"""What the audit's acts and things are called on a page. The entries themselves are kept in English."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

ACTS = {
    "add_factor": pgettext_lazy("audit", "add factor"),
    "add_patient": pgettext_lazy("audit", "add patient"),
    "add_person": pgettext_lazy("audit", "add person"),
    "add_photos": pgettext_lazy("audit", "add photos"),
    "amend_assessment": pgettext_lazy("audit", "amend assessment"),
    "answer_open_questions": pgettext_lazy("audit", "answer open questions"),
    "bring_back_photo": pgettext_lazy("audit", "bring back photo"),
    "change_role": pgettext_lazy("audit", "change role"),
    "choose_face": pgettext_lazy("audit", "choose face"),
    "choose_language": pgettext_lazy("audit", "choose language"),
    "choose_look": pgettext_lazy("audit", "choose look"),
    "close_account": pgettext_lazy("audit", "close account"),
    "delete_photo": pgettext_lazy("audit", "delete photo"),
    "edit_patient_contact": pgettext_lazy("audit", "edit patient contact"),
    "keep_proposals": pgettext_lazy("audit", "keep proposals"),
    "learn_from_courses": pgettext_lazy("audit", "learn from own courses"),
    "log_in": pgettext_lazy("audit", "log in"),
    "log_in_refused": pgettext_lazy("audit", "log in refused"),
    "log_out": pgettext_lazy("audit", "log out"),
    "make_recovery_codes": pgettext_lazy("audit", "make recovery codes"),
    "mark_card": pgettext_lazy("audit", "mark card"),
    "measure_photos": pgettext_lazy("audit", "measure photos"),
    "open_course": pgettext_lazy("audit", "open course"),
    "override_finding": pgettext_lazy("audit", "override finding"),
    "outline_zone": pgettext_lazy("audit", "outline zone"),
    "place_points": pgettext_lazy("audit", "place points"),
    "print_plan": pgettext_lazy("audit", "print plan"),
    "record_photo_consent": pgettext_lazy("audit", "record photo consent"),
    "record_score": pgettext_lazy("audit", "record score"),
    "refused_signature": pgettext_lazy("audit", "refused signature"),
    "remove_factor": pgettext_lazy("audit", "remove factor"),
    "remove_photo": pgettext_lazy("audit", "remove photo"),
    "require_factor": pgettext_lazy("audit", "require factor"),
    "reset_factors": pgettext_lazy("audit", "reset factors"),
    "review_value": pgettext_lazy("audit", "review value"),
    "save_assessment": pgettext_lazy("audit", "save assessment"),
    "save_draft": pgettext_lazy("audit", "save draft"),
    "see": pgettext_lazy("audit", "see"),
    "session_ended": pgettext_lazy("audit", "session ended"),
    "sign_assessment": pgettext_lazy("audit", "sign assessment"),
    "sign_plan": pgettext_lazy("audit", "sign plan"),
    "start_assessment": pgettext_lazy("audit", "start assessment"),
    "start_plan": pgettext_lazy("audit", "start plan"),
    "start_revision": pgettext_lazy("audit", "start revision"),
    "supersede_plan": pgettext_lazy("audit", "supersede plan"),
    "take_back_answers": pgettext_lazy("audit", "take back answers"),
    "take_back_review": pgettext_lazy("audit", "take back review"),
    "use_area": pgettext_lazy("audit", "use area"),
    "void_plan": pgettext_lazy("audit", "void plan"),
    "void_score": pgettext_lazy("audit", "void score"),
    "withdraw_photo_consent": pgettext_lazy("audit", "withdraw photo consent"),
}

THINGS = {
    "assessment": pgettext_lazy("audit", "assessment"),
    "comparison of course": pgettext_lazy("audit", "comparison of course"),
    "consent": pgettext_lazy("audit", "consent"),
    "contact": pgettext_lazy("audit", "contact"),
    "course": pgettext_lazy("audit", "course"),
    "fit of own courses": pgettext_lazy("audit", "fit of own courses"),
    "forecast of course": pgettext_lazy("audit", "forecast of course"),
    "log-in": pgettext_lazy("audit", "log-in"),
    "overridereason": pgettext_lazy("audit", "override"),
    "patient": pgettext_lazy("audit", "patient"),
    "person": pgettext_lazy("audit", "person"),
    "photo": pgettext_lazy("audit", "photo"),
    "photo set": pgettext_lazy("audit", "set of photos"),
    "photos": pgettext_lazy("audit", "photos"),
    "plan": pgettext_lazy("audit", "plan"),
    "proposals": pgettext_lazy("audit", "proposals"),
    "proposalset": pgettext_lazy("audit", "set of proposals"),
    "record": pgettext_lazy("audit", "record"),
    "review": pgettext_lazy("audit", "review"),
    "role": pgettext_lazy("audit", "role"),
    "score": pgettext_lazy("audit", "score"),
}


def words_of(act: str) -> str:
    """ "sign plan"; an act of an older release, which this one does not know, as it was written."""
    known = ACTS.get(act)
    return str(known) if known else act.replace("_", " ")


def words_of_thing(thing: str) -> str:
    """ "plan 12": the kind of thing in the reader's language, its number as it is."""
    kind, _, number = thing.rpartition(" ")
    known = THINGS.get(kind or thing)
    return f"{known} {number}" if known and kind else str(known) if known else thing
