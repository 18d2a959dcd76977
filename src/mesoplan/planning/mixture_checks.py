"""What is wrong with one preparation: pairs, actives, pH, osmolarity, volumes. Every check, not the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from mesoplan.domain.evaluation import PairResult, PairVerdict
from mesoplan.domain.finding import Finding, Severity, Subject
from mesoplan.domain.plan import Preparation
from mesoplan.domain.quantities import Volume
from mesoplan.domain.writing import count_text, range_text, volume_text
from mesoplan.kernels.draw_volumes import is_whole_steps
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.schema.compounds import CompoundRole
from mesoplan.knowledge.schema.mixing import MixingLimits
from mesoplan.planning.contents import Stock, actives_in, compounds_in
from mesoplan.planning.findings import from_check
from mesoplan.planning.injectate import Range
from mesoplan.planning.jurisdiction import JurisdictionProfile

_ROUNDING_ML = 1e-6


@dataclass(frozen=True)
class MadeUp:
    """One preparation with everything that its checks read."""

    preparation: Preparation
    injected: Volume
    stocks: tuple[Stock, ...]
    pairs: tuple[PairResult, ...]
    osmolarity: Range
    ph: Range
    knowledge: Knowledge
    limits: MixingLimits
    profile: JurisdictionProfile

    @property
    def subject(self) -> Subject:
        """Return the subject of a finding about the whole preparation."""
        return Subject(preparation=self.preparation.id)

    @property
    def by_label(self) -> bool:
        """Return whether it is one undiluted product made for such injection somewhere; limits then only warn."""
        products = {stock.presentation.id: stock.compound for stock in self.stocks}
        statuses = {status.status for compound in products.values() for status in compound.status.values()}
        return len(products) == 1 and bool(statuses & {"licensed_for_this_use", "device"})

    def title(self, compound_id: str) -> str:
        """Return the name of a compound."""
        return self.knowledge.compounds[compound_id].title

    def finding(
        self,
        check_id: str,
        text: str,
        sources: Sequence[str] = (),
        *,
        severity: Severity | None = None,
        warn_only: bool = False,
        subject: Subject | None = None,
    ) -> Finding:
        """Return the finding of a check about this preparation, or about a part of it."""
        return from_check(
            self.knowledge,
            check_id,
            text,
            subject=subject or self.subject,
            severity=severity,
            warn_only=warn_only,
            extra_sources=sources,
        )


def mixture_findings(made: MadeUp) -> list[Finding]:
    """Return all that is wrong with a preparation."""
    checks = (_pairs, _actives, _mixing, _ph, _ph_distance, _osmolarity, _volume, _draws, _beyond_use)
    return [finding for check in checks for finding in check(made)]


def _pairs(made: MadeUp) -> Iterator[Finding]:
    diluents = {stock.compound.id for stock in made.stocks if stock.is_diluent}
    for pair in made.pairs:
        # Diluting a medicine is ordinary; no data on it, or a trial's use alone, is worth a note and no more.
        weight = Severity.INFO if {pair.a, pair.b} & diluents else None
        subject = Subject(preparation=made.preparation.id, pair=(pair.a, pair.b))
        names = f"{made.title(pair.a)} with {made.title(pair.b)}"
        if pair.verdict is PairVerdict.UNKNOWN:
            text = pair.text if weight else f"{pair.text} No data counts as incompatible."
            yield made.finding("mix-pair-unknown", text, severity=weight, subject=subject)
        elif pair.verdict is PairVerdict.INCOMPATIBLE:
            yield _incompatible(made, pair, f"{names}: {pair.text}", subject)
        elif pair.verdict is PairVerdict.USED_IN_TRIAL:
            text = f"{names}: injected together in a trial, which shows use and not stability. {pair.text}"
            found = made.finding("mix-pair-trial-only", text, pair.sources, severity=weight, subject=subject)
            yield found.model_copy(update={"rule": pair.rule})


def _incompatible(made: MadeUp, pair: PairResult, text: str, subject: Subject) -> Finding:
    """Return the block of a pair; who may override it is said by the pair, or else by the check."""
    rule = made.knowledge.pairs[str(pair.rule)]
    found = made.finding("mix-pair-incompatible", text, rule.sources, severity=Severity.BLOCK, subject=subject)
    return found.model_copy(update={"rule": rule.id, "override": rule.override or found.override})


def _actives(made: MadeUp) -> Iterator[Finding]:
    actives = actives_in(made.preparation, made.knowledge)
    count, names = len(actives), ", ".join(one.title for one in actives)
    allowed, limit, warn_from = (
        made.profile.max_actives_per_syringe,
        made.limits.max_actives,
        made.limits.warn_actives_from,
    )
    most = int(min(allowed.value, limit.low))
    if count > most:
        why = allowed.text + _silent(made, allowed.borrowed) if allowed.value <= limit.low else limit.written()
        sources = allowed.sources if allowed.value <= limit.low else limit.sources
        text = f"{count} actives in one syringe ({names}); the most is {most}. {why}"
        yield made.finding("mix-actives-many", text, sources)
    elif count >= max(2, warn_from.low):
        text = f"{count} actives in one syringe ({names}): write down why they are not given one by one."
        yield made.finding("mix-single-active", text, warn_from.sources)


def _silent(made: MadeUp, borrowed: bool) -> str:
    return f" {made.profile.title}: no rule on record; the strictest known stands." if borrowed else ""


def _mixing(made: MadeUp) -> Iterator[Finding]:
    """Diluting one medicine with its diluent is preparation for use; two medicines together are a mixture."""
    rule = made.profile.mixing_allowed
    compounds = compounds_in(made.preparation, made.knowledge)
    medicines = [one for one in compounds if one.role is not CompoundRole.DILUENT]
    if rule.value or len(compounds) < 2:
        return
    if len(medicines) > 1:
        text = f"{' and '.join(one.title for one in medicines)} may not be mixed in the clinic. {rule.text}"
        yield made.finding("mix-not-in-clinic", text + _silent(made, rule.borrowed), rule.sources)
    elif medicines:
        text = f"{medicines[0].title} is diluted, not mixed with another medicine. {rule.text}"
        text += _silent(made, rule.borrowed)
        yield made.finding("mix-not-in-clinic", text, rule.sources, severity=Severity.INFO)


def _ph(made: MadeUp) -> Iterator[Finding]:
    interval, window = made.ph.interval, made.limits.ph
    sources = (*window.sources, *made.ph.sources)
    if interval is None:
        yield made.finding("mix-ph-range", made.ph.note, sources, warn_only=True)
    elif interval.low < window.low or interval.high > window.high:
        outside = interval.high < window.low or interval.low > window.high
        reading = f"pH {range_text(interval.low, interval.high)} {'lies' if outside else 'reaches'} outside "
        text = f"{reading}{range_text(window.low, window.high)}. {made.ph.note}"
        yield made.finding("mix-ph-range", text, sources, warn_only=made.by_label or not outside)


def _ph_distance(made: MadeUp) -> Iterator[Finding]:
    """Compare the stocks' ranges at their widest: each pH lies anywhere in its range."""
    known = {
        stock.compound.id: (stock.compound.title, stock.presentation.ph)
        for stock in made.stocks
        if not stock.is_diluent and stock.presentation.ph is not None
    }
    limit = made.limits.ph_distance
    for (a, (title_a, ph_a)), (b, (title_b, ph_b)) in combinations(known.items(), 2):
        distance = max(ph_a.high - ph_b.low, ph_b.high - ph_a.low)
        if distance > limit.low + 1e-9:
            text = (
                f"{title_a} (pH {range_text(ph_a.low, ph_a.high)}) and {title_b} "
                f"(pH {range_text(ph_b.low, ph_b.high)}) may differ by {distance:.1f}: one may precipitate."
            )
            subject = Subject(preparation=made.preparation.id, pair=(a, b))
            yield made.finding("mix-ph-distance", text, (*limit.sources, *ph_a.sources, *ph_b.sources), subject=subject)


