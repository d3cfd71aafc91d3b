"""Every figure on the pages of the registered proof, computed again from the raw figures by the words of PROTOCOL.md.

Nothing of `trainer.proof.registered` takes part, but in the samples at the end, by which the checks are tried."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.trainer.proof.registered_figures import (
    CHANGED,
    FOLLOWED,
    LOST,
    PRIMARY,
    QUESTION,
    QUESTIONS,
    RESULTS,
    ROOT,
    Numbers,
    Raw,
    copies,
    estimate,
    estimates,
    headings,
    read,
    rooms,
    signs,
    student,
)

PAGES = sorted(path.stem for path in RESULTS.glob("*.md") if path.stem != "README")
BESIDE = {"copied-clip", "to-and-fro", "picture-alone", "autoencoder-alone"}  # they are compared with nothing
SECONDARY = {
    "subject": "subject",
    "own colour": "own_colour",
    "scene": "scene",
    "motion followed": FOLLOWED,
    "motion": "relative_motion",
    "colour off, levels": "colour",
    "sharpness": "sharpness",
    "contrast": "contrast",
}
LATER = (1, 3, 5)  # clips after a damaged frame
Wanted = str | Callable[[str], bool]


def shows(found: Numbers, digits: int, *, less: bool = False) -> Callable[[str], bool]:
    """Whether a cell has the file's numbers, in so many digits; a difference has signs, and a mark where none is sure.

    Its last digit may be off by what the rounding of the raw figures may do, beyond its own.
    """

    def is_right(cell: str) -> bool:
        if not len(found):
            return cell == ""
        number = rf"({'[+-]' if less else '-?'}\d+\.\d{{{digits}}})"
        mark = r"( \(no difference\))?" if less else ""
        pattern = number if found.shape[1] == 1 else rf"{number} \[{number}, {number}\]{mark}"
        if not (match := re.fullmatch(pattern, cell)):
            return False
        shown = np.array([float(part) for part in match.groups()[: found.shape[1]]])
        if less and not signs(found) & ({0} if match[4] else {1, -1}):
            return False
        return bool((np.abs(shown - found[0]) <= 0.5 * 10.0**-digits + rooms(found)).all())

    return is_right


def nearer(raw: Raw, arm: str, reference: str) -> Callable[[str], bool]:
    """Whether a cell counts the films whose likeness where it changes ends higher, trainings averaged."""
    ours, theirs = (raw.values(name, CHANGED, raw.content["clips"][-1]).mean(axis=1) for name in (arm, reference))
    gains = (ours - theirs)[:, ~np.isnan(ours - theirs)[0]]
    fewest, most = (int((gains[0] + sign * rooms(gains) > 0).sum()) for sign in (-1, 1))
    return lambda cell: cell in {f"{count} of {gains.shape[1]}" for count in range(fewest, most + 1)}


@cache
def tables(raw: Raw) -> list[list[list[Wanted]]]:
    """The three of a page, row by row, with their heads: the words of a cell, or what it has to pass."""
    clips, last = raw.content["clips"], raw.content["clips"][-1]
    digits = {figure: 3 if figure == "ssim" else 2 for figure in PRIMARY.values()}
    heads = (head for name in PRIMARY for head in (f"{name}: clip 1", f"clip {last}", "lost"))
    ends: list[list[Wanted]] = [["arm", "trainings", *heads]]
    for arm, made in raw.arms.items():
        of = product(PRIMARY.values(), (1, last, LOST))
        cells = [shows(estimates(raw, arm, "", figure, clip), digits[figure]) for figure, clip in of]
        ends.append([arm, str(made.shape[1]), *cells])

    less: list[list[Wanted]] = [["less"]]
    less[0] += [*(head for name in PRIMARY for head in (f"{name}: clip {last}", "lost")), "films nearer"]
    references = QUESTIONS.get(raw.content["section"], QUESTION)[1]
    for number, reference in enumerate(references):
        for arm in (name for name in raw.arms if name not in {*references[number:], *BESIDE}):
            of = product(PRIMARY.values(), (last, LOST))
            cells = [shows(estimates(raw, arm, reference, f, clip), digits[f], less=True) for f, clip in of]
            less.append([f"{arm} less {reference}", *cells, nearer(raw, arm, reference)])

    means: list[list[Wanted]] = [["clip", "arm", *SECONDARY]]
    for clip, arm in product(clips, raw.arms):
        cells = [shows(estimates(raw, arm, "", figure, clip)[:, :1], 2) for figure in SECONDARY.values()]
        means.append([str(clip), arm, *cells])
    return [ends, less, means]


def healing_tables(content: dict[str, Any]) -> list[list[list[Wanted]]]:
    """One a primary figure: what the base's frame was worth, and what every arm makes of it 1, 3 and 5 clips later."""
    after = [f"{clip} after it" for clip in LATER]
    return [
        [
            ["the base's clip", "arm", name, *after, f"{after[-1]}, less the base's"],
            *_healed_rows(content["handed"][figure], content["healed"][figure], 3 if figure == "ssim" else 2),
        ]
        for name, figure in PRIMARY.items()
    ]


