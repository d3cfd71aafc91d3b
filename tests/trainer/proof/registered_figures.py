"""What a section of the registered proof found, from its raw figures, by the words of PROTOCOL.md and without the code
that wrote its page."""

import json
import math
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).parents[3]
RESULTS = ROOT / "trainer" / "proof" / "results" / "registered"
PRIMARY = {"likeness where it changes, dB": "psnr_changed", "likeness, dB": "psnr", "structure": "ssim"}
CHANGED, FOLLOWED = "psnr_changed", "followed"
QUESTIONS = {  # the arm that a section asks for, and the arms that others are compared with
    "shot-plain": ("base-no-anchor", ("base",)),
    "film-strength": ("erft", ("erft", "control", "base")),
    "film-ablations": ("short-erft", ("short-erft", "short-control", "base")),
}
QUESTION = ("erft", ("control", "base"))
LOST = 0  # in place of a clip: what was lost from the first to the last
COPIES = 8

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)  # known by itself, so that what was computed of it is kept
class Raw:
    """A section's figures as they stand in its file, and copies that differ within the four digits of each.

    The pages were written from unrounded figures, which are as far from those of the file as the copies are.
    """

    content: dict[str, Any]
    arms: dict[str, Numbers]  # [copy, training, film, clip, figure]; the first copy is the file, NaN: does not apply

    def values(self, arm: str, figure: str, clip: int) -> Numbers:
        """[copy, training, film] in a clip that counts from 1."""
        if clip == LOST:
            return self.values(arm, figure, 1) - self.values(arm, figure, self.content["clips"][-1])
        at, of = self.content["clips"].index(clip), self.content["figures"].index(figure)
        return self.arms[arm][..., at, of]


@cache
def read(path: Path) -> Raw:
    content, rng = json.loads(path.read_text("utf-8")), np.random.default_rng(1)
    return Raw(content, {name: copies(made, rng) for name, made in content["arms"].items()})


def copies(made: list[Any], rng: np.random.Generator) -> Numbers:
    """The numbers of a file with one more axis before theirs: the file's own, then those of its copies."""
    file = np.array(made, np.float64)
    moves = rng.uniform(-1, 1, (COPIES, *file.shape)) * half_step(file)
    return np.concatenate([file[None], file + moves])


def half_step(values: Numbers) -> Numbers:
    """How far a number of four digits may be from what was rounded."""
    digits = np.floor(np.log10(np.abs(np.where(values == 0, 1, values)))) - 3
    return np.asarray(0.5 * 10.0**digits)


def rooms(found: Numbers) -> Numbers:
    """What the rounding of the raw figures may do, by far: five times what it does to the copies (root mean square)."""
    return np.asarray(5 * np.sqrt(np.square(found[1:] - found[0]).mean(axis=0)))


@cache
def estimates(raw: Raw, arm: str, reference: str, figure: str, clip: int) -> Numbers:
    """[copy, (mean, low, high)] of an arm, or of it less a reference, film by film; nothing where it does not apply."""
    return estimate([raw.values(name, figure, clip) for name in (arm, reference) if name])


def estimate(arms: list[Numbers]) -> Numbers:
    """[copy, (mean, low, high)] of one arm's values [copy, training, film], or of them less another arm's."""
    applies = ~np.isnan(np.concatenate(arms, axis=1)[0]).any(axis=0)
    if not applies.any():
        return np.empty((0, 3))
    arms = [values[:, :, applies] for values in arms]
    films = arms[0].mean(axis=1) - (arms[1].mean(axis=1) if len(arms) > 1 else 0)
    mean, half = films.mean(axis=1), [half_width([copy]) for copy in films]
    trained = [values.mean(axis=2) for values in arms if values.shape[1] > 1]
    both = np.hypot(half, [half_width([means[k] for means in trained]) for k in range(len(films))])
    return np.stack([mean, mean - both, mean + both], axis=1)


def half_width(samples: list[Numbers]) -> float:
    """Of the sum of some means, with the degrees of freedom of Welch (1947)."""
    parts = [(float(((each - each.mean()) ** 2).sum()) / (len(each) - 1) / len(each), len(each)) for each in samples]
    if not (total := sum(part for part, _ in parts)):
        return 0.0
    return student(total**2 / sum(part**2 / (count - 1) for part, count in parts)) * math.sqrt(total)


@cache
def student(freedom: float) -> float:
    """The 97.5 % point of Student's t: its density is summed up to ever closer bounds; one degree has 12.706."""
    low, high, scale = 1.9, 13.0, math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2))
    for _ in range(40):
        points = np.linspace(0, (low + high) / 2, 4001)
        density = scale / math.sqrt(math.pi * freedom) * (1 + points**2 / freedom) ** (-(freedom + 1) / 2)
        low, high = (low, points[-1]) if np.trapezoid(density, points) > 0.475 else (points[-1], high)
    return float(low)


def signs(found: Numbers) -> set[int]:
    """Surely higher, surely lower or neither (0): more than one where a bound is as near to 0 as rounding reaches."""
    (_, low, high), (_, below, above) = found[0], rooms(found)
    may = {sign for sign, is_so in ((1, low + below > 0), (-1, high - above < 0)) if is_so}
    return may if low - below > 0 or high + above < 0 else may | {0}


def verdict(changed: int, others: list[int], still: bool) -> str:
    """What one arm is called, by the signs of its primary measures."""
    if {1, -1} <= {changed, *others}:
        return "mixed"
    if changed:
        return "further from it" if changed < 0 else "too still" if still else "nearer to the truth"
    # PROTOCOL.md stops at "no difference"; the program adds where, if likeness or structure differ
    return "no difference where it changes" if any(others) else "no difference"


def headings(raw: Raw) -> set[str]:
    """The heading, or all between which rounding decides."""
    asked, references = QUESTIONS.get(raw.content["section"], QUESTION)
    last = raw.content["clips"][-1]
    follows, base = (estimates(raw, *of)[:, 0] for of in ((asked, "", FOLLOWED, last), ("base", "", FOLLOWED, 1)))
    still = {bool(is_still) for is_still in follows < base / 2}
    found = []
    for reference in references:
        of = (signs(estimates(raw, asked, reference, figure, last)) for figure in PRIMARY.values())
        words = {verdict(changed, others, each) for changed, *others in product(*of) for each in still}
        found.append([f"{word} ({asked} less {reference})" for word in words] if reference != asked else [""])
    return {f"# {raw.content['title']}: {'; '.join(filter(None, words))}" for words in product(*found)}
