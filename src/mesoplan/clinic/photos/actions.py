"""Every write about photos. Each leaves its audit entry in the same transaction; files follow the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from mesoplan.clinic.accounts.models import User
from mesoplan.clinic.audit.chain import record
from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import consents, keeping, planning_area, planning_face
from mesoplan.clinic.photos.measuring import Document, face_together
from mesoplan.clinic.photos.models import Photo, PhotoConsent, PhotoFile, PhotoSet, Purpose
from mesoplan.clinic.photos.preparing import Measured, Scale, Taken
from mesoplan.clinic.photos.skin_colours import check_takes_grey_card
from mesoplan.clinic.photos.zone_photos import outlined
from mesoplan.workflow import Act, WrongState, check_may

NO_CONSENT = gettext_noop("No photo is kept without the patient’s consent. Record it first.")
WITHDRAWN_ALREADY = gettext_noop("This consent was withdrawn already.")
NO_ROOM = gettext_noop("This set has such a view already. Delete that photo first.")
GONE = gettext_noop("This photo can no longer be brought back.")
NOT_FOR_PLANNING = gettext_noop("The patient did not agree to planning with photos. Record that consent first.")
NO_AREA = gettext_noop("This photo gives no area yet. Set the corners of the zone on it.")
NO_FACE = gettext_noop("These photos do not make one face yet. What is missing stands on their page.")


@transaction.atomic
def record_consent(*, patient: Patient, purposes: Iterable[Purpose], given_on: date, by: User) -> list[PhotoConsent]:
    """The patient agreed to these; what stands already is left as it is."""
    check_may(Act.ADD_PHOTOS, by.workflow_role)
    known = consents.standing(patient)
    given = [
        PhotoConsent.objects.create(patient=patient, purpose=purpose, given_on=given_on, recorded_by=by)
        for purpose in Purpose
        if purpose in set(purposes) and purpose not in known
    ]
    after = {consent.purpose: given_on.isoformat() for consent in given}
    _record(by, "record_photo_consent", f"patient {patient.ref}", patient, after=after)
    return given


@transaction.atomic
def withdraw_consent(*, consent: PhotoConsent, withdrawn_on: date, delete: bool, by: User) -> PhotoConsent:
    """The patient takes a consent back. `delete`: the photos that nobody agrees to any more go too."""
    check_may(Act.ADD_PHOTOS, by.workflow_role)
    rows = PhotoConsent.objects.select_for_update(of=("self",)).select_related("patient")
    stored = rows.get(pk=consent.pk)
    if stored.withdrawn_at is not None:
        raise WrongState(WITHDRAWN_ALREADY)
    stored.withdrawn_on, stored.withdrawn_at, stored.withdrawn_by = withdrawn_on, timezone.now(), by
    stored.save()
    told = {"purpose": stored.purpose, "withdrawn_on": withdrawn_on.isoformat(), "photos_deleted": delete}
    _record(by, "withdraw_photo_consent", str(stored), stored.patient, after=told)
    planning_face.leave_unless_agreed(stored.patient, by)
    if delete and not consents.may_be_kept(stored.patient):
        for photo in Photo.objects.filter(photo_set__patient=stored.patient, deleted_at__isnull=True):
            delete_photo(photo=photo, by=by)
    return stored


def add_photos(
    *, patient: Patient, taken: Sequence[Taken], scale: Scale, taken_on: date, by: User, into: PhotoSet | None = None
) -> PhotoSet:
    """Keep photos that were read: as a new set, or in the open places of one. Where it is refused their files go."""
    try:
        check_may(Act.ADD_PHOTOS, by.workflow_role)
        with transaction.atomic():
            return _add(patient, taken, scale, taken_on, by, into)
    except BaseException:
        keeping.remove(name for one in taken for name in one.names)
        raise


def _add(
    patient: Patient, taken: Sequence[Taken], scale: Scale, taken_on: date, by: User, into: PhotoSet | None
) -> PhotoSet:
    if not consents.may_be_kept(patient):
        raise WrongState(NO_CONSENT)
    photo_set = into or PhotoSet.objects.create(
        patient=patient,
        taken_on=taken_on,
        sticker_mm=scale.sticker_mm,
        interpupillary_mm=scale.interpupillary_mm,
        colour_card=scale.colour_card,
        added_by=by,
    )
    if photo_set.photos.filter(view__in=[one.view for one in taken], deleted_at__isnull=True).exists():
        raise WrongState(NO_ROOM)
    for one in taken:
        photo = Photo.objects.create(
            photo_set=photo_set,
            view=one.view,
            width_px=one.width_px,
            height_px=one.height_px,
            added_by=by,
            **asdict(one.found),
        )
        for file in one.files:
            PhotoFile.objects.create(photo=photo, role=file.role, media_type=file.media_type, **asdict(file.kept))
    after = {"photos": [one.view for one in taken], "taken_on": photo_set.taken_on.isoformat(), **scale.for_photo()}
    _record(by, "add_photos", str(photo_set), patient, after=after)
    return photo_set


@transaction.atomic
def measure_again(*, photo_set: PhotoSet, scale: Scale, found: Mapping[int, Measured], by: User) -> PhotoSet:
    """Keep another scale of a set and what it makes of each photo, by the photo's number."""
    check_may(Act.ADD_PHOTOS, by.workflow_role)
    stored = PhotoSet.objects.select_for_update(of=("self",)).select_related("patient").get(pk=photo_set.pk)
    before = {"sticker_mm": stored.sticker_mm, "interpupillary_mm": stored.interpupillary_mm}
    stored.sticker_mm, stored.interpupillary_mm = scale.sticker_mm, scale.interpupillary_mm
    stored.colour_card = scale.colour_card
    stored.save()
    for photo in stored.photos.filter(pk__in=found, deleted_at__isnull=True):
        for name, value in asdict(found[photo.pk]).items():
            setattr(photo, name, value)
        photo.save()
    _record(by, "measure_photos", str(stored), stored.patient, before=before, after=scale.for_photo())
    return stored