def _healed_rows(handed: dict[str, Any], healed: dict[str, Any], digits: int) -> Iterator[list[Wanted]]:
    rng = np.random.default_rng(1)
    for clip, made in healed.items():
        before = estimate([copies([handed[clip]], rng)])
        arms = {arm: copies(films, rng) for arm, films in made.items()}  # [copy, training, film, clip after it]
        for arm, films in arms.items():
            after = [shows(estimate([films[..., k - 1]]), digits) for k in LATER]
            less = estimate([films[..., LATER[-1] - 1], arms["base"][..., LATER[-1] - 1]])
            more = shows(less, digits, less=True) if arm != "base" else ""
            yield [clip, arm, shows(before, digits), *after, more]


def problems(raw: Raw, page: str, healing: dict[str, Any] | None = None) -> list[str]:
    """What a page says otherwise than its films do, and the films of what is healed, which have a file of their own."""
    (line, _, rest), (_, parted, healed) = page.partition("\n"), page.partition("\n## Healing\n")
    found = [] if line in headings(raw) else [f"{line}: not among {headings(raw)}"]
    found += ["healing is told, and there is no file of it, or the other way round"] * (
        bool(parted) is not bool(healing)
    )
    rest = rest.removesuffix(f"\n## Healing\n{healed}") if parted else rest
    return found + wrong_rows(rest, tables(raw)) + (wrong_rows(healed, healing_tables(healing)) if healing else [])


def wrong_rows(rest: str, wanted: list[list[list[Wanted]]]) -> list[str]:
    """What is otherwise than in the tables that a part of a page should have, and nothing else."""
    found = ["it says more than tables"] * bool(re.search(r"^[^|\n]", rest, re.MULTILINE))
    blocks = [block.splitlines() for block in re.findall(r"(?:\|[^\n]*(?:\n|\Z))+", rest)]
    if [len(block) - 1 for block in blocks] != [len(table) for table in wanted]:
        return [*found, "not the tables that it should have, or not their rows"]
    for block, table in zip(blocks, wanted, strict=True):
        for text, row in zip([block[0], *block[2:]], table, strict=True):
            cells = [cell.strip() for cell in text.removeprefix("|").removesuffix("|").split("|")]
            right = [each(cell) if callable(each) else cell == each for cell, each in zip(cells, row, strict=False)]
            found += [] if all(right) and len(cells) == len(row) else [f"{text}: {right}"]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_its_films_say(name: str) -> None:
    raw, page = read(RESULTS / f"{name}.json"), (RESULTS / f"{name}.md").read_text("utf-8")
    found = RESULTS / f"healing-{name.removeprefix('shot-')}.json"
    assert problems(raw, page, json.loads(found.read_text("utf-8")) if found.exists() else None) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_measure_applies_to_the_same_films_in_every_training(name: str) -> None:
    """Else it would matter whether trainings are averaged before films or after."""
    for made in read(RESULTS / f"{name}.json").arms.values():
        assert (np.isnan(made) == np.isnan(made[:, :1])).all()


def test_every_section_has_its_page() -> None:
    names = {path.stem for path in RESULTS.glob("*.json")}
    assert {name for name in names if not name.startswith("healing-")} == {*PAGES}


HERE, PAGE, README = "trainer/proof/results/registered/README.md", "trainer/proof/results/README.md", "README.md"
CARD = "resources/models/svi-mini/README.md"
SEPIA, PLAIN, SHOT, NO_ANCHOR = "film-sepia", "film-plain", "shot-plain", "base-no-anchor"
BROWN = "shot-sepia"
BOUNDS = "{mean:+.2f} [{low:+.2f}, {high:+.2f}]"
THIN = "{mean:+.3f} [{low:+.3f}, {high:+.3f}]"

