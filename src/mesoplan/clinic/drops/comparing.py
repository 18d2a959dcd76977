"""Two settings side by side: the one that was pinned and the present one, told apart over the same draws or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.drops.addresses import address_of, pinned_query
from mesoplan.clinic.drops.fields import in_words, read_setting
from mesoplan.clinic.drops.page import drop_context, reach_context
from mesoplan.clinic.shell.writing import number_text
from mesoplan.kernels.coverage_interval import Interval
from mesoplan.planning.drop import skin_layers
from mesoplan.planning.drop_view import DropSetting, skin_tried
from mesoplan.planning.lattice_view import LatticeNodes, coverage_gained, lattice_nodes


@dataclass(frozen=True)
class Comparison:
    """The pinned setting as a page draws it, where to go back to it, and what the difference is."""

    pinned: Mapping[str, Any]
    title: str
    address: str
    said: str


def comparison(setting: DropSetting, query: Mapping[str, str]) -> Comparison | None:
    """None where nothing is pinned, or what was pinned cannot be read."""
    other = pinned_query(query)
    if other is None:
        return None
    pinned = read_setting(other, knowledge_base.current())
    if pinned.setting is None:
        return None
    drawn = {**drop_context(pinned, {}), **reach_context(pinned.setting, with_interval=True)}
    said = _difference(pinned.setting, setting)
    return Comparison(drawn, in_words(pinned.setting), address_of(pinned.texts), said)


def _difference(pinned: DropSetting, present: DropSetting) -> str:
    if pinned.solute != present.solute:
        return _("Coverages of two substances are not compared: what is not known of one says nothing of the other.")
    first, second = ((one, _nodes(one)) for one in (pinned, present))
    gained, differs = coverage_gained(first, second)
    said = {"gained": signed(gained.middle), "range": _range(gained)}
    if differs:
        return _("Present against pinned: %(gained)s points of coverage (%(range)s). They differ.") % said
    return _("Present against pinned: %(gained)s points of coverage (%(range)s). They cannot be told apart.") % said


def _nodes(setting: DropSetting) -> LatticeNodes:
    return lattice_nodes(setting, skin_layers(skin_tried(setting, knowledge_base.current())))


def signed(share: float) -> str:
    """Points with their sign: “+14”, “−3”."""
    number = number_text(100 * share, decimals=0)
    return f"+{number}" if round(100 * share) > 0 else number


def _range(found: Interval) -> str:
    return _("%(low)s to %(high)s") % {"low": signed(found.low), "high": signed(found.high)}
