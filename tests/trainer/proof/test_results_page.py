"""Every figure in the tables of the page of results, computed again from the raw figures, by arithmetic of its own."""

import json
import math
import re
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Any

import pytest

RESULTS = Path(__file__).parents[3] / "trainer" / "proof" / "results"
PAGE = (RESULTS / "README.md").read_text("utf-8")
T_31 = 2.0395  # two-sided 97.5 % quantile of Student's t for 32 films


def tables() -> list[tuple[str, list[list[str]]]]:
    """The file that each table of the page names, and its rows as cells."""
    found = []
    for block in re.findall(r"\| `([\w-]+)\.json`[^\n]*\n\|[-:| ]+\n((?:\|[^\n]*\n)+)", PAGE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block[1].splitlines()]
        found.append((block[0], rows))
    return found


def films(name: str) -> dict[str, list[list[dict[str, Any]]]]:
    content = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    return {arm["name"]: [film["clips"] for film in arm["films"]] for arm in content["arms"]}


def mean(arm: list[list[dict[str, Any]]], figure: str, clip: int) -> float:
    return fmean(film[clip][figure] for film in arm)


CELLS = [(name, row) for name, rows in tables() for row in rows]


def test_the_page_has_its_tables() -> None:
    assert len({name for name, _ in CELLS}) == 6 and len(CELLS) > 40


@pytest.mark.parametrize(("name", "row"), [c for c in CELLS if " less " not in c[1][0]], ids=lambda v: str(v)[:40])
def test_an_arms_row_is_what_its_films_say(name: str, row: list[str]) -> None:
    arms = films(name)
    arm, truth = arms[row[0]], arms["truth"]
    first, last = ({f: mean(arm, f, k) for f in ("psnr", "ssim")} for k in (0, -1))
    wanted = [first["psnr"], last["psnr"], first["psnr"] - last["psnr"]]
    wanted += [first["ssim"], last["ssim"], first["ssim"] - last["ssim"]]
    wanted += [mean(arm, figure, -1) for figure in ("colour", "sharpness", "contrast")]
    wanted.append(mean(arm, "motion", -1) / mean(truth, "motion", -1))
    for cell, value in zip(row[1:], wanted, strict=True):
        assert float(cell) == pytest.approx(value, abs=0.51 * 10 ** -len(cell.partition(".")[2]))


@pytest.mark.parametrize(("name", "row"), [c for c in CELLS if " less " in c[1][0]], ids=lambda v: str(v)[:40])
def test_a_difference_is_what_the_pairs_of_films_say(name: str, row: list[str]) -> None:
    ours, theirs = (films(name)[arm] for arm in row[0].split(" less "))
    for figure, cell, better in (("psnr", row[1], row[2]), ("ssim", row[3], row[4])):
        less = [one[-1][figure] - other[-1][figure] for one, other in zip(ours, theirs, strict=True)]
        shown, half = (float(part) for part in cell.split(" ± "))
        room = 0.51 * 10 ** -len(cell.partition(" ")[0].partition(".")[2])
        assert shown == pytest.approx(fmean(less), abs=room)
        assert half == pytest.approx(T_31 * stdev(less) / math.sqrt(len(less)), abs=2 * room)
        assert better == f"{sum(value > 0 for value in less)} of {len(less)}"


def test_the_picture_in_the_readme_is_the_median_film() -> None:
    arms = films("film-consistent-sepia")
    gains = [one[-1]["psnr"] - other[-1]["psnr"] for one, other in zip(arms["erft"], arms["control"], strict=True)]
    assert gains[5] == pytest.approx(median(gains), abs=0.005)
    readme = (RESULTS.parents[2] / "README.md").read_text("utf-8")
    assert f"{median(gains):.1f} dB nearer" in readme
    assert f"the best film gains {max(gains):.1f}, the worst loses {-min(gains):.1f}" in readme