SAID: list[tuple[str, str, str, str, str, int, str]] = [
    (HERE, SEPIA, "erft", "", "psnr", LOST, "*erft* loses {mean:.2f} dB of likeness"),
    (HERE, SEPIA, "control", "", "psnr", LOST, "of likeness, *control* {mean:.2f}:"),
    (HERE, SEPIA, "erft", "control", "psnr", LOST, f"the difference is {BOUNDS}."),
    (HERE, SEPIA, "control", "base", CHANGED, 50, f"*control* has too: {BOUNDS} dB"),
    (HERE, SEPIA, "erft", "", "ssim", 1, "Structure falls from {mean:.3f} to 0.687"),
    (HERE, SEPIA, "base", "", "ssim", 1, "the base's ({mean:.3f} to 0.748)"),
    (HERE, SEPIA, "base", "", "colour", 50, "the colours that it knows: {mean:.0f} levels off"),
    (HERE, SEPIA, "erft", "", "colour", 50, "levels off, *erft* {mean:.0f}, *control*"),
    (HERE, SEPIA, "control", "", "colour", 50, "*erft* 10, *control* {mean:.0f}."),
    (HERE, SEPIA, "erft", "", "subject", 50, "Subjects are recognised in {mean:.2f} of the last frames"),
    (HERE, SEPIA, "control", "", "subject", 50, "last frames (*control* {mean:.2f},"),
    (HERE, SEPIA, "base", "", "subject", 50, "the base {mean:.2f}), scenes"),
    (HERE, SEPIA, "erft", "", "scene", 50, "scenes in {mean:.2f} ("),
    (HERE, SEPIA, "control", "", "scene", 50, "scenes in 0.93 ({mean:.2f},"),
    (HERE, SEPIA, "base", "", "scene", 50, "scenes in 0.93 (0.82, {mean:.2f})."),
    (HERE, SEPIA, "erft", "", FOLLOWED, 50, "*erft* follows {mean:.2f} in the last clip"),
    (HERE, SEPIA, "control", "", FOLLOWED, 50, "in the last clip, *control* {mean:.2f}, the base"),
    (HERE, SEPIA, "base", "", FOLLOWED, 50, "the base {mean:.2f}; the truth itself"),
    (HERE, SEPIA, "base", "", FOLLOWED, 1, "half of the {mean:.2f} that the base follows in its first clip"),
    (HERE, SEPIA, "picture-alone", "", CHANGED, 50, "the start picture held still has {mean:.2f} dB"),
    (HERE, SEPIA, "copied-clip", "", CHANGED, 50, "again and again {mean:.2f}, one flat colour"),
    (HERE, SEPIA, "picture-alone", "", "psnr", 50, "ahead of every film ({mean:.2f} dB"),
    (HERE, SEPIA, "picture-alone", "", "ssim", 50, "(28.58 dB, {mean:.3f})"),
    (HERE, SEPIA, "autoencoder-alone", "", "psnr", 50, "fifty times ends at {mean:.2f} dB"),
    (HERE, SEPIA, "autoencoder-alone", "", "psnr", 1, "dB, from {mean:.2f}, and"),
    (HERE, SEPIA, "autoencoder-alone", "", "ssim", 50, "a structure of {mean:.3f}."),
    (HERE, SEPIA, "degraded", "control", CHANGED, 50, f"*Degraded* less *control* is {BOUNDS} dB"),
    (HERE, SEPIA, "degraded", "control", "psnr", 50, f"where it changes, {BOUNDS} in likeness"),
    (HERE, SEPIA, "degraded", "control", "ssim", 50, f"in likeness, structure {THIN}."),
    (PAGE, SEPIA, "erft", "control", CHANGED, 50, f"*erft* less *control* is {BOUNDS} dB where"),
    (PAGE, SEPIA, "erft", "control", "psnr", 50, f"{BOUNDS} dB in likeness, and no different"),
    (PAGE, SEPIA, "erft", "base", "psnr", 50, f"Less the model alone it is {BOUNDS} dB in likeness"),
    (PAGE, SEPIA, "erft", "base", "ssim", 50, f"and {THIN} in structure"),
    (README, SEPIA, "erft", "control", CHANGED, 50, f"In the 50th clip {BOUNDS} dB nearer"),
    (README, SEPIA, "erft", "control", "psnr", 50, f"(likeness {BOUNDS}, structure no different)"),
    (README, SEPIA, "erft", "base", "psnr", 50, f"less the model alone likeness {BOUNDS},"),
    (README, SEPIA, "erft", "base", "ssim", 50, f"structure {THIN}: mixed"),
    (CARD, SEPIA, "erft", "control", CHANGED, 50, f"such a LoRA ends {BOUNDS} dB nearer"),
    (CARD, SEPIA, "erft", "base", "psnr", 50, f"By likeness it is {BOUNDS} dB above"),
    (CARD, SEPIA, "erft", "base", "ssim", 50, f"by structure {THIN} below"),
    (HERE, PLAIN, "erft", "base", "psnr", LOST, f"than with the base ({BOUNDS} dB)"),
    (HERE, PLAIN, "erft", "control", "psnr", LOST, f"against the control it is not ({BOUNDS})."),
    (HERE, PLAIN, "erft", "", "psnr", 1, "likeness from {mean:.2f} to 24.14 dB with *erft*"),
    (HERE, PLAIN, "base", "", "psnr", 1, "from {mean:.2f} to 23.71 with the base"),
    (HERE, PLAIN, "erft", "", FOLLOWED, 50, "motion *erft* follows {mean:.2f} in the last clip"),
    (HERE, PLAIN, "control", "", FOLLOWED, 50, "in the last clip, *control* {mean:.2f}, the base 0.36"),
    (HERE, PLAIN, "base", "", FOLLOWED, 50, "the base {mean:.2f}, from 0.54"),
    (HERE, PLAIN, "base", "", FOLLOWED, 1, "from {mean:.2f} in the first one"),
    (
        HERE,
        PLAIN,
        "erft",
        "",
        "subject",
        50,
        "Subjects are recognised in {mean:.2f} of the last frames (*control* 0.93",
    ),
    (HERE, PLAIN, "control", "", "subject", 50, "last frames (*control* {mean:.2f}, the base 0.97), their"),
    (HERE, PLAIN, "base", "", "subject", 50, "the base {mean:.2f}), their colours"),
    (HERE, PLAIN, "erft", "", "own_colour", 50, "their colours in {mean:.2f} ("),
    (HERE, PLAIN, "control", "", "own_colour", 50, "their colours in 0.97 ({mean:.2f},"),
    (HERE, PLAIN, "base", "", "own_colour", 50, "in 0.97 (0.92, {mean:.2f})."),
    (HERE, PLAIN, "copied-clip", "", CHANGED, 50, "again and again has {mean:.2f} dB where it changes"),
    (HERE, PLAIN, "copied-clip", "", "psnr", 50, "a likeness of {mean:.2f}, the start"),
    (HERE, PLAIN, "picture-alone", "", CHANGED, 50, "held still {mean:.2f} and 25.62."),
    (HERE, PLAIN, "picture-alone", "", "psnr", 50, "held still 10.22 and {mean:.2f}."),
    (HERE, PLAIN, "autoencoder-alone", "", "psnr", 50, "fifty times ends at {mean:.2f} dB, from 30.54"),
    (HERE, PLAIN, "autoencoder-alone", "", "psnr", 1, "dB, from {mean:.2f}: below every film"),
    *(
        (file, PLAIN, "erft", reference, figure, 50, words)
        for file, words_of in (
            (
                PAGE,
                (
                    "*erft* less *control* is {} dB where the truth changes and",
                    "changes and {} dB in likeness, less",
                    "the model alone {} and",
                    "and {} dB. The gain",
                ),
            ),
            (
                README,
                (
                    "no difference ({} dB where it changes",
                    "changes, likeness {}; less",
                    "less the model alone {} and",
                    "and {}). An earlier",
                ),
            ),
        )
        for (reference, figure), words in zip(
            product(("control", "base"), (CHANGED, "psnr")), (each.format(BOUNDS) for each in words_of), strict=True
        )
    ),
    (CARD, PLAIN, "erft", "control", CHANGED, 50, f"a LoRA without it was {BOUNDS} dB where the truth changes"),
    (CARD, PLAIN, "erft", "base", CHANGED, 50, f"less the model alone {BOUNDS} ([page]"),
    (HERE, BROWN, "erft", "", "psnr", LOST, "clip to the last *erft* loses {mean:.2f} dB of likeness, *control* 3"),
    (HERE, BROWN, "control", "", "psnr", LOST, "of likeness, *control* {mean:.2f}: the difference is -1.34"),
    (HERE, BROWN, "erft", "control", "psnr", LOST, f"the difference is {BOUNDS}. Most"),
    (HERE, BROWN, "control", "base", CHANGED, 50, f"learned the look: {BOUNDS} dB"),
    (HERE, BROWN, "erft", "", "ssim", 1, "Structure falls from {mean:.3f} to 0.693, the base"),
    (HERE, BROWN, "base", "", "ssim", 1, "the base's from {mean:.3f} to 0.738."),
    (HERE, BROWN, "base", "", "colour", 50, "repaints the picture, {mean:.0f} levels off"),
    (HERE, BROWN, "erft", "", "colour", 50, "and *control* do not ({mean:.0f} and 11)"),
    (HERE, BROWN, "control", "", "colour", 50, "and *control* do not (10 and {mean:.0f})"),
    (HERE, BROWN, "erft", "", "subject", 50, "recognised in {mean:.2f} of the last frames of *erft*"),
    (HERE, BROWN, "control", "", "subject", 50, "frames of *erft* (*control* {mean:.2f}, the base"),
    (HERE, BROWN, "base", "", "subject", 50, "the base {mean:.2f}), scenes in 0.94"),
    (HERE, BROWN, "erft", "", "scene", 50, "scenes in {mean:.2f} (0.89"),
    (HERE, BROWN, "control", "", "scene", 50, "scenes in 0.94 ({mean:.2f}, 0.69)"),
    (HERE, BROWN, "base", "", "scene", 50, "scenes in 0.94 (0.89, {mean:.2f})"),
    (HERE, BROWN, "erft", "", FOLLOWED, 50, "*erft* follows {mean:.2f} of the truth's motion"),
    (HERE, BROWN, "control", "", FOLLOWED, 50, "in the last clip, *control* {mean:.2f}, the base 0.32"),
    (HERE, BROWN, "base", "", FOLLOWED, 50, "the base {mean:.2f}, from 0.54 in its first one"),
    (HERE, BROWN, "base", "", FOLLOWED, 1, "from {mean:.2f} in its first one"),
    (HERE, BROWN, "copied-clip", "", CHANGED, 50, "again and again has {mean:.2f} dB where it changes, below both"),
    (HERE, BROWN, "copied-clip", "", "psnr", 50, "a likeness of {mean:.2f}, above *control*"),
    (HERE, BROWN, "picture-alone", "", CHANGED, 50, "held still has {mean:.2f} and 28.58."),
    (HERE, BROWN, "picture-alone", "", "psnr", 50, "held still has 12.68 and {mean:.2f}."),
    (HERE, BROWN, "autoencoder-alone", "", "psnr", 50, "a still picture ends at {mean:.2f} dB after fifty trips"),
    (
        PAGE,
        BROWN,
        "erft",
        "control",
        CHANGED,
        50,
        f"*erft* less *control* is {BOUNDS} dB where the truth changes, +1.28",
    ),
    (PAGE, BROWN, "erft", "control", "psnr", 50, f"changes, {BOUNDS} dB in likeness, and no different"),
    (PAGE, BROWN, "erft", "base", "psnr", 50, f"less the model alone {BOUNDS} dB in likeness, -0.045"),
    (PAGE, BROWN, "erft", "base", "ssim", 50, f"dB in likeness, {THIN} in structure"),
    (README, BROWN, "erft", "control", CHANGED, 50, f"in that look: {BOUNDS} dB nearer"),
    (README, BROWN, "erft", "control", "psnr", 50, f"without errors (likeness {BOUNDS}, structure no different), less"),
    (README, BROWN, "erft", "base", "psnr", 50, f"less the model alone likeness {BOUNDS}, structure -0.045"),
    (README, BROWN, "erft", "base", "ssim", 50, f"structure {THIN}: mixed as well"),
    (CARD, BROWN, "erft", "control", CHANGED, 50, f"with the reference picture, it is {BOUNDS} dB nearer"),
    (CARD, BROWN, "erft", "base", "ssim", 50, f"by structure {THIN} below the model alone"),
    (HERE, SHOT, "base", "", "psnr", LOST, "the model loses {mean:.2f} dB of likeness from the first"),
    (HERE, SHOT, NO_ANCHOR, "", "psnr", LOST, "to the last, without it {mean:.2f}: by likeness"),
    (HERE, SHOT, "base", "", FOLLOWED, 50, "with the picture**: {mean:.2f} of the truth"),
    (HERE, SHOT, NO_ANCHOR, "", FOLLOWED, 50, "without it {mean:.2f}, from 0.54"),
    (HERE, SHOT, "base", "", FOLLOWED, 1, "from {mean:.2f} in the first. Subjects"),
    (HERE, SHOT, NO_ANCHOR, "", FOLLOWED, 1, "from {mean:.2f} in the first. Subjects"),
    (HERE, SHOT, "base", "", "subject", 50, "recognised in {mean:.2f} of the last frames, without"),
    (HERE, SHOT, NO_ANCHOR, "", "subject", 50, "frames, without it in {mean:.2f}."),
    (
        PAGE,
        SHOT,
        NO_ANCHOR,
        "base",
        CHANGED,
        50,
        f"difference is {BOUNDS} dB where the truth changes for the films without",
    ),
    (PAGE, SHOT, NO_ANCHOR, "base", "psnr", 50, f"for the films without, likeness {BOUNDS}."),
    (HERE, SHOT, "autoencoder-alone", "", "psnr", 50, "fifty times ends at {mean:.2f} dB, as above"),
]
"""File, section, arm, reference or "", figure, clip or LOST, and words of the file with {mean}, {low} and {high}."""


