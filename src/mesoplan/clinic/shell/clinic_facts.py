"""How this clinic is set up, as its manager reads it: each value with the place where it is set, and what follows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mesoplan.clinic import knowledge_base
from mesoplan.clinic.accounts.factors import factors_of
from mesoplan.clinic.accounts.models import RequiredFactor, User
from mesoplan.clinic.evidence.links import entry_link
from mesoplan.clinic.shell.vocabulary import title_of
from mesoplan.clinic.shell.writing import quantity_text
from mesoplan.planning.jurisdiction import UNKNOWN, JurisdictionProfile, Provision, profile
from mesoplan.planning.status import status_in
from mesoplan.workflow import Role


@dataclass(frozen=True)
class Setting:
    """One value that is set where the server starts. `note` says what it is for."""

    name: str
    value: str
    variable: str
    note: str


@dataclass(frozen=True)
class Rule:
    """One thing that the jurisdiction sets. `whose` says by whose rule, where that is not its own."""

    name: str
    value: str
    href: str
    whose: str = ""


@dataclass(frozen=True)
class RoleCount:
    role: Role
    people: int
    required: bool
    secured: int


def clinic_settings() -> list[Setting]:
    return [
        Setting(_("Name"), settings.CLINIC_NAME, "MESOPLAN_CLINIC_NAME", _("at the head of printed plans")),
        Setting(
            _("Telephone"), str(settings.CLINIC_TELEPHONE), "MESOPLAN_CLINIC_TELEPHONE", _("in the patient's leaflet")
        ),
        Setting(
            _("Emergency number"),
            settings.EMERGENCY_TELEPHONE,
            "MESOPLAN_EMERGENCY_TELEPHONE",
            _("in the patient's leaflet"),
        ),
        Setting(_("Time zone"), settings.TIME_ZONE, "MESOPLAN_TIME_ZONE", _("of every day and time on the pages")),
        Setting(
            _("Jurisdiction"),
            jurisdiction_title(),
            "MESOPLAN_JURISDICTION",
            _("a new assessment starts with it and may say another"),
        ),
    ]


def jurisdiction_title() -> str:
    if settings.JURISDICTION == UNKNOWN:
        return _("not known: the strictest rule of all holds")
    return title_of("jurisdictions", settings.JURISDICTION)


def jurisdiction_rules() -> list[Rule]:
    """What the clinic's jurisdiction decides in a plan, each with the entry that says so."""
    found = profile(knowledge_base.current(), settings.JURISDICTION)
    prohibited, duties = len(found.prohibitions), len(found.duties)
    blocking = ngettext("%(count)s, which blocks a plan", "%(count)s, each of which blocks a plan", prohibited)
    told = ngettext(
        "%(count)s, told at a plan that it is about", "%(count)s, told at plans that they are about", duties
    )
    if found.id == UNKNOWN:
        href, whose = f"{reverse('evidence:evidence')}?kind=jurisdictions", _("every jurisdiction that is known")
    else:
        href, whose = entry_link("jurisdictions", found.id), ""
    return [
        *_provisions(found),
        Rule(_("Prohibitions"), blocking % {"count": prohibited}, href, whose),
        Rule(_("Duties"), told % {"count": duties}, href, whose),
        *_licences(found.id, whose),
    ]


def _provisions(found: JurisdictionProfile) -> list[Rule]:
    actives = found.max_actives_per_syringe
    hours = quantity_text(found.immediate_use_h.value, "h")
    mixing = _("allowed") if found.mixing_allowed.value else _("not allowed")
    return [
        _rule(_("Mixing in the clinic"), mixing, found.mixing_allowed, found.id),
        _rule(
            _("Active substances in one syringe"), _("%(count)s at most") % {"count": actives.value}, actives, found.id
        ),
        _rule(_("Use after mixing"), _("within %(time)s") % {"time": hours}, found.immediate_use_h, found.id),
    ]


def _rule(name: str, value: str, provision: Provision[Any], asked: str) -> Rule:
    knowledge = knowledge_base.current()
    kind = "jurisdictions" if provision.rule in knowledge.jurisdictions else "mixing-limits"
    borrowed = provision.borrowed or asked == UNKNOWN
    whose = _("%(title)s, as the strictest known") % {"title": title_of(kind, provision.rule)} if borrowed else ""
    return Rule(name, value, entry_link(kind, provision.rule), whose)


def _licences(jurisdiction: str, whose: str) -> list[Rule]:
    """Compounds by what their status here does to a plan."""
    counted = Counter(_status(one, jurisdiction) for one in knowledge_base.current().compounds.values())
    named = {
        "prohibited": _("Compounds prohibited here"),
        "unlicensed": _("Compounds not licensed here, or of unknown status"),
        "licensed_other_use": _("Compounds licensed here for another use"),
    }
    href = reverse("evidence:evidence") + "?kind=compounds"
    return [Rule(name, str(counted[status]), href, whose) for status, name in named.items()]


def _status(compound: Any, jurisdiction: str) -> str:
    found = status_in(compound, jurisdiction) if compound.status else None
    status = found[1].status if found else "unlicensed"
    return "unlicensed" if status == "not_known" else status


def roles_counted() -> list[RoleCount]:
    """People who can log in, by role, and how many of them have a second factor."""
    people = list(User.objects.filter(is_active=True))
    secured = {pk for pk, factors in factors_of(people).items() if factors.any}
    required = set(RequiredFactor.objects.values_list("role", flat=True))
    return [
        RoleCount(role, len(here), role.value in required, len(secured & here))
        for role in Role
        for here in [{person.pk for person in people if person.role == role.value}]
    ]
