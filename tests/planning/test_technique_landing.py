"""Where techniques land, whatever they are called: the names that a dermatologist knows, in three skins."""

from __future__ import annotations

import pytest

from mesoplan.kernels.depth import tip_depth_mm
from mesoplan.knowledge.base import Knowledge
from mesoplan.planning.skin import Skin, skin_of
from mesoplan.planning.technique_landing import technique_landing, technique_landings
from tests.planning.hand_made import START, melasma_case, shipped


def skin_in(zone: str) -> Skin:
    return skin_of(melasma_case(), shipped().zones[zone], START, shipped())


NAMES = [
    # technique, what its name says, zone -> layer that most drops reach at the greatest depth that is taught
    ("epidermal", ("epidermis",), "forehead", "dermis"),
    ("nappage-superficial", ("dermis",), "forehead", "fat"),
    ("papule-intradermal", ("dermis",), "forehead", "fat"),
    ("papule-intradermal", ("dermis",), "thigh-outer-right", "fat"),
    ("deep-intradermal", ("dermis",), "malar-right", "fat"),
    ("deep-hypodermic", ("fat",), "thigh-outer-right", "fat"),
    ("picotage", (), "forehead", "fat"),
]


@pytest.mark.parametrize(("technique", "named", "zone", "layer"), NAMES)
def test_the_name_and_where_it_lands(
    knowledge: Knowledge, technique: str, named: tuple[str, ...], zone: str, layer: str
) -> None:
    found = technique_landing(knowledge.techniques[technique], skin_in(zone), knowledge)
    assert found.named_layers == named
    taught = [one for one in found.ways if one.way == "published-depth"][-1]
    assert getattr(taught.odds, layer) > 0.5, taught


def test_every_technique_has_a_landing_within_its_angles_and_needle(knowledge: Knowledge) -> None:
    for zone in ("periorbital-right", "forehead", "abdomen"):
        found = technique_landings(skin_in(zone), knowledge)
        assert [one.technique for one in found] == list(knowledge.techniques)
        for one in found:
            technique, needle = knowledge.techniques[one.technique], knowledge.needles[one.needle]
            assert one.ways
            assert one.sources
            for way in one.ways:
                assert technique.angle.low <= way.angle_deg <= technique.angle.high + 0.05
                assert 0 < way.inserted_mm <= needle.length.high
                assert way.depth_mm == pytest.approx(tip_depth_mm(way.angle_deg, way.inserted_mm), abs=0.01)
                assert way.odds.epidermis + way.odds.dermis + way.odds.fat == pytest.approx(1.0)


def test_a_published_depth_is_reached_or_left_out(knowledge: Knowledge) -> None:
    """A 4 mm needle at 60° reaches 3.5 mm, so nappage has its 2 mm and not its 4 mm; 0 mm is no injection."""
    skin = skin_in("forehead")
    depths = {
        one.technique: [way.depth_mm for way in one.ways if way.way == "published-depth"]
        for one in technique_landings(skin, knowledge)
    }
    assert depths["nappage-superficial"] == pytest.approx([2.0], abs=0.01)
    assert depths["deep-intradermal"] == pytest.approx([2.0, 4.0], abs=0.01)
    assert depths["epidermal"] == pytest.approx([1.0], abs=0.01)