def is_said(found: Numbers, words: str, text: str) -> bool:
    """Whether the words stand there with the file's figures, as near as rounding reaches."""
    told = list(re.finditer(r"\{(mean|low|high):(\+?)\.(\d)f\}", words))
    pattern = re.escape(words)
    for each in told:
        sign = "[+-]" if each[2] else "-?"
        point = rf"\.\d{{{each[3]}}}" if each[3] != "0" else ""
        pattern = pattern.replace(re.escape(each[0]), rf"({sign}\d+{point})", 1)
    places = [("mean", "low", "high").index(each[1]) for each in told]
    room = [0.5 * 10 ** -int(each[3]) + rooms(found)[place] for each, place in zip(told, places, strict=True)]
    return any(
        (np.abs(np.array(match.groups(), np.float64) - found[0, places]) <= room).all()
        for match in re.finditer(pattern, text)
    )


@pytest.mark.parametrize(("file", "section", "arm", "reference", "figure", "clip", "words"), SAID)
def test_a_sentence_says_what_the_films_say(
    file: str, section: str, arm: str, reference: str, figure: str, clip: int, words: str
) -> None:
    raw, text = read(RESULTS / f"{section}.json"), " ".join((ROOT / file).read_text("utf-8").split())
    assert is_said(estimates(raw, arm, reference, figure, clip), words, text)


