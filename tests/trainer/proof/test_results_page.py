"""Every figure in the tables of the page of results, and those in sentences there, in the README and on the card,
computed again from the raw figures, by arithmetic of its own."""

import json
import math
import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Any

import pytest

from trainer.mini.clips import is_held_out
from trainer.proof.boards import creative_boards

ROOT = Path(__file__).parents[3]
RESULTS = ROOT / "trainer" / "proof" / "results"
PAGE = (RESULTS / "README.md").read_text("utf-8")
README, CARD = "README.md", "resources/models/svi-mini/README.md"
T_31 = 2.0395  # two-sided 97.5 % quantile of Student's t for 32 films
T_15 = 2.1314  # and for 16


def tables() -> list[tuple[str, list[list[str]]]]:
    """The file that each table of the page names, and its rows as cells."""
    found = []
    for block in re.findall(r"\| `([\w-]+)\.json`[^\n]*\n\|[-:| ]+\n((?:\|[^\n]*\n)+)", PAGE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block[1].splitlines()]
        found.append((block[0], rows))
    return found


@cache
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


def test_the_picture_of_the_look_shows_the_median_film_and_the_best() -> None:
    arms = films("film-consistent-sepia")
    gains = [one[-1]["psnr"] - other[-1]["psnr"] for one, other in zip(arms["erft"], arms["control"], strict=True)]
    assert gains[5] == pytest.approx(median(gains), abs=0.005)
    assert gains[4] == max(gains), "the best is on the page"
    assert min(gains) not in gains[:6], "and the worst is not"


KNOWN, SEPIA, STREAM, STRENGTH = "film-consistent", "film-consistent-sepia", "film-creative", "strength-consistent"
PAGE_FILE = "trainer/proof/results/README.md"


def at(name: str, arm: str, clip: int, figure: str = "psnr") -> float:
    """The mean of an arm in a clip, which counts from 1."""
    return mean(films(name)[arm], figure, clip - 1)


def lost(name: str, arm: str, first: int = 1, last: int = 50) -> float:
    return at(name, arm, first) - at(name, arm, last)


def grown(name: str, arm: str) -> float:
    """How many times as large the squared error is in the last clip."""
    return 10 ** (lost(name, arm) / 10)


def interval(values: list[float]) -> tuple[float, float]:
    return fmean(values), T_31 * stdev(values) / math.sqrt(len(values))


def less(name: str, one: str, other: str, first: int | None = None, last: int = -1) -> tuple[float, float]:
    """The mean of one arm less the other, film by film, in the ``last`` clip, or since the ``first``, with its half."""

    def of(film: list[dict[str, Any]]) -> float:
        return float(film[last]["psnr"] - (film[first]["psnr"] if first is not None else 0.0))

    pairs = zip(films(name)[one], films(name)[other], strict=True)
    return interval([of(ours) - of(theirs) for ours, theirs in pairs])


def sepia_gains() -> list[float]:
    pairs = zip(films(SEPIA)["erft"], films(SEPIA)["control"], strict=True)
    return [one[-1]["psnr"] - other[-1]["psnr"] for one, other in pairs]


def board(number: int, arm: str) -> float:
    """The likeness with which a storyboard, by its number from 1, ends in the known look."""
    return float(films(KNOWN)[arm][number - 1][-1]["psnr"])


def falls(arm: str, *clips: int, figure: str = "psnr") -> list[float]:
    return [at(KNOWN, arm, clip, figure) for clip in clips]


def talk(arm: str, figure: str, first: int, last: int) -> tuple[float, float]:
    """The mean over the films, each film's own over those clips first, and half of its interval."""
    rows = json.loads((RESULTS / "following.json").read_text("utf-8"))["talk"][arm][figure]
    values = [fmean(v for v in row[first - 1 : last] if v is not None) for row in rows]
    assert len(values) == 16
    return fmean(values), T_15 * stdev(values) / math.sqrt(len(values))


ARMS = ("base", "control", "erft")
STRENGTHS = ("strength-0.2", "strength-0.4", "strength-0.6", "strength-0.8", "erft")

