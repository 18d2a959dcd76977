"""The log of a draft as rows: one for each step, one for the last batch of each open page."""

from __future__ import annotations

from collections import OrderedDict

from mesoplan.clinic.courses.models import Plan
from mesoplan.clinic.editor.models import EditStep, ReceivedBatch
from mesoplan.domain.edit_log import EditLog, Received, Step

_MOST_REMEMBERED = 32
# Reading a hundred steps takes longer than one evaluation, so the logs in use are kept as values, by plan and content.
_remembered: OrderedDict[tuple[int, int, int], EditLog] = OrderedDict()


def read_log(plan: Plan) -> EditLog:
    """The log of a draft."""
    received = {one.client: one.received for one in plan.received_batches.all()}
    last = plan.edit_steps.order_by("-number").values_list("number", flat=True).first() or 0
    steps = _steps(plan, last)
    return EditLog(
        number=last, steps=steps, received={name: Received.model_validate(one) for name, one in received.items()}
    )


def _steps(plan: Plan, last: int) -> tuple[Step, ...]:
    count = plan.edit_steps.count() if last else 0
    key = (plan.pk, last, count)
    found = _remembered.get(key)
    if found is None or (found.steps and not _is_same(plan, found.steps[-1])):
        rows = plan.edit_steps.order_by("number").values_list("step", flat=True)
        found = EditLog(number=last, steps=tuple(Step.model_validate(row) for row in rows))
    _remember(key, found)
    return found.steps


def _is_same(plan: Plan, step: Step) -> bool:
    """Another database under the same process, as in tests, may hold another step of that number."""
    kept = plan.edit_steps.filter(number=step.number).values_list("step__client", "step__seq").first()
    return kept == (step.client, step.seq)


def _remember(key: tuple[int, int, int], log: EditLog) -> None:
    _remembered.pop(key, None)
    _remembered[key] = log
    while len(_remembered) > _MOST_REMEMBERED:
        _remembered.popitem(last=False)


def keep_log(plan: Plan, before: EditLog, now: EditLog, client: str) -> None:
    """Keep what one batch added to the log of a draft that was saved as `plan.version`."""
    for step in now.steps:
        if step.number > before.number:
            EditStep.objects.create(
                plan=plan, number=step.number, version=plan.version, step=step.model_dump(mode="json")
            )
    if now.steps:
        plan.edit_steps.filter(number__lt=now.steps[0].number).delete()
    received = now.received[client].model_dump(mode="json")
    ReceivedBatch.objects.update_or_create(plan=plan, client=client, defaults={"received": received})
    _remember((plan.pk, now.number, len(now.steps)), now)


def is_covered(plan: Plan, version: int) -> bool:
    """Whether every save since a version is a step of the log, so that the log can tell who changed what."""
    if version > plan.version:
        return False
    return plan.edit_steps.filter(version__gt=version).count() == plan.version - version
