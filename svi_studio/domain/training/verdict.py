"""Whether a LoRA helped, in one sentence: its test films against those of the model alone, from the same starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from svi_studio.domain.training.confidence import Estimate, estimate
from svi_studio.domain.training.drift import (
    BASE,
    CONTROL,
    FIGURES,
    LORA,
    DriftArm,
    DriftReport,
    Figure,
    TestFilm,
    stillness,
)

FEWEST_STARTS: Final = 3
"""With fewer different starts chance cannot be told from a gain."""

PRIMARY: Final = ("psnr", "similarity")
"""What is compared, everywhere: likeness to the truth where that is known, else similarity to the reference picture.

Both are better when they are larger.
"""

_OTHERS: Final = {BASE: "the model alone", CONTROL: "a LoRA trained without errors"}
_DECIMALS: Final = {"dB": 1}
_ROOM_ON_CARD: Final = 500


class Outcome(StrEnum):
    """What the test films say of a LoRA."""

    BETTER = "better"
    NO_BETTER = "no_better"
    WORSE = "worse"
    TOO_FEW = "too_few"
    STILL = "still"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``sentence`` for people, and what it rests on.

    ``gain`` is the mean of ``figure`` with the LoRA less that of the arm ``against``, at the last ``clip`` (from 1),
    and its 95 % interval over the different starts; None where nothing could be compared.
    """

    outcome: Outcome
    against: str
    clip: int
    figure: Figure | None
    gain: Estimate | None
    sentence: str
    basis: str


def verdicts(report: DriftReport) -> tuple[Verdict, ...]:
    """What ``report`` says: first against the model alone, then against the control where there is one."""
    lora = report.arm(LORA)
    others = [arm for name in _OTHERS if (arm := report.arm(name)) is not None]
    return () if lora is None else tuple(_verdict(report, lora, other) for other in others)


def in_one_line(found: Sequence[Verdict]) -> str:
    """The sentences of all, as short as a card has room for; empty without any."""
    return " ".join(each.sentence for each in found)[:_ROOM_ON_CARD]


def _verdict(report: DriftReport, lora: DriftArm, other: DriftArm) -> Verdict:
    clip = max((len(film.clips) for film in other.films), default=0)
    figure = _primary(lora, other, clip)
    gains = _gains(lora.films, other.films, clip, figure)
    gain = estimate(gains)
    outcome = _outcome(report, lora, other, clip, gains)
    said = _sentence(outcome, _OTHERS[other.name], clip, figure, gain)
    return Verdict(outcome, other.name, clip, figure, gain, said, _basis(figure, lora, gain))


def _primary(lora: DriftArm, other: DriftArm, clip: int) -> Figure | None:
    """The first of ``PRIMARY`` that both have at the clip."""
    both = [_names(arm, clip) for arm in (lora, other)]
    known = (name for name in PRIMARY if all(name in names for names in both))
    name = next(known, None)
    return next((figure for figure in FIGURES if figure.name == name), None)


def _names(arm: DriftArm, clip: int) -> set[str]:
    return {name for film in arm.films if len(film.clips) >= clip > 0 for name in film.clips[clip - 1]}


def _gains(lora: Sequence[TestFilm], other: Sequence[TestFilm], clip: int, figure: Figure | None) -> list[float]:
    """The mean gain from each start: films from one start are too much alike to count as several."""
    starts: dict[str, list[float]] = {}
    if figure is None:
        return []
    for number, (own, theirs) in enumerate(zip(lora, other, strict=False)):
        if min(len(own.clips), len(theirs.clips)) < clip:
            continue
        pair = own.clips[clip - 1].get(figure.name), theirs.clips[clip - 1].get(figure.name)
        if pair[0] is not None and pair[1] is not None:
            starts.setdefault(own.start or f"film {number}", []).append(pair[0] - pair[1])
    return [sum(values) / len(values) for values in starts.values()]


def _outcome(report: DriftReport, lora: DriftArm, other: DriftArm, clip: int, gains: Sequence[float]) -> Outcome:
    broken = [own for own, theirs in zip(lora.films, other.films, strict=False) if len(own.clips) < len(theirs.clips)]
    if broken:
        return Outcome.WORSE
    gain = estimate(gains)
    if gain is None or gain.count < FEWEST_STARTS:
        return Outcome.TOO_FEW
    if gain.high < 0:
        return Outcome.WORSE
    if _is_still(lora, report.arm(BASE), clip):
        return Outcome.STILL
    return Outcome.BETTER if gain.low > 0 else Outcome.NO_BETTER


def _is_still(lora: DriftArm, base: DriftArm | None, clip: int) -> bool:
    """Whether it hardly moves, as a whole or in the clip that is compared: then likeness is bought with stillness."""
    at_the_end = tuple(TestFilm(name=film.name, clips=film.clips[clip - 1 : clip]) for film in lora.films)
    arms = (lora, DriftArm(name=lora.name, films=at_the_end))
    return any(stillness(arm, base) is not None for arm in arms)


def _sentence(outcome: Outcome, other: str, clip: int, figure: Figure | None, gain: Estimate | None) -> str:
    by = "" if gain is None or figure is None else f" by {_size(gain, figure, signed=False)}"
    size = "" if gain is None or figure is None else f" ({_size(gain, figure, signed=True)})"
    match outcome:
        case Outcome.BETTER:
            return f"Better than {other}{by} at clip {clip}."
        case Outcome.WORSE if gain is not None and gain.high < 0:
            return f"Worse than {other}{by} at clip {clip}."
        case Outcome.WORSE:
            return f"Worse than {other}: not every film with the LoRA gets as far as clip {clip}."
        case Outcome.STILL:
            return (
                f"No better than {other} at clip {clip}: with the LoRA the film hardly moves, and a still picture is "
                "always like itself."
            )
        case Outcome.NO_BETTER:
            return f"No better than {other} at clip {clip}{size}."
    count = 0 if gain is None else gain.count
    there = "1 start" if count == 1 else f"{count} starts"
    return (
        f"Too few films to tell whether it is better than {other}: {there}, and {FEWEST_STARTS} are needed. More "
        "footage or pictures of your own for test films help."
    )


def _size(gain: Estimate, figure: Figure, *, signed: bool) -> str:
    decimals = _DECIMALS.get(figure.unit, 3)
    mean, half = gain.mean if signed else abs(gain.mean), (gain.high - gain.low) / 2
    return f"{mean:{'+' if signed else ''}.{decimals}f} ± {half:.{decimals}f} {figure.unit}"


def _basis(figure: Figure | None, lora: DriftArm, gain: Estimate | None) -> str:
    """What was compared, in one sentence; empty where nothing was."""
    if figure is None or gain is None:
        return ""
    films = "1 film" if len(lora.films) == 1 else f"{len(lora.films)} films"
    starts = "1 start" if gain.count == 1 else f"{gain.count} starts"
    said = f"{figure.title}, {films} of each from {starts}, with a 95 % interval of the paired differences."
    return f"{said} {_learned_words(lora)}".rstrip()


def _learned_words(lora: DriftArm) -> str:
    """That films begin with what was trained on, which says less about other footage; empty where none does."""
    learned = sum(film.learned for film in lora.films)
    if not learned:
        return ""
    which = "" if learned == len(lora.films) else f" {learned} of"
    return f"Nothing was held out for{which} them: they start from clips that were trained on."
