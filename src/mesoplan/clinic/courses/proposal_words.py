"""What the planner's choices, doses and evidence are called in the reader's language, side by side."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from mesoplan.domain.evaluation import Measure

DIRECTION_WORDS = {
    "positive": pgettext_lazy("evidence", "positive"),
    "conflicting": pgettext_lazy("evidence", "conflicting"),
    "none": pgettext_lazy("evidence", "no controlled trial"),
    "negative": pgettext_lazy("evidence", "negative"),
}
LINE_WORDS = {
    "positive": pgettext_lazy("trial", "benefit"),
    "negative": pgettext_lazy("trial", "no benefit"),
    "neutral": pgettext_lazy("trial", "no difference"),
    "mixed": pgettext_lazy("trial", "mixed"),
}
DOSE_WORDS = {
    Measure.SESSION: gettext_lazy("%(compound)s, session"),
    Measure.BODY_WEIGHT: gettext_lazy("%(compound)s, each kg"),
    Measure.COURSE: gettext_lazy("%(compound)s, course"),
}
CHOICE_WORDS = {
    "concentration": gettext_lazy("Concentration"),
    "containers": gettext_lazy("Containers"),
    "coverage": gettext_lazy("Coverage"),
    "depth": gettext_lazy("Depth"),
    "diluent": gettext_lazy("Diluent"),
    "points": gettext_lazy("Points"),
    "protocol": gettext_lazy("Protocol"),
    "schedule": gettext_lazy("Schedule"),
    "syringe size": gettext_lazy("Syringe size"),
    "syringes": gettext_lazy("Syringes"),
    "volume": gettext_lazy("Volume"),
    "zones": gettext_lazy("Zones"),
}
"""What a reason of the planner is about."""
