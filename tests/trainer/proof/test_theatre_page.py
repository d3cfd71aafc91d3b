"""The tables and sentences about svi-theatre's films of Talk and Dance, computed again from every clip's figures."""

import json
import math
import re
from pathlib import Path
from statistics import fmean, stdev

import pytest

from tests.trainer.proof.theatre_films import RESULTS, T_15, chain, slope

BEFORE, NOW = RESULTS, RESULTS / "now"
"""Of the decoder of before, all arms; of the one that is shipped now, the model alone."""

RAW = {folder: json.loads((folder / "following.json").read_text("utf-8")) for folder in (BEFORE, NOW)}
PAGE = " ".join((RESULTS / "README.md").read_text("utf-8").split())
COLUMNS = {
    "correlation of mouth and loudness": "follows",
    "best lag, frames": "lag",
    "hands and feet off, of 80 units": "off",
    "likeness, dB": "psnr",
    "structure": "ssim",
}


def by_film(family: str, arm: str, figure: str, first: int, last: int, folder: Path = BEFORE) -> list[float | None]:
    """Each film's mean over its clips ``first`` to ``last``, counted from 1."""
    seen = ([v for v in film[first - 1 : last] if v is not None] for film in RAW[folder][family][arm][figure])
    return [fmean(film) if film else None for film in seen]


def interval(values: list[float]) -> tuple[float, float]:
    return fmean(values), T_15 * stdev(values) / math.sqrt(len(values))


def less(family: str, arm: str, other: str, figure: str, clips: tuple[int, int]) -> list[float]:
    pairs = zip(by_film(family, arm, figure, *clips), by_film(family, other, figure, *clips), strict=True)
    return [one - two for one, two in pairs if one is not None and two is not None]


