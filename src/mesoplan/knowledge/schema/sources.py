"""Sources: where values come from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mesoplan.domain.case import Value
from mesoplan.knowledge.schema.citation import Sentence, SourceId


class Source(Value):
    """A page, paper, label or regulation. `read` says how much of it was read."""

    id: SourceId
    title: Sentence
    kind: Literal[
        "paper",
        "review",
        "label",
        "regulation",
        "consensus",
        "textbook",
        "training",
        "web-page",
        "registry",
        "house",
    ]
    quality: Literal["A", "B", "C"] = Field(
        description="A label, regulator, review, consensus; B study, textbook; C other"
    )
    url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    doi: Annotated[str, Field(pattern=r"^10\.")] | None = None
    year: int | None = Field(default=None, ge=1900, le=2100)
    read: Literal["abstract", "label section", "page opening", "full text", "not read"]
    read_on: str | None = None
    note: Sentence | None = None