def _osmolarity(made: MadeUp) -> Iterator[Finding]:
    """Yield one finding at most; between a bound of the target and the limit it is a note."""
    interval, note, limits = made.osmolarity.interval, made.osmolarity.note, made.limits
    floor, target, ceiling = limits.osmolarity_floor, limits.osmolarity_target, limits.osmolarity_ceiling
    if interval is None:
        too_high = made.osmolarity.at_least > ceiling.high
        check = "mix-osmolarity-high" if too_high else "mix-osmolarity-unknown"
        text = f"{note} That is above {ceiling.written()} already." if too_high else note
        yield made.finding(check, text, (*ceiling.sources, *made.osmolarity.sources))
        return
    reading = range_text(interval.low, interval.high, "mosm/L", decimals=0)
    aim = f"outside the target of {target.written()}"
    cases = (
        (interval.high > ceiling.high, "mix-osmolarity-high", f"above {ceiling.written()}", ceiling, None),
        (interval.low < floor.low, "mix-osmolarity-low", f"below {floor.written()}", floor, None),
        (interval.high > target.high, "mix-osmolarity-high", aim, target, Severity.INFO),
        (interval.low < target.low, "mix-osmolarity-low", aim, target, Severity.INFO),
    )
    for holds, check, text, figure, severity in cases:
        if holds:
            sources = (*figure.sources, *made.osmolarity.sources)
            text = f"{reading}, {text}. {note}"
            yield made.finding(check, text, sources, severity=severity, warn_only=made.by_label)
            return


def _volume(made: MadeUp) -> Iterator[Finding]:
    preparation, volume = made.preparation, made.preparation.volume()
    dead_space = Volume(made.limits.dead_space.high) * preparation.syringes
    syringes = count_text(preparation.syringes, "syringe", "syringes")
    needed, room = made.injected + dead_space, preparation.syringe * preparation.syringes
    if volume.value < needed.value - _ROUNDING_ML:
        text = (
            f"{volume_text(volume)} is made; {volume_text(made.injected)} is injected and {volume_text(dead_space)} "
            f"stays in {syringes}. {volume_text(needed - volume)} is missing."
        )
        yield made.finding("mix-volume-short", text, made.limits.dead_space.sources)
    if volume.value > room.value + _ROUNDING_ML:
        size = f"{syringes} of {preparation.syringe.value:g} mL"
        text = f"{volume_text(volume)} does not fit in {size}, which hold {volume_text(room)}."
        yield made.finding("mix-syringe-capacity", text)


def _draws(made: MadeUp) -> Iterator[Finding]:
    step = made.limits.syringe_step
    for stock in made.stocks:
        if not is_whole_steps(stock.volume_ml, step.low):
            text = (
                f"{stock.presentation.title}: a syringe in steps of {step.low:g} mL cannot show {stock.volume_ml:g} mL."
            )
            subject = Subject(preparation=made.preparation.id, compound=stock.compound.id)
            yield made.finding("mix-syringe-step", text, step.sources, subject=subject)


def _beyond_use(made: MadeUp) -> Iterator[Finding]:
    own, rule = made.limits.use_within, made.profile.immediate_use_h
    hours, sources = min((own.low, own.sources), (rule.value, rule.sources))
    yield made.finding("mix-beyond-use", f"Use within {hours:g} h of drawing up; discard what is left.", sources)
