"""What a leaflet is made of: sections of paragraphs, lists and tables, each text with its id and sources."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mesoplan.documents.leaflet_wording import Said
from mesoplan.domain.case import Text, Value
from mesoplan.domain.writing import Language
from mesoplan.knowledge.schema.leaflets import LeafletPart


class Paragraph(Value):
    """Sentences that stand together; telephones are shown large, each on its line."""

    kind: Literal["paragraph"] = "paragraph"
    sentences: tuple[Said, ...] = Field(min_length=1)
    manner: Literal["plain", "urgent", "telephones"] = "plain"


class Listing(Value):
    """Items under a lead; `short` items may stand side by side."""

    kind: Literal["list"] = "list"
    lead: Said
    items: tuple[Said, ...] = Field(min_length=1)
    short: bool = False


class Row(Value):
    """A name and what is said of it."""

    name: Said
    says: Said


class Table(Value):
    """Names with what is said of each; two `short` rows may stand side by side."""

    kind: Literal["table"] = "table"
    lead: Said | None
    rows: tuple[Row, ...] = Field(min_length=1)
    short: bool = False


Block = Annotated[Paragraph | Listing | Table, Field(discriminator="kind")]


class Section(Value):
    """One section under its heading."""

    part: LeafletPart
    title: Said
    blocks: tuple[Block, ...] = Field(min_length=1)


class ClinicContact(Value):
    """How a patient reaches the clinic; the core knows no telephone numbers, the caller gives them."""

    telephone: Text
    out_of_hours: Text | None = None
    emergency: Text | None = Field(default=None, description="The country's emergency number, such as 112")


class Leaflet(Value):
    """The whole leaflet in one language.

    `not_translated` is the mark beside each text that is shown in English for want of a translation. `remarks` stand at
    the end: where the figures come from, and that nobody has reviewed the wording, where that is so.
    """

    language: Language
    title: Said
    sections: tuple[Section, ...]
    remarks: tuple[Said, ...]
    not_translated: Said

    def texts(self) -> tuple[Said, ...]:
        """Return every text in the order of reading."""
        found = [self.title]
        for section in self.sections:
            found.append(section.title)
            for block in section.blocks:
                found.extend(texts_of(block))
        return (*found, *self.remarks)

    def missing_translations(self) -> tuple[str, ...]:
        """Return the ids of the texts that are shown in English."""
        return tuple(said.id for said in self.texts() if not said.translated)


def texts_of(block: Paragraph | Listing | Table) -> tuple[Said, ...]:
    """Return the texts of one block in the order of reading."""
    if isinstance(block, Paragraph):
        return block.sentences
    if isinstance(block, Listing):
        return (block.lead, *block.items)
    rows = tuple(said for row in block.rows for said in (row.name, row.says))
    return rows if block.lead is None else (block.lead, *rows)
