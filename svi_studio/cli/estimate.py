"""``svi-studio train --estimate``: what a training needs in memory, disk and hours, and honest words about it."""

from collections.abc import Iterator
from pathlib import Path

from svi_studio.cli.test_films import film_warnings
from svi_studio.document.training.model_look import missing_words, ways_to_get
from svi_studio.document.training.training_check import (
    Checked,
    check,
    machine,
    measured_before,
)
from svi_studio.domain.errors import BadInput
from svi_studio.domain.text.wording import as_bytes, as_duration
from svi_studio.domain.training.advice import FEWEST_CLIPS, Caution, is_small, training_cautions
from svi_studio.domain.training.cost import TrainingCost
from svi_studio.domain.training.footage import FOOTAGE_FILE, used_clips
from svi_studio.domain.training.phases import Part, Phase, largest, total
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.time_words import time_words
from svi_studio.domain.training.wanted_machine import WantedMachine
from svi_studio.media.footage_file import read_footage
from svi_studio.project.training.proof_notes import proof_notes
from svi_studio.project.training.runs import find_runs


def print_estimate(recipe: TrainingRecipe, folder: Path, wanted: WantedMachine) -> int:
    """Prints what ``recipe`` needs on the ``wanted`` computer; returns 0.

    Clips are counted in ``folder`` when its footage was looked through, else as many are taken as the authors had at
    least. Neither the model nor any footage has to be there. Raises StudioError when no model of that name is known,
    or when the recipe is for another kind.
    """
    known = (folder / FOOTAGE_FILE).is_file()
    used = used_clips(read_footage(folder)) if known else ()
    clips = len(used) or FEWEST_CLIPS
    checked = check(recipe, clips, folder, measured_before(recipe, find_runs()), wanted)
    if checked.cost is None:
        raise BadInput(checked.problem)
    for line in (*_head(checked), *_room(checked, checked.cost), *_time(checked, checked.cost)):
        print(line)
    if not known:
        print(f"Clips: counted with {clips}, the fewest that the authors had; yours are counted when they are read.")
    for line in (*_missing(checked), *_cautions(checked, checked.cost, len(used))):
        print(line)
    for line in film_warnings(recipe, used):
        print(f"- {line}")
    return 0


def _head(checked: Checked) -> Iterator[str]:
    recipe = checked.recipe
    each = f" ({recipe.steps:,} for each of two experts)" if recipe.parts else ""
    yield f"{recipe.name}: {recipe.all_steps:,} steps{each}. {recipe.follows}".rstrip()
    note = proof_notes().get(recipe.purpose)
    if note is not None:
        yield note.headed
    if checked.stored:
        yield f"Model: {checked.stored}"


def _room(checked: Checked, cost: TrainingCost) -> Iterator[str]:
    cards, memory = checked.hardware.cards, checked.hardware.memory
    if cards or not is_small(cost):
        there = f" of {as_bytes(cards[0].memory)}" if cards and cards[0].memory else ""
        yield _need("Graphics card", cost.card_phases, there)
        yield _need("Memory", cost.memory_phases, f" of {as_bytes(memory)}" if memory else "")
    else:
        yield _need("Memory", cost.all_in_memory, f" of {as_bytes(memory)}" if memory else "")
    yield f"Disk: about {as_bytes(total(cost.disk))} ({_in_words(cost.disk)})"


def _need(name: str, phases: tuple[Phase, ...], there: str) -> str:
    """The phase that needs most, with what it holds, and how much the others need."""
    most = largest(phases)
    others = "; ".join(f"{as_bytes(each.bytes)} while {each.name}" for each in phases if each is not most)
    return f"{name}: about {as_bytes(most.bytes)}{there}, while {most.name} ({_in_words(most.parts)}); {others}"


def _in_words(parts: tuple[Part, ...]) -> str:
    first = [part for part in sorted(parts, key=lambda part: -part.bytes) if part.bytes][:3]
    return ", ".join(map(_words, first))


def _words(part: Part) -> str:
    name = part.name if part.name.startswith("LoRA") else part.name.lower()
    return f"{name} {as_bytes(part.bytes)}"


def _time(checked: Checked, cost: TrainingCost) -> Iterator[str]:
    if said := time_words(cost):
        yield f"Time: {said}."
    elif checked.alike:
        said = ", ".join(f"{as_duration(seconds)} with {title}" for title, seconds in checked.alike)
        yield f"Time: about {said}: guesses, from what their makers say."
    elif not checked.hardware.cards:
        yield "Time: far too long without a graphics card."
    else:
        yield f"Time: not known for {'this computer' if checked.is_here else 'that card'}; the first steps of it tell."


def _missing(checked: Checked) -> Iterator[str]:
    """What is not there yet, and the one command that brings it."""
    missing = checked.missing
    if missing is not None:
        yield missing_words(missing, f"{ways_to_get(missing)}.")
    if not checked.recipe.footage:
        yield "Missing: your videos. Add --footage FOLDER with the folder that they are in."


def _cautions(checked: Checked, cost: TrainingCost, clips: int) -> Iterator[str]:
    if checked.world:
        yield f"- {checked.world}"
    there = machine(checked.hardware, is_here=checked.is_here)
    for caution in training_cautions(checked.recipe, cost, there, clips, checked.swap):
        yield f"{'!' if caution.is_obstacle else '-'} {caution.text}{_how(caution)}"


def _how(caution: Caution) -> str:
    """The option by which what is offered is taken."""
    if caution.rounds:
        return f" For that add --accumulation {caution.rounds}."
    return f" For those blocks add --swap-blocks {caution.swapped}." if caution.swapped else ""
