"""Write docs/reference from the knowledge base, the models and the parser.

.venv/bin/python -m scripts.make_reference            write what changed
.venv/bin/python -m scripts.make_reference --check    only say what is out of date; exit 1 if something is
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mesoplan.knowledge.base import Knowledge
from mesoplan.knowledge.loader import load
from mesoplan.workflow.reference import reference_page
from scripts.reference_pages import instruments, interfaces, places_and_scales, rules, substances, trials
from scripts.reference_pages.markdown import bullets, page

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "docs" / "reference"
INDEX = "README.md"
PAGES = {
    "screening-rules.md": ("Screening rules", rules.screening_rules),
    "checks.md": ("Checks computed from a plan", rules.checks),
    "pairs.md": ("Pairs in one syringe", rules.pairs),
    "jurisdictions.md": ("Jurisdictions", rules.jurisdictions),
    "terms.md": ("Terms of a case", rules.terms),
    "compounds.md": ("Compounds, presentations, limits", substances.compounds),
    "protocols.md": ("Protocols by aim", substances.protocols),
    "instruments.md": ("Techniques, needles, mixtures", instruments.instruments),
    "zones.md": ("Zones and what lies under them", places_and_scales.zones),
    "trials.md": ("Trials by aim", trials.trials),
    "scales.md": ("Scales with their formulas", places_and_scales.scales),
    "sources.md": ("Sources", places_and_scales.sources),
}


def reference(knowledge: Knowledge) -> dict[str, str]:
    """Return every file of the reference: its path in docs/reference, and its text."""
    files = {name: make(knowledge) for name, (_, make) in PAGES.items()}
    files |= {f"schema/{name}.json": text for name, text in interfaces.schemas().items()}
    files["command-line.md"] = interfaces.command_line()
    files["workflow.md"] = reference_page()
    return {INDEX: _index(knowledge, files), **files}


def _index(knowledge: Knowledge, files: dict[str, str]) -> str:
    titles = {name: title for name, (title, _) in PAGES.items()}
    titles |= {"command-line.md": "Command line", "workflow.md": "Workflow of a plan"}
    lines = [f"[{titles.get(name, f'JSON Schema: {Path(name).stem}')}]({name})" for name in sorted(files)]
    return page(
        "Reference",
        f"Release {knowledge.release} of the knowledge base. Every page here is written by `scripts/make_reference.py` "
        "from the data and the code; change those, not the pages.",
        bullets(lines),
    )


def out_of_date(files: dict[str, str], folder: Path = FOLDER) -> list[str]:
    """Return the files that are missing, differ, or stand there without belonging."""
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    changed = [
        name for name, text in files.items() if name not in here or (folder / name).read_text(encoding="utf-8") != text
    ]
    return sorted({*changed, *(here - set(files))})


def write(files: dict[str, str], folder: Path = FOLDER) -> None:
    """Write the files that changed and remove those that do not belong."""
    for name in out_of_date(files, folder):
        path = folder / name
        if name not in files:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[name], encoding="utf-8")


def main() -> int:
    """Write the reference, or check it."""
    parser = argparse.ArgumentParser(description="Write docs/reference from the data and the code.")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    options = parser.parse_args()
    files = reference(load())
    stale = out_of_date(files)
    for name in stale:
        print(f"docs/reference/{name}")
    if options.check:
        return 1 if stale else 0
    write(files)
    return 0


if __name__ == "__main__":
    sys.exit(main())
