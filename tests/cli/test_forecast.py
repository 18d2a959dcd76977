"""`mesoplan forecast` on the example courses: text, JSON, chart, what-if, exit codes; the fit and its table."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import EXAMPLES, PROJECT, Run, load_once

COURSES = EXAMPLES / "courses"
NAMES = sorted(path.stem for path in COURSES.glob("*.yaml"))
WITHOUT = ["texture-no-forecast"]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", NAMES)
def test_every_example_gives_its_exit_code_and_its_json(name: str, run: Run) -> None:
    answer = run("forecast", COURSES / f"{name}.yaml", "--json")
    assert answer.code == (3 if name in WITHOUT else 0)
    told = json.loads(answer.out)
    assert told["course"] == name
    assert (told["run"] is None) == (name in WITHOUT)
    assert {"code", "severity", "text", "rule", "sources"} >= set().union(*told["findings"])


@pytest.mark.parametrize("name", NAMES)
def test_the_text_answers_first(name: str, run: Run) -> None:
    out = run("forecast", COURSES / f"{name}.yaml").out
    assert max(len(line) for line in out.splitlines()) <= 100
    assert "What can have changed by when" in out
    assert ("No forecast." in out) == (name in WITHOUT)


def test_the_chart_is_whole_and_has_every_score_session_and_band(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "chart.svg"
    assert run("forecast", COURSES / "melasma-two-more.yaml", "--svg", target).code == 0
    drawing = ElementTree.parse(target).getroot()  # noqa: S314
    classes = [element.get("class", "") for element in drawing.iter()]
    assert sum(one.startswith("fc-band") for one in classes) == 3
    assert classes.count("fc-score") == 3
    assert sum(one.startswith("fc-session") for one in classes) == 5
    assert sum(one == "fc-session fc-session-given" for one in classes) == 2
    assert drawing.find(f"{SVG}title") is not None
    assert drawing.get("aria-labelledby") == "forecast-title forecast-desc"
    assert not any("style" in element.attrib for element in drawing.iter())
    assert "NaN" not in target.read_text(encoding="utf-8")


def test_what_if_changes_what_is_ahead(run: Run) -> None:
    def ahead(*options: str) -> list[float]:
        told = json.loads(run("forecast", COURSES / "melasma-two-more.yaml", "--json", *options).out)
        return [one["chance"] for one in told["run"]["sessions"] if not one["given"]]

    assert len(ahead()) == 3
    assert len(ahead("--sessions", "1")) == 1
    assert len(ahead("--every", "7")) == 10
    assert ahead("--stop") == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--every", "0"), "allowed: 1 to 180"),
        (("--every", "weekly"), "is not a number of days"),
        (("--sessions", "99"), "allowed: 0 to 24"),
    ],
)
def test_a_what_if_that_is_none_is_refused(arguments: tuple[str, ...], said: str, run: Run) -> None:
    answer = run("forecast", COURSES / "melasma-two-more.yaml", *arguments)
    assert answer.code == 2
    assert said in answer.err


def test_a_bad_course_on_standard_input_exits_2_with_its_field(run: Run) -> None:
    text = (COURSES / "melasma-two-more.yaml").read_text(encoding="utf-8")
    answer = run("forecast", "-", stdin=text.replace("value: 7.2", "value: 72"))
    assert answer.code == 2
    assert "-: scores.2.value: must be between 0 and 24" in answer.err


@pytest.mark.parametrize("document", ["course", "forecast"])
def test_schemas_of_course_and_forecast(document: str, run: Run) -> None:
    told = json.loads(run("schema", document).out)
    assert told["title"] == document.capitalize()
    assert told["additionalProperties"] is False


def test_the_population_was_fitted_to_the_table_as_it_is() -> None:
    from mesoplan.planning.population import read_population
    from scripts.population.arms import arms_of, sha256_of

    arms = arms_of(load_once().trials.values())
    assert read_population().table_sha256 == sha256_of(arms)
    assert any(arm.outlier for arm in arms)


def test_the_fit_may_be_trusted_and_its_normal_form_is_close(project: Path) -> None:
    held = json.loads((project / "src/mesoplan/planning/data/population.json").read_text(encoding="utf-8"))
    assert held["diagnostics"]["divergences"] == 0
    assert held["diagnostics"]["largest_r_hat"][1] < 1.02
    assert held["diagnostics"]["smallest_effective_size"][1] > 400
    assert re.fullmatch(r"\d+\.\d+\.\d+", held["software"]["numpyro"])
    for group in held["groups"].values():
        assert group["off_by"]["largest_log_severity"] < 0.08


def console_blocks() -> list[tuple[str, list[str]]]:
    """Each command of the how-to with the lines that it shows of the answer."""
    page = (PROJECT / "docs/how-to/forecast.md").read_text(encoding="utf-8")
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ mesoplan "):
                found.append((line.removeprefix("$ mesoplan "), []))
            else:
                found[-1][1].append(line)
    return found


@pytest.mark.parametrize(("command", "shown"), console_blocks())
def test_the_worked_example_comes_out_as_the_how_to_shows(
    command: str, shown: list[str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    lines = [line.replace("\u00a0", " ") for line in run(*command.split()).out.splitlines()]
    assert shown
    assert [line for line in shown if line not in lines] == []


def test_the_library_is_used_as_the_how_to_shows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(PROJECT)
    page = (PROJECT / "docs/how-to/forecast.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert example
    exec(example[1], {})  # noqa: S102 - the text of our own page
    printed = [line.split()[1] for line in capsys.readouterr().out.splitlines()]
    assert printed == ["31%", "59%", "72%"]
    shown = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert shown
    assert shown[1] in (COURSES / "melasma-two-more.yaml").read_text(encoding="utf-8")


def test_a_clinic_is_fitted_from_a_folder_and_says_what_it_left_out(run: Run) -> None:
    answer = run("fit", "--clinic", COURSES)
    assert answer.code == 0
    assert "injected-tranexamic-acid: 5\u00a0courses" in answer.out
    assert "melasma-first-visit: fewer than two scores" in answer.out
    told = json.loads(run("fit", "--clinic", COURSES / "melasma-stop.yaml", "--json").out)
    assert set(told["groups"][0]["own"]) == {"effect", "effect_sd", "same_rater", "other_rater"}


def test_courses_one_a_line_are_read_and_a_bad_line_is_named(run: Run, tmp_path: Path) -> None:
    lines = tmp_path / "courses.jsonl"
    course: dict[str, object] = {
        "id": "a",
        "as_of": "2026-07-27",
        "aim": "melasma",
        "scale": "mmasi",
        "goal": {"share": 0.5},
    }
    course["treatment"] = {"protocol": "melasma-tranexamic-acid-monthly"}
    course["sessions"] = ["2026-06-01"]
    course["scores"] = [
        {"on": "2026-06-01", "rater": "A", "mode": "live", "value": 9},
        {"on": "2026-07-20", "rater": "A", "mode": "live", "value": 7},
    ]
    lines.write_text(f"{json.dumps(course)}\n{json.dumps({**course, 'scale': 'x'})}\n", encoding="utf-8")
    answer = run("fit", "--clinic", lines)
    assert answer.code == 2
    assert f"{lines}: line 2: scale" in answer.err


def test_an_empty_folder_and_no_course_for_any_trial(run: Run, tmp_path: Path) -> None:
    assert "holds no course" in run("fit", "--clinic", tmp_path).err
    assert run("fit", "--clinic", COURSES / "texture-no-forecast.yaml").code == 3


def test_what_is_identified_is_printed_as_it_came_out() -> None:
    from scripts.population.tables import identification

    held = json.loads((PROJECT / "src/mesoplan/planning/data/population.json").read_text(encoding="utf-8"))
    page = (PROJECT / "docs/validation/forecast.md").read_text(encoding="utf-8")
    assert "\n".join(identification(held["hyper_parameters"])) in page
    assert held["table_sha256"] in (PROJECT / "docs/validation/forecast-calibration.md").read_text(encoding="utf-8")
