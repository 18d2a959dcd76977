"""What the values of an evaluation are called in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, ngettext_lazy

from mesoplan.domain.evaluation import LandingClass, Measure, PairVerdict
from mesoplan.domain.finding import Severity

COUNT_WORDS = {
    Severity.BLOCK: ngettext_lazy("%(count)s block", "%(count)s blocks", "count"),
    Severity.WAIT: ngettext_lazy("%(count)s wait", "%(count)s waits", "count"),
    Severity.WARN: ngettext_lazy("%(count)s warning", "%(count)s warnings", "count"),
    Severity.INFO: ngettext_lazy("%(count)s note", "%(count)s notes", "count"),
}
LANDING_WORDS = {
    LandingClass.EPIDERMAL: gettext_lazy("in the epidermis"),
    LandingClass.DERMAL: gettext_lazy("in the dermis"),
    LandingClass.DERMAL_OR_SUBDERMAL: gettext_lazy("in the dermis or below it: the skin's range does not tell"),
    LandingClass.SUBDERMAL: gettext_lazy("below the dermis"),
    LandingClass.NOT_ASSESSABLE: gettext_lazy("not assessable"),
}
LAYER_WORDS = {
    "epidermis": gettext_lazy("epidermis"),
    "dermis": gettext_lazy("dermis"),
    "fat": gettext_lazy("fat"),
}
SKIN_WORDS = {
    "measured": gettext_lazy("measured on this patient"),
    "sex-and-age": gettext_lazy("studies of this sex and age"),
    "all-studies": gettext_lazy("all studies of the zone"),
    "unknown": gettext_lazy("outer bounds; no study of this zone"),
}
TARGET_WORDS = {
    "epidermis": gettext_lazy("epidermis"),
    "upper-dermis": gettext_lazy("upper dermis"),
    "dermis": gettext_lazy("dermis"),
    "subcutis": gettext_lazy("subcutis"),
}
VERDICT_WORDS = {
    PairVerdict.COMPATIBLE: gettext_lazy("compatible"),
    PairVerdict.INCOMPATIBLE: gettext_lazy("incompatible"),
    PairVerdict.USED_IN_TRIAL: gettext_lazy("used in a trial; stability not shown"),
    PairVerdict.UNKNOWN: gettext_lazy("no data, which counts as incompatible"),
}
MEASURE_WORDS = {
    Measure.POINT: gettext_lazy("In one point"),
    Measure.AREA: gettext_lazy("On each cm²"),
    Measure.SESSION: gettext_lazy("In one session"),
    Measure.COURSE: gettext_lazy("Over the course"),
    Measure.BODY_WEIGHT: gettext_lazy("For each kg of body weight"),
    Measure.CONCENTRATION: gettext_lazy("As concentration"),
    Measure.PUNCTURES: gettext_lazy("Points in one session"),
}