def rows(folder: Path) -> list[tuple[Path, str, str, list[str], list[str]]]:
    """Family, the arm that is taken away (or nothing), the heads and the cells of every row of every table."""
    found, tables = [], (folder / "following.md").read_text("utf-8")
    for family, part in re.findall(r"## (\w+), 16 films of 50 clips\n(.*?)(?=\n## |\Z)", tables, re.S):
        for block in re.findall(r"(?:\|[^\n]*\n)+", part):
            head, _, *lines = ([cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines())
            found += [
                (folder, family.lower(), head[0].removeprefix("arm").removeprefix("less "), head, line)
                for line in lines
            ]
    return found


@pytest.mark.parametrize(
    ("folder", "family", "reference", "head", "cells"), [*rows(BEFORE), *rows(NOW)], ids=lambda value: str(value)[:40]
)
def test_a_row_is_what_its_films_say(
    folder: Path, family: str, reference: str, head: list[str], cells: list[str]
) -> None:
    first, last = (int(number) for number in cells[1].split(" to "))
    for name, cell in zip(head[2:], cells[2:], strict=True):
        if name == "films liker":
            better = less(family, cells[0], reference, "psnr", (first, last))
            assert cell == f"{sum(each > 0 for each in better)} of {len(better)}"
            continue
        figure = COLUMNS[name]
        values = (
            less(family, cells[0], reference, figure, (first, last))
            if reference
            else [each for each in by_film(family, cells[0], figure, first, last, folder) if each is not None]
        )
        mean, half = interval(values)
        shown = [float(each) for each in cell.split(" ± ")]
        assert shown == [pytest.approx(mean, abs=0.0011), pytest.approx(half, abs=0.0011)]


def test_the_tables_are_whole() -> None:
    assert {(family, reference) for _, family, reference, *_ in rows(BEFORE)} == {
        (family, reference) for family in ("talk", "dance") for reference in ("", "base", "control")
    }
    assert len(rows(BEFORE)) == 38
    assert {(family, cells[0]) for _, family, _, _, cells in rows(NOW)} == {
        (family, arm) for family in ("talk", "dance") for arm in ("alone", "base")
    }


EARLY, LATE = (1, 10), (41, 50)
SAID = [
    ("talk", "base", "", "follows", EARLY, "to {mean:.3f} in the first ten clips"),
    ("talk", "base", "", "follows", LATE, "to {mean:.3f} in clips 41 to 50"),
    ("talk", "base", "", "lag", LATE, "lag of {mean:.3f} ± {half:.3f} frames"),
    ("talk", "alone", "", "follows", EARLY, "Without the sound it is {mean:.3f} ± {half:.3f}"),
    ("talk", "base", "", "psnr", EARLY, "Likeness to the truth goes from {mean:.1f} to"),
    ("talk", "base", "", "psnr", LATE, "to {mean:.1f} dB, structure from 0.971"),
    ("talk", "erft", "base", "psnr", LATE, "erft less base is {mean:+.3f} ± {half:.3f} dB, erft less control +0.266"),
    ("talk", "erft", "control", "psnr", LATE, "erft less control {mean:+.3f} ± {half:.3f}: no difference"),
    ("dance", "base", "", "off", EARLY, "{mean:.2f} ± {half:.2f} of the stage's 80 units off in the first ten clips"),
    ("dance", "base", "", "off", LATE, "{mean:.2f} ± {half:.2f} in clips 41 to 50"),
    ("dance", "alone", "", "off", EARLY, "without a skeleton {mean:.2f} ± {half:.2f}"),
    ("dance", "base", "", "psnr", EARLY, "Likeness goes from {mean:.1f} to"),
    ("dance", "base", "", "psnr", LATE, "to {mean:.1f} dB, structure from 0.919"),
    ("dance", "erft", "base", "psnr", LATE, "erft less base is {mean:+.3f} ± {half:.3f} dB, erft less control +0.002"),
    ("dance", "erft", "control", "psnr", LATE, "erft less control {mean:+.3f} ± {half:.3f}; with either"),
    ("dance", "control", "base", "off", LATE, "by {mean:+.3f} ± {half:.3f} units (control)"),
    ("dance", "erft", "base", "off", LATE, "and {mean:+.3f} ± {half:.3f} (erft)"),
]


@pytest.mark.parametrize(("family", "arm", "reference", "figure", "clips", "words"), SAID)
def test_a_sentence_says_what_the_films_say(
    family: str, arm: str, reference: str, figure: str, clips: tuple[int, int], words: str
) -> None:
    values = (
        less(family, arm, reference, figure, clips)
        if reference
        else [each for each in by_film(family, arm, figure, *clips) if each is not None]
    )
    mean, half = interval(values)
    assert words.format(mean=mean, half=half) in PAGE


def less_before(family: str, figure: str, clips: tuple[int, int]) -> tuple[float, float]:
    """The model alone with the decoder of now, less the same with that of before, film by film."""
    now, before = (by_film(family, "base", figure, *clips, folder) for folder in (NOW, BEFORE))
    pairs = zip(now, before, strict=True)
    return interval([one - two for one, two in pairs if one is not None and two is not None])


README, CARD = (Path(__file__).parents[3] / part / "README.md" for part in ("", "resources/models/svi-theatre"))

SAID_NOW = [
    (RESULTS / "README.md", "talk", "base", "follows", EARLY, "With it the mouth correlates to {mean:.3f} in the"),
    (RESULTS / "README.md", "talk", "base", "follows", LATE, "first ten clips and to {mean:.3f} in clips 41 to 50"),
    (RESULTS / "README.md", "talk", "base", "lag", LATE, "at a lag of {mean:.3f} ± {half:.3f}, and"),
    (RESULTS / "README.md", "talk", "base", "psnr", EARLY, "and likeness goes from {mean:.1f} to"),
    (RESULTS / "README.md", "talk", "base", "psnr", LATE, "to {mean:.1f} dB. Without the sound"),
    (RESULTS / "README.md", "talk", "alone", "follows", EARLY, "Without the sound: {mean:.3f} ± {half:.3f}."),
    (RESULTS / "README.md", "dance", "base", "off", EARLY, "With it hands and feet are {mean:.2f} ± {half:.2f} units"),
    (RESULTS / "README.md", "dance", "base", "off", LATE, "in the first ten clips and {mean:.2f} ± {half:.2f} in"),
    (RESULTS / "README.md", "dance", "alone", "off", EARLY, "without a skeleton {mean:.2f} ± {half:.2f}; likeness"),
    (RESULTS / "README.md", "dance", "base", "psnr", EARLY, "; likeness goes from {mean:.1f} to"),
    (RESULTS / "README.md", "dance", "base", "psnr", LATE, "to {mean:.1f} dB. Less the one before"),
    (README, "talk", "base", "follows", LATE, "mouth and loudness correlate to {mean:.2f} ± {half:.2f}, 0 frames"),
    (README, "talk", "alone", "follows", EARLY, "0 frames apart ({mean:.2f} without the sound)"),
    (README, "dance", "base", "off", LATE, "hands and feet are {mean:.1f} ± {half:.1f} of the theatre's 80 units"),
    (README, "dance", "alone", "off", EARLY, "units off ({mean:.1f} without a skeleton)"),
    (CARD, "talk", "base", "follows", EARLY, "mouth and loudness | {mean:.2f} ± {half:.2f} |"),
    (CARD, "talk", "base", "follows", LATE, "| {mean:.2f} ± {half:.2f}, 0.0 frames apart |"),
    (CARD, "talk", "alone", "follows", EARLY, "0.0 frames apart | {mean:.2f} ± {half:.2f} |"),
    (CARD, "talk", "base", "psnr", EARLY, "| likeness to the truth, dB | {mean:.1f} |"),
    (CARD, "dance", "base", "off", EARLY, "(80 wide) | {mean:.1f} ± {half:.1f} |"),
    (CARD, "dance", "base", "off", LATE, "± 0.4 | {mean:.1f} ± {half:.1f} |"),
    (CARD, "dance", "alone", "off", EARLY, "± 0.5 | {mean:.1f} ± {half:.1f} |"),
]


@pytest.mark.parametrize(("file", "family", "arm", "figure", "clips", "words"), SAID_NOW)
def test_what_is_said_of_the_decoder_of_now_is_what_its_films_say(
    file: Path, family: str, arm: str, figure: str, clips: tuple[int, int], words: str
) -> None:
    mean, half = interval([each for each in by_film(family, arm, figure, *clips, NOW) if each is not None])
    assert words.format(mean=mean, half=half) in " ".join(file.read_text("utf-8").split())


@pytest.mark.parametrize(
    ("family", "figure", "words"),
    [
        ("talk", "psnr", "Less the one before, in clips 41 to 50: {:+.2f} ± {:.2f} dB, structure +0.005"),
        ("talk", "ssim", "+0.72 ± 0.60 dB, structure {:+.3f} ± {:.3f}."),
        ("dance", "psnr", "Less the one before, in clips 41 to 50: {:+.2f} ± {:.2f} dB, structure +0.008"),
        ("dance", "ssim", "+0.26 ± 0.08 dB, structure {:+.3f} ± {:.3f}, hands"),
        ("dance", "off", "hands and feet {:+.2f} ± {:.2f} units: **no difference**"),
    ],
)
def test_what_the_decoder_of_now_brings_is_taken_film_by_film(family: str, figure: str, words: str) -> None:
    assert words.format(*less_before(family, figure, LATE)) in PAGE


def test_film_and_pro_end_where_it_is_said() -> None:
    film, pro = chain("film", "psnr"), chain("pro", "psnr")
    ends = [f"{fmean(each[k] for each in arm):.1f}" for arm in (film, pro) for k in (0, -1)]
    assert f"from {ends[0]} to {ends[1]} dB in the 50th clip, Pro's from {ends[2]} to {ends[3]};" in PAGE
    slopes = [interval([slope(each[19:]) for each in arm]) for arm in (film, pro)]
    words = "changes by {:+.2f} ± {:.2f} dB in ten clips, Pro by {:+.2f} ± {:.2f}."
    assert words.format(*slopes[0], *slopes[1]) in PAGE


@pytest.mark.parametrize(
    ("figure", "clip", "words"),
    [
        ("psnr", 0, "(Pro less Film {:+.2f} ± {:.2f} dB)"),
        ("psnr", -1, "In the 50th clip Pro less Film is {:+.3f} ± {:.3f} dB"),
        ("ssim", -1, "structure {:+.3f} ± {:.3f}: **"),
    ],
)
def test_pro_less_film_is_taken_film_by_film(figure: str, clip: int, words: str) -> None:
    pairs = zip(chain("pro", figure), chain("film", figure), strict=True)
    assert words.format(*interval([pro[clip] - film[clip] for pro, film in pairs])) in PAGE


@pytest.mark.parametrize(
    ("family", "arm", "reference", "figure", "clip", "words"),
    [
        (
            "film",
            "erft",
            "base",
            "psnr",
            -1,
            "In the 50th clip erft less base is {:+.3f} ± {:.3f} dB, structure +0.010",
        ),
        ("film", "erft", "base", "ssim", -1, "structure {:+.3f} ± {:.3f}; erft less control is +0.033"),
        ("film", "erft", "control", "psnr", -1, "{:+.3f} ± {:.3f} dB: **no difference**. Either"),
        ("pro", "erft", "base", "psnr", -1, "In the 50th clip erft less base is {:+.3f} ± {:.3f} dB, structure -0.002"),
        ("pro", "erft", "base", "ssim", -1, "structure {:+.3f} ± {:.3f}; erft less control is +0.006"),
        ("pro", "erft", "control", "psnr", -1, "{:+.3f} ± {:.3f} dB: **no difference by likeness"),
        ("pro", "experts", "base", "psnr", -1, "experts less base is {:+.3f} ± {:.3f} dB"),
        ("pro", "experts", "base", "ssim", -1, "structure {:+.3f} ± {:.3f}: **further"),
        ("pro", "experts", "base", "psnr", 0, "the first clip on ({:+.3f} ± {:.3f} dB"),
        ("pro", "experts", "base", "ssim", 0, "structure {:+.3f} ± {:.3f}); from the 20th"),
    ],
)
def test_what_an_arm_does_to_a_chain_is_taken_film_by_film(
    family: str, arm: str, reference: str, figure: str, clip: int, words: str
) -> None:
    pairs = zip(chain(family, figure, arm), chain(family, figure, reference), strict=True)
    assert words.format(*interval([ours[clip] - theirs[clip] for ours, theirs in pairs])) in PAGE


@pytest.mark.parametrize(
    ("family", "arm", "words"),
    [
        ("film", "erft", "With error recycling Film's likeness goes from {} to {} dB."),
        ("pro", "erft", "With error recycling Pro's likeness goes from {} to {} dB."),
        ("pro", "experts", "their likeness goes from {} to {} dB."),
    ],
)
def test_an_arm_of_a_chain_ends_where_it_is_said(family: str, arm: str, words: str) -> None:
    ends = (f"{fmean(film[k] for film in chain(family, 'psnr', arm)):.1f}" for k in (0, -1))
    assert words.format(*ends) in PAGE


def test_the_experts_are_counted_and_their_drift_is_said() -> None:
    ours, theirs = (chain("pro", "psnr", arm) for arm in ("experts", "base"))
    better = sum(one[-1] > other[-1] for one, other in zip(ours, theirs, strict=True))
    assert f"better in {better} of {len(ours)} films" in PAGE
    assert "change by {:+.2f} ± {:.2f} dB in ten clips.".format(*interval([slope(each[19:]) for each in ours])) in PAGE