HEALED: list[tuple[str, str, int, str, str, str, int, str]] = [
    (HERE, "sepia", 30, "base", "", "psnr", 0, "30th clip has a likeness of {mean:.2f} dB."),
    (HERE, "sepia", 30, "erft", "", "psnr", 1, "The next one has {mean:.2f} dB if *erft* makes it"),
    (HERE, "sepia", 30, "control", "", "psnr", 1, "makes it, {mean:.2f} if *control* does"),
    (HERE, "sepia", 30, "base", "", "psnr", 1, "and {mean:.2f} by the base itself"),
    (HERE, "sepia", 30, "erft", "control", "psnr", 1, f"*Erft* less *control* is {BOUNDS} dB there"),
    (HERE, "sepia", 30, "erft", "control", CHANGED, 1, f"and {BOUNDS} dB where it changes. After"),
    (HERE, "sepia", 1, "erft", "control", "psnr", 1, f"hardly damaged, it is {BOUNDS} dB"),
    (HERE, "sepia", 30, "control", "", "psnr", 5, "after the frame it has {mean:.2f} dB, *erft* 21.59"),
    (HERE, "sepia", 30, "erft", "", "psnr", 5, "*erft* {mean:.2f}, about as much as its own films"),
    (HERE, "sepia", 30, "erft", "control", "psnr", 5, f"the difference is {BOUNDS} dB, and where"),
    (HERE, "sepia", 30, "erft", "control", CHANGED, 5, f"where it changes {BOUNDS} dB. **The"),
    (PAGE, "sepia", 30, "base", "", "psnr", 0, "thirtieth clip, of {mean:.2f} dB"),
    (PAGE, "sepia", 30, "erft", "", "psnr", 1, "makes a next clip of {mean:.2f} dB"),
    (PAGE, "sepia", 30, "control", "", "psnr", 1, "the one without {mean:.2f}, the model alone"),
    (PAGE, "sepia", 30, "base", "", "psnr", 1, "the model alone {mean:.2f}. Five"),
    (PAGE, "sepia", 30, "control", "", "psnr", 5, "the one without has come to {mean:.2f} ("),
]
"""File, look, clip whose last frame was handed on, arm, reference or "", figure, clip after it (0: itself), words."""


