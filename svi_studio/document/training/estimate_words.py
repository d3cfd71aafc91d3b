"""What the first page of a training says it needs, for this computer or for another card, and what is missing."""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from svi_studio.document import words as common
from svi_studio.document.training.check_words import Remark, basis_words, phase_words
from svi_studio.document.training.model_look import missing_words
from svi_studio.document.training.training_check import Checked, machine
from svi_studio.domain.text.wording import as_duration
from svi_studio.domain.training.advice import is_small, training_cautions
from svi_studio.domain.training.card_speed import KNOWN_CARDS
from svi_studio.domain.training.cost import DOWNLOAD, TrainingCost
from svi_studio.domain.training.phases import Phase, largest, total
from svi_studio.domain.training.wanted_machine import THIS_COMPUTER, WantedMachine, wanted_machine
from svi_studio.project.training.proof_notes import proof_notes

_SIZES = (8, 12, 16, 24, 32, 48, 80)


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainingEstimate", text)


def machines() -> tuple[tuple[WantedMachine, str], ...]:
    """The computers to choose from: this one, cards by their memory, and cards by their names."""
    sizes = [(wanted_machine(str(size), None), _tr("A card with {size} GB").format(size=size)) for size in _SIZES]
    named = [(wanted_machine(card.title, None), f"{card.title}, {card.gigabytes} GB") for card in KNOWN_CARDS]
    return ((THIS_COMPUTER, _tr("This computer")), *sizes, *named)


def proof_words(purpose: str) -> tuple[str, str]:
    """What the proof found about ``purpose``: a few words, and a sentence; empty where nobody looked."""
    note = next((note for note in proof_notes().values() if note.purpose == purpose), None)
    if note is None:
        return "", ""
    return note.short, note.headed


def estimate_lines(checked: Checked) -> tuple[Remark, ...]:
    """What it needs, line by line, and what stands in the way."""
    cost = checked.cost
    if cost is None:
        return (Remark(checked.problem, "danger"),)
    return (*_room(checked, cost), _time(checked, cost), *_in_the_way(checked, cost))


def _room(checked: Checked, cost: TrainingCost) -> Iterator[Remark]:
    has_card = bool(checked.hardware.cards)
    memory = checked.hardware.memory
    fetched = any(part.name == DOWNLOAD for part in cost.disk)
    words = (
        _tr("Disk: about {size}, with {clips} clips and the model.")
        if fetched
        else _tr("Disk: about {size}, with {clips} clips.")
    )
    disk = words.format(size=common.size(total(cost.disk)), clips=f"{checked.clips:,}")
    said = []
    if has_card or not is_small(cost):
        said.append(_need(_tr("Graphics card"), largest(cost.card_phases), _size_of_card(checked)))
    phases = cost.memory_phases if said else cost.all_in_memory
    said.append(_need(_tr("Memory"), largest(phases), common.size(memory) if memory else ""))
    yield Remark(" ".join((*said, disk)), "dim")


def _size_of_card(checked: Checked) -> str:
    cards = checked.hardware.cards
    return common.size(cards[0].memory) if cards and cards[0].memory else ""


def _need(name: str, phase: Phase, there: str) -> str:
    words = _tr("{name}: about {size}, most while {phase}; {there} there.") if there else _tr("{name}: about {size}.")
    return words.format(name=name, size=common.size(phase.bytes), there=there, phase=phase_words(phase.name))


def _time(checked: Checked, cost: TrainingCost) -> Remark:
    if cost.seconds is not None:
        words = _tr("Time: {about}: {basis}.")
        return Remark(words.format(about=common.about(cost.seconds), basis=basis_words(cost)), "dim")
    if checked.alike:
        each = ", ".join(_tr("{time} with {card}").format(time=as_duration(s), card=c) for c, s in checked.alike)
        return Remark(_tr("Time: about {each}: guesses.").format(each=each), "dim")
    if not checked.hardware.cards:
        return Remark(_tr("Time: far too long without a graphics card."), "dim")
    return Remark(_tr("Time: not known yet; the first steps tell."), "dim")


def _in_the_way(checked: Checked, cost: TrainingCost) -> Iterator[Remark]:
    if checked.missing is not None:
        yield Remark(missing_words(checked.missing, _tr("“Get the model…” above gets it.")), "warn")
    if checked.world:
        yield Remark(checked.world, "warn")
    there = machine(checked.hardware, is_here=checked.is_here)
    for caution in training_cautions(checked.recipe, cost, there, 0, checked.swap):
        if caution.is_obstacle or caution.rounds:
            yield Remark(caution.text, "danger" if caution.is_obstacle else "warn")
