"""Figures of a forecast in the words of the reader: a chance, a score with its range, the sessions still needed."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mesoplan.clinic.shell.parts import Interval
from mesoplan.clinic.shell.writing import date_text, number_text, quantity_text
from mesoplan.domain.forecast import Forecast, Futility, Range, SessionsNeeded

SMALLEST = 0.01


def chance_text(chance: float) -> str:
    """ "26 %"; never "0 %" or "100 %", because neither is known."""
    if chance < SMALLEST:
        return _("under %(chance)s") % {"chance": quantity_text(1, "%")}
    if chance > 1 - SMALLEST:
        return _("over %(chance)s") % {"chance": quantity_text(99, "%")}
    return quantity_text(round(100 * chance), "%", decimals=0)


def score_text(value: float, unit: str) -> str:
    """A score to one decimal, or what is left of the first one in per cent."""
    return number_text(round(100 * value), decimals=0) if unit == "share" else number_text(value, decimals=1)


def score_interval(middle: float | None, held: Range, unit: str) -> Interval:
    end = "\u202f%" if unit == "share" else ""
    low, high = score_text(held.low, unit), score_text(held.high, unit) + end
    return Interval(value="" if middle is None else score_text(middle, unit) + end, low=low, high=high)


def needed_text(needed: SessionsNeeded | None) -> str:
    """ "2 more sessions", or that it is unlikely; empty where no session is ahead and none was given."""
    if needed is None:
        return ""
    if needed.middle is None:
        return _("Unlikely with this course")
    if needed.middle == 0:
        return _("No more session")
    more = ngettext("%(count)s more session", "%(count)s more sessions", needed.middle)
    return more % {"count": needed.middle}


def needed_range(needed: SessionsNeeded | None) -> str:
    """What holds with a chance of 80 %: "1 to 4"; an open end is said."""
    if needed is None:
        return ""
    if needed.middle is None:
        told = ngettext(
            "the chance stays under 50 %% with %(count)s more session",
            "the chance stays under 50 %% with %(count)s more sessions",
            needed.longest,
        )
        return told % {"count": needed.longest}
    low = needed.middle if needed.low is None else needed.low
    if low == needed.high:
        return _("80 %%: %(low)s") % {"low": low}
    if needed.high is None:
        return _("80 %%: %(low)s to more than %(longest)s") % {"low": low, "longest": needed.longest}
    return _("80 %%: %(low)s to %(high)s") % {"low": low, "high": needed.high}


def judged_text(forecast: Forecast) -> str:
    """From when a score may call the course a success or a failure."""
    if forecast.may_judge:
        return _("It may be judged now: two scores after the first session, and week 8 has passed.")
    day = {"day": date_text(forecast.first_judged_on)} if forecast.first_judged_on else {}
    if forecast.first_judged_on and forecast.first_judged_on > forecast.as_of:
        return _("From %(day)s (week 8), and with two scores after the first session.") % day
    return _("With two scores after the first session; week 8 has passed.")


def futility_text(futility: Futility | None) -> str:
    """Whether going on has little to offer. Before it may be judged nothing is called futile."""
    if futility is None:
        return _("No session is ahead.")
    figures = {"chance": chance_text(futility.chance), "session": futility.session}
    if futility.futile:
        return _("Yes, under 10 %%: %(chance)s by session %(session)s.") % figures
    if not futility.may_judge:
        return _("Too early to say; %(chance)s by session %(session)s.") % figures
    return _("No, 10 %% or more: %(chance)s by session %(session)s.") % figures