PROSE: list[tuple[str, str, Callable[[], list[float]]]] = [
    (
        PAGE_FILE,
        "from the 20th clip to the 50th erft still loses {:.2f} dB and the control {:.2f} (the difference, {:.2f} ± "
        "{:.2f} dB, may be chance), the base, which has lost the look by then, {:.2f}.",
        lambda: [
            lost(SEPIA, "erft", 20),
            lost(SEPIA, "control", 20),
            *(sign * part for sign, part in zip((-1, 1), less(SEPIA, "erft", "control", 19), strict=True)),
            lost(SEPIA, "base", 20),
        ],
    ),
    (
        PAGE_FILE,
        "the squared error is {:.2f} times the first clip's with error recycling, {:.2f} times with the control, "
        "{:.2f} times with the base. Still",
        lambda: [grown(SEPIA, arm) for arm in reversed(ARMS)],
    ),
    (
        PAGE_FILE,
        "{:+.2f}, {:+.2f}, {:+.2f}, {:+.2f}, {:+.2f} and {:+.2f} dB; of all 32 the median is {:+.2f} (the sixth), "
        "the best {:+.2f} (the fifth), the worst {:.2f}.",
        lambda: [*sepia_gains()[:6], median(sepia_gains()), max(sepia_gains()), min(sepia_gains())],
    ),
    (PAGE_FILE, "its colours are {:.0f} levels off", lambda: [at(SEPIA, "base", 50, "colour")]),
    (
        PAGE_FILE,
        "{:.0f} % of the base's loss is left. In the first ten clips base, control and erft lose {:.2f}, {:.2f} and "
        "{:.2f} dB, from the 20th to the 50th {:.2f}, {:.2f} and {:.2f}.",
        lambda: [
            100 * lost(KNOWN, "erft") / lost(KNOWN, "base"),
            *(lost(KNOWN, arm, 1, 10) for arm in ARMS),
            *(lost(KNOWN, arm, 20) for arm in ARMS),
        ],
    ),
    (
        PAGE_FILE,
        "the squared error is {:.2f} times the first clip's with error recycling, {:.2f} times with the control, "
        "{:.2f} times with the base. The goal",
        lambda: [grown(KNOWN, arm) for arm in reversed(ARMS)],
    ),
    (PAGE_FILE, "it keeps {:.0f} %.", lambda: [100 * at(KNOWN, "erft", 50) / at(KNOWN, "erft", 1)]),
    (
        PAGE_FILE,
        "Storyboard 27 ends at {:.1f} dB with error recycling, lower than with the base ({:.1f}) and the control "
        "({:.1f}).",
        lambda: [board(27, arm) for arm in ("erft", "base", "control")],
    ),
    (
        PAGE_FILE,
        "0.4 less 0.2 is {:+.2f} ± {:.2f} dB, 0.6 less 0.4 {:+.2f} ± {:.2f}, 0.8 less 0.6 {:+.2f} ± {:.2f}, 1.0 less "
        "0.8 {:+.2f} ± {:.2f}.",
        lambda: [part for weak, strong in pairwise(STRENGTHS) for part in less(STRENGTH, strong, weak)],
    ),
    (
        PAGE_FILE,
        "its films end {:.2f} dB above the base's, and they lose {:.2f} dB where the base loses {:.2f} ({:.1f} ± "
        "{:.1f}, which may be chance)",
        lambda: [
            less(SEPIA, "control", "base")[0],
            lost(SEPIA, "control"),
            lost(SEPIA, "base"),
            lost(SEPIA, "control") - lost(SEPIA, "base"),
            less(SEPIA, "control", "base", 0)[1],
        ],
    ),
    (
        PAGE_FILE,
        "mouth and loudness correlate to {:.2f} ± {:.2f} ({:.2f} in the first ten, {:.2f} without sound), at a lag of "
        "{:.2f} ± {:.2f} frames.",
        lambda: [
            *talk("follows", "follows", 41, 50),
            talk("follows", "follows", 1, 10)[0],
            talk("alone", "follows", 1, 10)[0],
            *talk("follows", "lag", 41, 50),
        ],
    ),
    (
        README,
        "with the LoRA that it brings, 32 storyboards, one training: likeness {:.1f} dB, {:.1f} for the model alone, "
        "{:.1f} without errors (structure {:.2f}, "
        "{:.2f}, {:.2f}); {:.0f} % of the model's loss is left. With the LoRA the squared error in the 50th clip is "
        "{:.2f} times the first clip's |",
        lambda: [
            *(at(KNOWN, arm, 50) for arm in ("erft", "base", "control")),
            *(at(KNOWN, arm, 50, "ssim") for arm in ("erft", "base", "control")),
            100 * lost(KNOWN, "erft") / lost(KNOWN, "base"),
            grown(KNOWN, "erft"),
        ],
    ),
    (
        README,
        "mouth and loudness correlate to {:.2f} ± {:.2f} in clips 41 to 50 ({:.2f} in the first ten, {:.2f} without "
        "sound), {:.2f} ± {:.2f} frames apart",
        lambda: [
            *talk("follows", "follows", 41, 50),
            talk("follows", "follows", 1, 10)[0],
            talk("alone", "follows", 1, 10)[0],
            *(abs(part) for part in talk("follows", "lag", 41, 50)),
        ],
    ),
    (
        CARD,
        "falls from {:.1f} dB in the first clip to {:.1f} in the 20th and {:.1f} in the 50th, its structure from "
        "{:.3f} to {:.3f}",
        lambda: [*falls("base", 1, 20, 50), *falls("base", 1, 50, figure="ssim")],
    ),
    (
        CARD,
        "With it a film has {:.1f} dB in the first clip, {:.1f} in the 20th and {:.1f} in the 50th (structure {:.3f} "
        "and {:.3f}): it loses {:.0f} % of what the model alone loses over fifty clips, and its squared error grows to "
        "{:.2f} times the first clip's (the model alone: {:.2f}).",
        lambda: [
            *falls("erft", 1, 20, 50),
            *falls("erft", 1, 50, figure="ssim"),
            100 * lost(KNOWN, "erft") / lost(KNOWN, "base"),
            grown(KNOWN, "erft"),
            grown(KNOWN, "base"),
        ],
    ),
    (
        CARD,
        "changes nothing ({:.1f}, {:.1f}, {:.1f}; structure {:.3f} and {:.3f}).",
        lambda: [*falls("control", 1, 20, 50), *falls("control", 1, 50, figure="ssim")],
    ),
    (
        CARD,
        "storyboard 27 falls to {:.1f} dB (the model alone {:.1f}, without errors {:.1f}), the lowest of its films; "
        "without errors none is below {:.1f}.",
        lambda: [
            min(board(number, "erft") for number in range(1, 33)),
            board(27, "base"),
            board(27, "control"),
            min(board(number, "control") for number in range(1, 33)),
        ],
    ),
    (
        CARD,
        "With error recycling {} of the 32 films end nearer to the truth than with the model alone.",
        lambda: [sum(board(number, "erft") > board(number, "base") for number in range(1, 33))],
    ),
]


@pytest.mark.parametrize(
    ("file", "words", "figures"), PROSE, ids=lambda value: value[:40] if isinstance(value, str) else "figures"
)
def test_a_sentence_says_what_the_films_say(file: str, words: str, figures: Callable[[], list[float]]) -> None:
    text = " ".join((ROOT / file).read_text("utf-8").split())
    assert words.format(*figures()) in text


def test_the_worst_storyboards_are_those_that_are_named() -> None:
    for arm in ARMS:
        worst = sorted(range(1, 33), key=lambda number: board(number, arm))[:4]
        assert {7, 15, 27} <= set(worst)


def test_most_creative_clips_were_not_held_out() -> None:
    made = creative_boards(32, 50)
    held = sum(is_held_out(script) for each in made for script in each.scripts)
    assert f"{held} of these {sum(len(each.scripts) for each in made):,} clips were held out" in " ".join(PAGE.split())