@transaction.atomic
def place_points(*, photo: Photo, places: Sequence[tuple[float, float]], by: User) -> Photo:
    """Keep the six places that somebody set on a photo on which no face was found."""
    check_may(Act.ADD_PHOTOS, by.workflow_role)
    stored = _locked(photo)
    stored.clicks = [[round(x, 1), round(y, 1)] for x, y in places]
    stored.save()
    _record(by, "place_points", str(stored), stored.photo_set.patient, after={"points": len(stored.clicks)})
    return stored


@transaction.atomic
def mark_card(*, photo: Photo, places: Sequence[tuple[float, float]], colours: Document, by: User) -> Photo:
    """Keep two opposite corners of the grey card on a photo, and the colours of the skin by it."""
    check_may(Act.ADD_PHOTOS, by.workflow_role)
    stored = _locked(photo)
    check_takes_grey_card(stored)
    stored.card_clicks, stored.colours = [[round(x, 1), round(y, 1)] for x, y in places], colours
    stored.save()
    after = {"corners": len(stored.card_clicks), "zones": len(colours.get("zones", {}))}
    _record(by, "mark_card", str(stored), stored.photo_set.patient, after=after)
    return stored


@transaction.atomic
def use_face(*, photo_set: PhotoSet, by: User) -> None:
    """Plan the open assessment on the face of these photos."""
    check_may(Act.PREFILL_ASSESSMENT, by.workflow_role)
    if Purpose.PLANNING not in consents.standing(photo_set.patient):
        raise WrongState(NOT_FOR_PLANNING)
    face = face_together(photo_set, list(photo_set.photos.filter(deleted_at__isnull=True))).record
    if face is None:
        raise WrongState(NO_FACE)
    planning_face.choose(photo_set.patient, face, by)


@transaction.atomic
def outline_zone(*, photo: Photo, corners: Sequence[tuple[float, float]], by: User) -> Photo:
    """Keep the edge of a zone of neck or body as it was set on its photo."""
    check_may(Act.ADD_PHOTOS, by.workflow_role)
    stored = _locked(photo)
    stored.clicks = [[round(x, 1), round(y, 1)] for x, y in corners]
    stored.save()
    after = {"zone": stored.view, "corners": len(stored.clicks)}
    _record(by, "outline_zone", str(stored), stored.photo_set.patient, after=after)
    return stored