@pytest.mark.parametrize(("file", "look", "handed", "arm", "reference", "figure", "after", "words"), HEALED)
def test_a_sentence_says_what_was_healed(
    file: str, look: str, handed: int, arm: str, reference: str, figure: str, after: int, words: str
) -> None:
    content = json.loads((RESULTS / f"healing-{look}.json").read_text("utf-8"))
    made, rng = content["healed"][figure][str(handed)], np.random.default_rng(1)
    films = [copies(made[name], rng)[..., after - 1] for name in (arm, reference) if name]
    found = estimate(films if after else [copies([content["handed"][figure][str(handed)]], rng)])
    assert is_said(found, words, " ".join((ROOT / file).read_text("utf-8").split()))


def summaries() -> list[tuple[str, str, str]]:
    """Section, name of a row and its cells, of the tables in which the page sums sections up."""
    found = []
    for part in re.split(r"^## ", (ROOT / HERE).read_text("utf-8"), flags=re.MULTILINE)[1:]:
        for section in re.findall(r"^\[([\w-]+)\.json\]\(\1\.json\)", part, re.MULTILINE):
            rows = re.findall(r"^\| ([^|]+?) \| (.+) \|$", part, re.MULTILINE)
            found += [(section, *row) for row in rows]
    return found


@pytest.mark.parametrize(("section", "row", "cells"), summaries())
def test_a_summary_says_what_the_films_say(section: str, row: str, cells: str) -> None:
    raw, (arm, _, reference) = read(RESULTS / f"{section}.json"), row.partition(" less ")
    clip = raw.content["clips"][-1]
    if row == f"in the {clip}th clip":
        assert cells.split(" | ") == [*PRIMARY]
        return
    for figure, cell in zip(PRIMARY.values(), cells.split(" | "), strict=True):
        found = estimates(raw, arm, reference, figure, clip)
        digits = 3 if figure == "ssim" else 2
        is_right = shows(found, digits, less=True) if reference else shows(found[:, :1], digits)
        assert is_right(cell), cell


def test_every_section_is_summed_up_with_its_heading() -> None:
    text = (ROOT / HERE).read_text("utf-8")
    assert {section for section, *_ in summaries()} == {*PAGES}
    for name in PAGES:
        (heading,) = re.findall(rf"^#(# .+)\n\n\[{name}\.json\]", text, re.MULTILINE)
        assert heading.removeprefix("#").strip() in {
            each.removeprefix("# ") for each in headings(read(RESULTS / f"{name}.json"))
        }


