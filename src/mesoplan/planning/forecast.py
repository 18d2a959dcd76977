"""The forecast of one course: prior of its group, its own scores, and what follows for the sessions ahead. Pure."""

from __future__ import annotations

from mesoplan.domain.course import Course
from mesoplan.domain.forecast import Basis, Forecast, ScorePoint, TimelineEntry, WhatIf
from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.course_reading import baseline, goal_score, interval_days, score_value
from mesoplan.knowledge.schema.scales import Scale
from mesoplan.planning.course_outlook import outlook_of
from mesoplan.planning.engine import ENGINE
from mesoplan.planning.forecast_findings import findings_of
from mesoplan.planning.forecast_sentences import goal_words, patient_sentence, sentences_of
from mesoplan.planning.forecast_verdicts import after_stopping, first_judged_on, futility_of, injection_share
from mesoplan.planning.population import Population, PopulationGroup

NO_INTEREST = WhatIf()


def forecast(course: Course, knowledge: Knowledge, population: Population, what_if: WhatIf = NO_INTEREST) -> Forecast:
    """Return the forecast of a course as it is planned, or as `what_if` says.

    Parameters
    ----------
    course : Course
        Has passed `knowledge.course_reading.course_problems`.
    knowledge : Knowledge
    population : Population
    what_if : WhatIf
        Another interval or number of sessions from now on, or none.

    Returns
    -------
    Forecast
        Pure: the same input gives the same value. Without a usable trajectory it says why instead.
    """
    bare = _bare(course, knowledge, what_if)
    group, reason, sources = group_or_reason(course, knowledge, population)
    if group is None:
        return bare.model_copy(update={"none_because": reason, "none_sources": sources})
    outlook = outlook_of(course, knowledge, population.groups[group], what_if)
    own = population.groups[group]
    run = outlook.run()
    filled = bare.model_copy(
        update={
            "basis": Basis(
                group=group,
                arms=own.arms,
                studies=own.studies,
                followed_weeks=followed_weeks(group, own, knowledge),
                table_sha256=population.table_sha256,
                clinic_own=course.clinic is not None,
                effective_sample_size=round(outlook.posterior.effective_sample_size, 1),
            ),
            "unit": outlook.unit,
            "highest": outlook.highest,
            "goal": outlook.goal,
            "run": run,
            "flattened": outlook.flattened_run(),
            "prior_tail": outlook.prior_tail,
            "futility": futility_of(outlook, run, bare.may_judge),
            "after_stopping": after_stopping(outlook),
            "injection_share": injection_share(outlook),
        }
    )
    told = filled.model_copy(update={"findings": findings_of(course, filled, knowledge)})
    return told.model_copy(update={"sentences": sentences_of(told), "patient_sentence": patient_sentence(told)})


def group_or_reason(
    course: Course, knowledge: Knowledge, population: Population
) -> tuple[str | None, str, tuple[str, ...]]:
    """Return the group of trials that a course belongs to, or why there is none, with the sources of that."""
    aim, scale = knowledge.aims[course.aim], knowledge.scales[course.scale]
    compounds, route = treatment_of(course, knowledge)
    group = population.group_of(course.aim, compounds, route)
    if not any(course.aim in one.aims for one in population.groups.values()):
        text = f"No trial held here follows {aim.title.lower()} over time on a score with a baseline"
        return None, f"{text}, so nothing is computed. {aim.summary.text}", aim.summary.sources
    if group is None:
        named = ", ".join(knowledge.compounds[one].title.lower() for one in compounds)
        text = f"No trial held here follows {aim.title.lower()} over time under {route} of {named}"
        return None, f"{text}, so nothing is computed. {aim.summary.text}", aim.summary.sources
    if not forecastable(scale):
        allowed = ", ".join(
            one.title for one in knowledge.scales.values() if forecastable(one) and one.id in aim.score_with
        )
        text = f"{scale.title} is not a score of severity that trials followed over time; forecast from: {allowed}."
        return None, text, scale.sources
    return group, "", ()


def followed_weeks(name: str, group: PopulationGroup, knowledge: Knowledge) -> float:
    """Return the last week at which an arm of a group was scored; a group's name is how those of its arms begin."""
    arms = [arm for study in group.studies for arm in knowledge.trials[study].arms]
    own = [arm for arm in arms if arm.group.value.startswith(name)]
    return max(one.week for arm in own for one in arm.observations if one.week is not None)


def forecastable(scale: Scale) -> bool:
    """Return whether a scale is a severity that falls towards 0 in proportion: the MASI and what is made like it."""
    return scale.kind == "severity" and scale.better == "lower" and (scale.items_of or scale.id).endswith("masi")


def treatment_of(course: Course, knowledge: Knowledge) -> tuple[tuple[str, ...], str]:
    """Return the compounds and the route of a course."""
    if course.treatment.protocol is None:
        return course.treatment.compounds, course.treatment.route or "injection"
    protocol = knowledge.protocols[course.treatment.protocol]
    compounds = [one.compound for mixture in protocol.mixtures for one in mixture.ingredients]
    route = "microneedling" if protocol.technique == "device-assisted" else "injection"
    return tuple(dict.fromkeys(compounds)), route


def _bare(course: Course, knowledge: Knowledge, what_if: WhatIf) -> Forecast:
    """Return what is true without any model: scores, sessions, timeline."""
    scale, aim = knowledge.scales[course.scale], knowledge.aims[course.aim]
    first = course.scores[0].rater if course.scores else ""
    points = tuple(
        ScorePoint(
            on=one.on,
            week=round(course.week(one.on), 3),
            value=score_value(one, scale, knowledge),
            rater=one.rater,
            other_rater=one.rater != first,
        )
        for one in course.scores
    )
    interval = what_if.interval_days or interval_days(course, knowledge)
    judged = first_judged_on(course)
    return Forecast(
        course=course.id,
        aim=course.aim,
        scale=course.scale,
        as_of=course.as_of,
        start=course.start,
        interval_days=interval,
        engine=ENGINE,
        knowledge_release=knowledge.release,
        knowledge_sha256=knowledge.sha256,
        lowest=scale.lowest,
        highest=scale.highest,
        baseline=baseline(course, knowledge),
        goal=goal_score(course, knowledge),
        goal_text=goal_words(course),
        week_now=round(course.week(course.as_of), 3),
        scores=points,
        given=course.sessions,
        first_judged_on=judged.on,
        may_judge=judged.now,
        timeline=tuple(TimelineEntry(text=one.text, sources=one.sources) for one in aim.timeline),
    )
