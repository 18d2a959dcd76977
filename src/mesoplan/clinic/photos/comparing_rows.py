"""What stands in the parts of Before and after: conditions, change maps with their legend, zones."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mesoplan.clinic.photos import comparing_words as words
from mesoplan.clinic.photos.comparing import Layer
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.clinic.shell.writing import number_text
from mesoplan.imaging.change_colours import STEPS, LegendStep, legend
from mesoplan.imaging.change_map import FLOOR, Change, ZoneChange
from mesoplan.imaging.photo_conditions import LIMITS, ConditionFinding, Verdict


@dataclass(frozen=True)
class Told:
    """One condition of two photos."""

    finding: ConditionFinding

    @property
    def title(self) -> str:
        return str(words.TITLES[self.finding.condition])

    @property
    def severity(self) -> str:
        """In the words of findings: refused is a block, not measured is a warning."""
        return {Verdict.REFUSED: "block", Verdict.FINE: "info"}.get(self.finding.verdict, "warn")

    @property
    def verdict(self) -> str:
        return {
            Verdict.FINE: _("Fine"),
            Verdict.WARNED: _("Differs"),
            Verdict.REFUSED: _("Too different"),
            Verdict.NOT_MEASURED: _("Not measured"),
        }[self.finding.verdict]

    @property
    def is_fine(self) -> bool:
        return self.finding.verdict is Verdict.FINE

    @property
    def to_do(self) -> str:
        return words.to_do(self.finding.condition, self.finding.difference)

    @property
    def limits(self) -> str:
        return _("Up to %(fine)s is fine; above %(refused)s photos are not compared.") % {
            "fine": self.fine_up_to,
            "refused": self.refused_above,
        }

    @property
    def difference(self) -> str:
        if self.finding.difference is None:
            return ""
        return words.amount(self.finding.condition, self.finding.difference, signed=True)

    @property
    def measure(self) -> str:
        return words.measure_of(self.finding.condition)

    @property
    def fine_up_to(self) -> str:
        return words.amount(self.finding.condition, LIMITS[self.finding.condition].fine)

    @property
    def refused_above(self) -> str:
        return words.amount(self.finding.condition, LIMITS[self.finding.condition].refused)


@dataclass(frozen=True)
class Swatch:
    """One step of the legend, as SVG."""

    step: LegendStep
    number: int

    @property
    def x(self) -> int:
        return 32 * self.number

    @property
    def fill(self) -> str:
        red, green, blue, _opacity = self.step.rgba
        return f"rgb({red},{green},{blue})"

    @property
    def opacity(self) -> str:
        return f"{self.step.rgba[3] / 255:.2f}"

    @property
    def words(self) -> str:
        """Every other step is named: between two there is no room."""
        if self.number % 2:
            return ""
        return ("+" if self.step.change > 0 else "") + number_text(self.step.change, digits=2)


@dataclass(frozen=True)
class Map:
    """A change map with its legend."""

    layer: Layer
    picture: str

    @property
    def kind(self) -> str:
        return self.layer.change.value

    @property
    def title(self) -> str:
        return words.change_title(self.layer.change)

    @property
    def unit(self) -> str:
        return "a*" if self.layer.change is Change.REDNESS else "L*"

    @property
    def swatches(self) -> list[Swatch]:
        return [Swatch(step, number) for number, step in enumerate(legend(self.layer.change))]

    @property
    def legend_width(self) -> int:
        return 32 * (2 * STEPS + 1)

    @property
    def less(self) -> str:
        return words.ends(self.layer.change)[0]

    @property
    def more(self) -> str:
        return words.ends(self.layer.change)[1]

    @property
    def floor(self) -> str:
        """What the floor is here and what it is at least."""
        told = _(
            "Below the floor there is no colour: ±%(floor)s %(unit)s in the middle of this skin, never less than "
            "±%(least)s, more beside edges. %(share)s of the skin lies above it."
        )
        return told % {
            "floor": number_text(self.layer.floor, decimals=1),
            "least": number_text(FLOOR[self.layer.change], decimals=1),
            "unit": self.unit,
            "share": words.share_text(self.layer.share),
        }


@dataclass(frozen=True)
class ChangeRow:
    """A zone in the table of changes."""

    change: ZoneChange

    @property
    def title(self) -> str:
        return title_of("zones", self.change.zone_id)

    @property
    def redness(self) -> str:
        return _pair(self.change.redness, self.change.redness_error)

    @property
    def lightness(self) -> str:
        return _pair(self.change.lightness, self.change.lightness_error)

    @property
    def told(self) -> str:
        return ", ".join(words.told_apart(self.change))


def _pair(value: float | None, error: float | None) -> str:
    return "" if value is None or error is None else words.signed_pair(value, error)