def test_films_are_counted_and_the_median_is_said() -> None:
    raw = read(RESULTS / "film-sepia.json")
    is_right = nearer(raw, "erft", "control")
    text = " ".join((ROOT / HERE).read_text("utf-8").split())
    film, shot = re.findall(r"\*\* (\d+ of 64) films end nearer", text)
    assert is_right(film)
    assert nearer(read(RESULTS / "shot-sepia.json"), "erft", "control")(shot)
    (said,) = re.findall(r"\*\* (\d+ of 64) end nearer", text)
    assert nearer(read(RESULTS / "film-plain.json"), "erft", "control")(said)
    ours, theirs = (raw.values(arm, CHANGED, 50)[0].mean(axis=0) for arm in ("erft", "control"))
    gains = np.sort((ours - theirs)[~np.isnan(ours - theirs)])
    words = (
        "where it changes, than with a LoRA that was trained as long without errors, which no eye sees (the best film"
    )
    told = (
        f"{gains[(len(gains) - 1) // 2]:.1f} dB nearer to the truth after fifty clips, {words} gains {gains[-1]:.1f}, "
    )
    assert f"{told}the worst loses {-gains[0]:.1f})" in " ".join((ROOT / README).read_text("utf-8").split())


def sample(folder: Path, section_name: str, *gains: float) -> tuple[Raw, str]:
    """A section's figures by chance, as the program writes them; ``gains``: of its main arm, and what that follows."""
    from trainer.proof.registered.filming import BESIDE as WITHOUT_MODEL
    from trainer.proof.registered.films import FIGURES, Films
    from trainer.proof.registered.report import Arms, write_report
    from trainer.proof.registered.sections import sections
    from trainer.proof.registered.settings import Sizes
    from trainer.proof.registered.tables import differences_table, ends_table, secondary_table
    from trainer.proof.registered.verdict import heading

    section = next(each for each in sections(Sizes()) if each.name == section_name)
    rng = np.random.default_rng(1)
    scale = np.array([0.03 if name == "ssim" else 0.1 if name == FOLLOWED else 1 for name in FIGURES])
    middle = np.array([{"ssim": 0.8, FOLLOWED: 0.5}.get(name, 20) for name in FIGURES])
    shared = rng.normal(middle, 2 * scale, (section.boards, section.clips, len(FIGURES)))
    missing = np.array([[name == CHANGED and film % 9 == 2 for name in FIGURES] for film in range(section.boards)])
    missing[:, FIGURES.index("own_colour")] = True  # as in sepia

    def made(arm: str) -> Films:
        films = Films(folder / "none")
        figures = shared + rng.normal(0, 0.1, len(FIGURES)) * scale + rng.normal(0, scale, shared.shape)
        for figure, gain in zip((*PRIMARY.values(), FOLLOWED), gains if arm == section.main[0] else (), strict=False):
            figures[:, 1:, FIGURES.index(figure)] += gain
        alone = [name in (CHANGED, FOLLOWED) and arm == "autoencoder-alone" for name in FIGURES]
        films.figures = np.where(missing[:, None] | alone, np.nan, figures).astype(np.float32)
        return films

    arms: Arms = {arm.name: [made(arm.name) for _ in arm.trainings or (None,)] for arm in section.arms}
    arms |= {name: [made(name)] for name in WITHOUT_MODEL if section.naive}
    write_report(section, arms, folder / "section.json", "filmed")
    page = [f"# {heading(section, arms)}\n", ends_table(arms, section.clips), differences_table(section, arms)]
    return read(folder / "section.json"), "\n".join([*page, secondary_table(arms, section.clips)])


SECTIONS = (
    "film-sepia",
    "film-plain",
    "shot-sepia",
    "shot-faded",
    "shot-plain",
    "film-stream",
    "film-long",
    "shot-long",
)


@pytest.mark.parametrize("section", [*SECTIONS, "film-strength", "film-ablations"])
def test_pages_that_the_program_writes_have_no_problem(tmp_path: Path, section: str) -> None:
    assert problems(*sample(tmp_path, section)) == []


@pytest.mark.parametrize(
    ("words", "gains"),
    [
        ("nearer to the truth", (2, 2, 0.1, 0.2)),
        ("too still", (2, 2, 0.1, -0.4)),
        ("further from it", (-2, 0, 0, -0.4)),
        ("mixed", (2, 0, -0.1)),
        ("mixed", (0, 2, -0.1)),
        ("no difference", ()),
        ("no difference where it changes", (0, 2)),
    ],
)
def test_a_heading_has_the_words_that_were_written_down(tmp_path: Path, words: str, gains: tuple[float, ...]) -> None:
    raw, page = sample(tmp_path, "film-sepia", *gains)
    assert f": {words} (erft less control); {words} (erft less base)\n" in page and problems(raw, page) == []
    assert problems(raw, page.replace(f"{words} (", "not known (", 1))


