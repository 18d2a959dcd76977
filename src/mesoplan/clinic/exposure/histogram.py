"""The exposure-volume histogram of one zone in words, for who does not see its drawing."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from mesoplan.clinic.shell.writing import number_text
from mesoplan.domain.exposure import HistogramStep

_NAMED = (0.25, 0.5, 1.0, 1.5, 2.0)


def histogram_words(steps: Sequence[HistogramStep]) -> str:
    """Some of its steps, the least share first."""
    parts = [
        _("%(percent)s %% gets at least %(share)s of the mean")
        % {"percent": number_text(100 * one.reached.middle, decimals=0), "share": number_text(one.share)}
        for one in steps
        if one.share in _NAMED
    ]
    return "; ".join(parts)
