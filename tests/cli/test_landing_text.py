"""Where a drop lands, on the command line: in a plan, and beside the published depth of a technique."""

from __future__ import annotations

import json
import re

import pytest

from mesoplan.cli.main import main
from mesoplan.cli.plan_text import plan_lines
from mesoplan.planning.evaluate import evaluate
from tests.planning.hand_made import melasma_case, melasma_plan, shipped


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", text)


def test_a_plan_says_its_layers_target_and_ceiling() -> None:
    found = evaluate(melasma_case(), melasma_plan(), shipped())
    text = squeezed(" ".join(plan_lines(found, melasma_plan(), shipped())))
    assert re.search(
        r"skin 0\.7–3\.0 mm: epidermis \d+ %, dermis \d+ %, fat \d+ %; target upper dermis \d+ %; "
        r"ceiling of 2 mm passed by under 1 %",
        text,
    )


def test_an_evaluation_that_was_kept_before_chances_says_the_layer_in_words() -> None:
    found = evaluate(melasma_case(), melasma_plan(), shipped())
    old = tuple(one.model_copy(update={"chances": None, "ceilings": ()}) for one in found.landings)
    text = squeezed(" ".join(plan_lines(found.model_copy(update={"landings": old}), melasma_plan(), shipped())))
    assert f"skin 0.7–3.0 mm: {old[0].landing.value.replace('_', ' ')}" in text
    assert "target upper dermis" not in text


def test_a_technique_stands_beside_where_it_lands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "show", "nappage-superficial"]) == 0
    text = squeezed(capsys.readouterr().out)
    assert "# Where it lands: Forehead, skin 1.1–2.5 mm (bounds over all studies), 30 G, 4 mm, free hand" in text
    assert re.search(r"# published depth, 35° × 3\.5 mm = 2\.0 mm: dermis \d\d %, fat \d\d %", text)
    assert re.search(r"# in to the hub, 60° × 4\.0 mm = 3\.5 mm: fat over 99 %", text)


def test_the_json_of_a_technique_is_what_the_knowledge_base_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "show", "nappage-superficial", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["entry"]["named_layers"] == ["dermis"]
    assert "ways" not in found["entry"]