def test_every_number_and_word_of_a_page_is_looked_at(tmp_path: Path) -> None:
    raw, page = sample(tmp_path, "film-sepia", 2, 0, 0.1)
    for found in re.finditer(r"\d+(?:\.(\d+))?|\(no difference\)|[^\W\d]+| \+| -(?=\d)", page):
        shown, digits = found.group(), len(found[1] or "")
        more = 2 * 10**-digits if digits else 5  # one or two films may be as near to another as rounding reaches
        wrong = f"{float(shown) + more:.{digits}f}" if shown[0].isdigit() else ""
        assert problems(raw, page[: found.start()] + wrong + page[found.end() :]), (shown, found.start())


def test_a_row_too_few_or_a_word_too_many_is_a_problem(tmp_path: Path) -> None:
    raw, page = sample(tmp_path, "film-sepia")
    lines = page.splitlines(keepends=True)
    for at in range(len(lines)):
        assert not lines[at].strip() or problems(raw, "".join(lines[:at] + lines[at + 1 :])), lines[at]
    assert problems(raw, page + "\n## Healing\n")
    assert problems(raw, page + "\nAnd so on.\n") and problems(raw, page.replace(" |\n", " | 1 |\n", 1))


def healing_sample(folder: Path) -> tuple[dict[str, Any], str]:
    """What two arms of three trainings and the base heal by chance, as the program writes it."""
    from trainer.proof.registered.films import FIGURES, Films
    from trainer.proof.registered.healing import Healed, healing_table, write_healing
    from trainer.proof.registered.sections import sections
    from trainer.proof.registered.settings import Sizes

    rng, middle = np.random.default_rng(2), np.where([name == "ssim" for name in FIGURES], 0.8, 20)

    def films(clips: int, gain: float = 0.0) -> Films:
        made = Films(folder / "none")
        made.figures = (middle * rng.normal(1 + gain, 0.05, (32, clips, len(FIGURES)))).astype(np.float32)
        made.figures[::9, :, FIGURES.index(CHANGED)] = np.nan
        return made

    base = films(50)
    made: Healed = {
        clip: {"base": [films(5)], "control": [films(5) for _ in "123"], "erft": [films(5, 0.1) for _ in "123"]}
        for clip in (1, 30)
    }
    section = next(each for each in sections(Sizes()) if each.name == "shot-sepia")
    write_healing(made, base, section, folder / "healing.json", "filmed")
    page = "\n".join(healing_table(made, base, figure) for figure in PRIMARY.values())
    return json.loads((folder / "healing.json").read_text("utf-8")), f"\n## Healing\n\n{page}"


def test_what_is_healed_is_looked_at(tmp_path: Path) -> None:
    raw, page = sample(tmp_path, "shot-sepia")
    healing, healed = healing_sample(tmp_path)
    assert problems(raw, page + healed, healing) == []
    assert problems(raw, page + healed) and problems(raw, page, healing)
    wanted, (_, _, rows) = healing_tables(healing), healed.partition("\n## Healing\n")
    assert wrong_rows(rows, wanted) == []
    for found in re.finditer(r"\d+\.(\d+)|\(no difference\)|base|control|after it", rows):
        shown, digits = found.group(), len(found[1] or "")
        wrong = f"{float(shown) + 2 * 10**-digits:.{digits}f}" if shown[0].isdigit() else ""
        assert wrong_rows(rows[: found.start()] + wrong + rows[found.end() :], wanted), (shown, found.start())


def test_a_sentence_is_read_with_its_figures(tmp_path: Path) -> None:
    raw, page = sample(tmp_path, "film-sepia", 2)
    row = next(line for line in page.splitlines() if line.startswith("| erft less control"))
    end, lost = (f"it is {cell.strip()}, of" for cell in row.split("|")[2:4])
    words = "is {mean:+.2f} [{low:+.2f}, {high:+.2f}], of"
    for clip, text in ((50, end), (LOST, lost)):
        assert is_said(estimates(raw, "erft", "control", CHANGED, clip), words, text)
        assert not is_said(estimates(raw, "erft", "base", CHANGED, clip), words, text)


def test_what_rounding_decides_may_be_said_either_way() -> None:
    bounds = np.array([[1, 0.001, 2], *[[1, 0.001 + move, 2] for move in (-0.001, 0.001)]])
    assert signs(bounds) == {0, 1} and signs(bounds + 0.1) == {1} and signs(bounds - 0.1) == {0}


@pytest.mark.parametrize("printed", [(1, 12.706), (2, 4.303), (4, 2.776), (63, 1.998), (10_000, 1.960)])
def test_students_distribution_is_as_printed(printed: tuple[int, float]) -> None:
    assert student(printed[0]) == pytest.approx(printed[1], abs=6e-4)
