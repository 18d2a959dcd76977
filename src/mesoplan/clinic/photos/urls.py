from __future__ import annotations

from django.urls import path, register_converter

from mesoplan.clinic.photos.addresses import AddressConverter
from mesoplan.clinic.photos.views import (
    adding,
    card_marking,
    clicking,
    comparing,
    consenting,
    deleting,
    files,
    ghosts,
    listing,
    one_set,
    outlining,
    planning,
)

register_converter(AddressConverter, "photo_address")
app_name = "photos"

urlpatterns = [
    path("patients/<str:ref>/photos", listing.photos, name="photos"),
    path("patients/<str:ref>/photos/add", adding.add, name="add"),
    path("patients/<str:ref>/photos/add-zone", outlining.add_zone, name="add_zone"),
    path("patients/<str:ref>/photos/compare", comparing.compare, name="compare"),
    path("patients/<str:ref>/photos/consent", consenting.consent, name="consent"),
    path("patients/<str:ref>/photos/consent/<int:pk>/withdraw", consenting.withdraw, name="withdraw"),
    path("patients/<str:ref>/face/template", planning.template, name="template"),
    path("photo-sets/<photo_address:address>", one_set.photo_set, name="set"),
    path("photo-sets/<photo_address:address>/add", adding.add_to_set, name="add_to_set"),
    path("photo-sets/<photo_address:address>/measure", one_set.measure, name="measure"),
    path("photo-sets/<photo_address:address>/use", planning.use, name="use"),
    path("photos/<photo_address:address>/delete", deleting.delete, name="delete"),
    path("photos/<photo_address:address>/bring-back", deleting.bring_back, name="bring_back"),
    path("photos/<photo_address:address>/clicks", clicking.clicks, name="clicks"),
    path("photos/<photo_address:address>/outline", outlining.outline, name="outline"),
    path("photos/<photo_address:address>/card", card_marking.card, name="card"),
    path("photos/<photo_address:earlier>/<photo_address:later>/<str:name>", comparing.part, name="compared"),
    path("photos/<photo_address:address>/ghost", ghosts.ghost, name="ghost"),
    path("photos/<photo_address:address>/<str:role>", files.file, name="file"),
]
