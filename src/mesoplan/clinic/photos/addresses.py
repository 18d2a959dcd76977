"""Finding a set or a photo by its address, for somebody who may see it."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop

from mesoplan.clinic.patients.models import Patient
from mesoplan.clinic.photos import consents
from mesoplan.clinic.photos.models import Photo, PhotoSet
from mesoplan.workflow import WrongState

WITHDRAWN = gettext_noop("The patient no longer agrees to photos, so they are not shown.")


class AddressConverter:
    """160 bits in hexadecimal."""

    regex = "[0-9a-f]{40}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def patient_of(ref: str) -> Patient:
    return get_object_or_404(Patient, ref=ref)


def set_at(address: str) -> PhotoSet:
    """The set; refused where no consent to keep its photos stands."""
    found = get_object_or_404(PhotoSet.objects.select_related("patient", "added_by"), address=address)
    check_shown(found.patient)
    return found


def face_set_at(address: str) -> PhotoSet:
    """The set, if its photos are of the face."""
    found = set_at(address)
    if found.is_of_zone:
        raise Http404("this set is not of a face")
    return found


def photo_at(address: str, *, deleted: bool = False) -> Photo:
    """The photo; one that was deleted only where it is to be brought back."""
    found = get_object_or_404(Photo.objects.select_related("photo_set__patient"), address=address)
    if found.deleted_at is not None and not deleted:
        raise Http404("this photo was deleted")
    return found


def check_shown(patient: Patient) -> None:
    if not consents.may_be_kept(patient):
        raise WrongState(WITHDRAWN)
