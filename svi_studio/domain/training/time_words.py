"""How long the parts of a training take, and what each of these times rests on: measured here, or a guess."""

from dataclasses import dataclass

from svi_studio.domain.text.wording import as_duration
from svi_studio.domain.training.cost import TrainingCost


@dataclass(frozen=True, slots=True)
class TimePart:
    """One part of it: ``seconds`` in all, and as a phrase what that rests on."""

    name: str
    seconds: float
    basis: str


def step_basis(cost: TrainingCost) -> str:
    """What the time of a step rests on."""
    if cost.is_measured:
        return "as measured here"
    return "worked out from another training measured here" if cost.is_scaled else "a guess until the first steps"


def time_parts(cost: TrainingCost) -> tuple[TimePart, ...]:
    """Training, clips and test films; empty when nothing is known."""
    if cost.training is None or cost.encoding is None or cost.test_films is None or cost.step_seconds is None:
        return ()
    step = f"{as_duration(cost.step_seconds)} a step, {step_basis(cost)}"
    parts = [TimePart("training", cost.training, step)]
    if cost.encoding:
        parts.append(TimePart("preparing the clips", cost.encoding, "a guess"))
    if cost.test_films:
        parts.append(
            TimePart("test films", cost.test_films, "as measured here" if cost.films_are_measured else "a guess")
        )
    return tuple(parts)


def time_words(cost: TrainingCost) -> str:
    """All of it in one phrase, part by part; empty when nothing is known."""
    said = ", ".join(f"{part.name} {as_duration(part.seconds)} ({part.basis})" for part in time_parts(cost))
    return f"about {as_duration(cost.seconds)}: {said}" if said and cost.seconds is not None else ""