@transaction.atomic
def use_area(*, photo: Photo, by: User) -> None:
    """The open assessment takes the area that is outlined on a photo of a zone."""
    check_may(Act.PREFILL_ASSESSMENT, by.workflow_role)
    stored = _locked(photo)
    patient = stored.photo_set.patient
    if Purpose.PLANNING not in consents.standing(patient):
        raise WrongState(NOT_FOR_PLANNING)
    found = outlined(stored, stored.clicks).area if stored.is_of_zone else None
    if found is None:
        raise WrongState(NO_AREA)
    planning_area.write(stored, found, by)
    after = {"zone": stored.view, "area_cm2": round(found.area_cm2, 1), "error": round(found.relative_error, 3)}
    _record(by, "use_area", str(stored), patient, after=after)


@transaction.atomic
def use_template(*, patient: Patient, by: User) -> None:
    """Plan the open assessment on the template again."""
    check_may(Act.PREFILL_ASSESSMENT, by.workflow_role)
    planning_face.choose(patient, None, by)


@transaction.atomic
def delete_photo(*, photo: Photo, by: User) -> Photo:
    """Out of sight at once, gone when it can no longer be brought back."""
    check_may(Act.DELETE_PHOTOS, by.workflow_role)
    stored = _locked(photo)
    if stored.deleted_at is None:
        stored.deleted_at, stored.deleted_by = timezone.now(), by
        stored.save()
        _record(by, "delete_photo", str(stored), stored.photo_set.patient, after={"view": stored.view})
    return stored


@transaction.atomic
def bring_back_photo(*, photo: Photo, by: User) -> Photo:
    """Undo of `delete_photo`, for some minutes and as long as its place is free."""
    check_may(Act.DELETE_PHOTOS, by.workflow_role)
    stored = _locked(photo)
    if stored.deleted_at is None:
        return stored
    if stored.deleted_at <= _last_moment():
        raise WrongState(GONE)
    if stored.photo_set.photos.filter(view=stored.view, deleted_at__isnull=True).exists():
        raise WrongState(NO_ROOM)
    stored.deleted_at = stored.deleted_by = None
    stored.save()
    _record(by, "bring_back_photo", str(stored), stored.photo_set.patient, after={"view": stored.view})
    return stored


def remove_deleted(*, by: User | None) -> int:
    """Take away for good what was deleted and can no longer be brought back: rows, files and measurements.

    Asks before it opens a write, for every page of photos calls it.
    """
    if not Photo.objects.filter(deleted_at__lte=_last_moment()).exists():
        return 0
    with transaction.atomic():
        return _remove_deleted(by)


def _remove_deleted(by: User | None) -> int:
    rows = Photo.objects.select_for_update(of=("self",)).select_related("photo_set__patient")
    gone = list(rows.filter(deleted_at__lte=_last_moment()))
    names = list(PhotoFile.objects.filter(photo__in=gone).values_list("name", flat=True))
    PhotoFile.objects.filter(photo__in=gone).delete()
    for photo in gone:
        thing, photo_set = str(photo), photo.photo_set
        photo.delete()
        _record(by, "remove_photo", thing, photo_set.patient, after={"view": photo.view})
        if not photo_set.photos.exists():
            photo_set.delete()
    # After the rows: a file without a row is found and removed later, a row without its file would be a broken photo.
    transaction.on_commit(lambda: keeping.remove(names))
    return len(gone)


def _last_moment() -> Any:
    return timezone.now() - timedelta(seconds=settings.PHOTO_UNDO_SECONDS)


def _locked(photo: Photo) -> Photo:
    return Photo.objects.select_for_update(of=("self",)).select_related("photo_set__patient").get(pk=photo.pk)


def _record(
    by: User | None,
    act: str,
    thing: str,
    patient: Patient,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    record(by=by, act=act, thing=thing, patient=patient.ref, before=before, after=after)
