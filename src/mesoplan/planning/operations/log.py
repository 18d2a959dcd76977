"""Take in batches of a draft: once each, in order, with undo and redo that overwrite nobody.

The log says what was done by whom; undo takes back the last step of the person who asks, part by part. A part that
somebody else changed since is left as it is: the undo is refused, and both values are shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from mesoplan.domain.case import Case
from mesoplan.domain.edit_log import Change, EditLog, Received, Step
from mesoplan.domain.edits import Answer, Batch, Redo, Stopped, Undo
from mesoplan.domain.plan import Plan
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.operations.apply import apply, checked
from mesoplan.planning.operations.changes import out_of_step, reversed_changes, touches, with_changes
from mesoplan.planning.operations.part_words import part_text, side_text
from mesoplan.planning.operations.refusals import BatchRefused, CannotDo, ChangedSince, Clash, OperationRefused

MOST_STEPS = 400
"""A hundred steps stay in reach even when each was taken back and done again, twice over and by another person too."""


@dataclass(frozen=True)
class Draft:
    """A plan that is being edited, with its log."""

    plan: Plan
    log: EditLog = field(default_factory=EditLog)


@dataclass(frozen=True)
class Taken:
    """A draft after a batch. `repeated` says that the batch had been taken before and nothing was done again."""

    draft: Draft
    answer: Answer
    repeated: bool


@dataclass(frozen=True)
class _Done:
    act: Literal["edit", "undo", "redo"]
    plan: Plan
    changes: tuple[Change, ...]
    name: str
    note: str
    of: int | None = None
    stopped: tuple[Stopped, ...] = ()
    added: tuple[str, ...] = ()


def take(draft: Draft, batch: Batch, case: Case, knowledge: Knowledge) -> Taken:
    """Return the draft after a batch, and what is said to it.

    Raises
    ------
    BatchRefused
        If a batch of this page is missing before it, or its number was used for another one.
    OperationRefused
        For the first operation that cannot be.
    ChangedSince
        If somebody else changed the same part since the page was told of it, or since the step that is taken back.
    """
    fingerprint = hashlib.sha256(batch.model_dump_json(exclude={"base"}).encode()).hexdigest()
    answered = _answered(draft.log, batch, fingerprint)
    if answered is not None:
        return Taken(draft, answered, repeated=True)
    try:
        done = _done(draft, batch, case, knowledge)
    except OperationRefused as refusal:
        raise _who_removed(draft.log, refusal) from refusal
    log = _with_step(draft.log, batch, done)
    answer = Answer(
        client=batch.client,
        seq=batch.seq,
        number=log.number,
        note=done.note,
        stopped=done.stopped,
        added=done.added,
    )
    received = {**log.received, batch.client: Received(seq=batch.seq, fingerprint=fingerprint, answer=answer)}
    return Taken(Draft(done.plan, log.model_copy(update={"received": received})), answer, repeated=False)


def _answered(log: EditLog, batch: Batch, fingerprint: str) -> Answer | None:
    """Return the answer to a batch that was taken before; None for the next one."""
    last = log.received.get(batch.client)
    expected = 1 if last is None else last.seq + 1
    if batch.seq == expected:
        return None
    if last is None or batch.seq > expected:
        text = f"Change {batch.seq} of this page came before change {expected}. Send {expected} first."
        raise BatchRefused(text, expected=expected)
    if batch.seq < last.seq:
        note = "These changes had been saved before; nothing was done again."
        return Answer(client=batch.client, seq=batch.seq, number=log.number, note=note)
    if fingerprint != last.fingerprint:
        text = f"Change {batch.seq} of this page was saved with other content. Send the new one as {expected}."
        raise BatchRefused(text, expected=expected)
    return last.answer


def _done(draft: Draft, batch: Batch, case: Case, knowledge: Knowledge) -> _Done:
    if len(batch.ops) == 1 and isinstance(batch.ops[0], Undo | Redo):
        step = undoable(draft.log, batch.by) if isinstance(batch.ops[0], Undo) else redoable(draft.log, batch.by)
        return _turned(draft, batch.ops[0], step, case, knowledge)
    applied = apply(draft.plan, batch.ops, case, knowledge)
    _refuse_overtaken(draft, batch, applied.changes, case, knowledge)
    return _Done(
        "edit", applied.plan, applied.changes, applied.name, applied.note, stopped=applied.stopped, added=applied.added
    )


def undoable(log: EditLog, by: str) -> Step | None:
    """Return the step that an undo of this person takes back."""
    own = [step for step in log.steps if step.by == by]
    turned = {step.of: step.act for step in own if step.of is not None}
    standing = [step for step in own if step.act == "edit" and turned.get(step.number) != "undo"]
    return standing[-1] if standing else None


def redoable(log: EditLog, by: str) -> Step | None:
    """Return the step that a redo of this person does again: what was taken back last, with no new step since."""
    own = [step for step in log.steps if step.by == by]
    edits = {step.number: step for step in own if step.act == "edit"}
    turned = {step.of: step for step in own if step.of is not None}
    newest = max(edits, default=0)
    back = [step for of, step in turned.items() if step.act == "undo" and of in edits and step.number > newest]
    return edits.get(max(back, key=lambda step: step.number).of or 0) if back else None


def _turned(draft: Draft, op: Undo | Redo, step: Step | None, case: Case, knowledge: Knowledge) -> _Done:
    """Take a step back, or do it again."""
    if step is None:
        text = "Nothing is left to undo." if isinstance(op, Undo) else "Nothing is left to do again."
        raise OperationRefused(0, 1, op.op, CannotDo(text))
    back = isinstance(op, Undo)
    changes = reversed_changes(step.changes) if back else step.changes
    clashing = out_of_step(draft.plan, changes)
    if clashing:
        act = "undone" if back else "done again"
        clashes = [_clash(draft.log, change, now, step, case, knowledge) for change, now in clashing]
        raise ChangedSince(f"“{step.name}” cannot be {act}: it was changed since.", tuple(clashes))
    try:
        plan = checked(with_changes(draft.plan, changes), draft.plan)
    except CannotDo as why:
        raise OperationRefused(0, 1, op.op, why) from why
    note = f"{'Undone' if back else 'Done again'}: {step.name}."
    return _Done(op.op, plan, changes, step.name, note, of=step.number)


def _clash(log: EditLog, change: Change, now: object, mine: Step, case: Case, knowledge: Knowledge) -> Clash:
    """Return both values of a part; `change` starts from the value that was set."""
    other = _last_at(log, change, after=mine.number)
    return Clash(
        what=part_text(change, knowledge),
        yours=side_text(change, change.before, case, knowledge),
        theirs=side_text(change, now, case, knowledge),
        by=other.by if other else "",
        name=other.name if other else "",
    )


def _last_at(log: EditLog, change: Change, after: int) -> Step | None:
    for step in reversed(log.steps):
        if step.number > after and any(touches(change, one) for one in step.changes):
            return step
    return None


def _refuse_overtaken(draft: Draft, batch: Batch, changes: Sequence[Change], case: Case, knowledge: Knowledge) -> None:
    """Refuse a batch about a part that another page changed and that this page had not been told of."""
    if batch.base is None:
        return
    if draft.log.steps and batch.base < draft.log.steps[0].number - 1:
        raise ChangedSince("This page is too far behind to be saved. Open the plan again.", ())
    others = [step for step in draft.log.steps if step.number > batch.base and step.client != batch.client]
    clashes = []
    for change in changes:
        step = next((one for one in reversed(others) if any(touches(change, part) for part in one.changes)), None)
        if step is not None:
            yours, now = (side_text(change, side, case, knowledge) for side in (change.after, change.before))
            clashes.append(Clash(part_text(change, knowledge), yours, now, step.by, step.name))
    if clashes:
        raise ChangedSince("Somebody changed this at the same time. Nothing was overwritten.", tuple(clashes))


def _who_removed(log: EditLog, refusal: OperationRefused) -> OperationRefused:
    """Return a refusal about a point that is not there with who took it away, where the log knows."""
    for step in reversed(log.steps):
        for change in step.changes:
            if change.kind == "point" and change.after is None and change.id in refusal.points:
                text = f"{refusal.text} {step.by} took it away (“{step.name}”)."
                return OperationRefused(refusal.index, refusal.count, refusal.op, _again(refusal, text))
    return refusal


def _again(refusal: OperationRefused, text: str) -> CannotDo:
    return CannotDo(text, allowed=refusal.allowed, points=refusal.points)


def _with_step(log: EditLog, batch: Batch, done: _Done) -> EditLog:
    """Return the log with one step more; what changed nothing is no step."""
    if not done.changes:
        return log
    step = Step(
        number=log.number + 1,
        by=batch.by,
        client=batch.client,
        seq=batch.seq,
        act=done.act,
        of=done.of,
        name=done.name,
        changes=done.changes,
    )
    return log.model_copy(update={"number": step.number, "steps": (*log.steps, step)[-MOST_STEPS:]})
