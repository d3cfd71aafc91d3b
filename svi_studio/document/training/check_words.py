"""What the preflight says: what a training needs, whether this computer has it, and what nobody can promise."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

from svi_studio.document import words as common
from svi_studio.document.training.model_look import missing_words
from svi_studio.document.training.training_check import Checked, machine
from svi_studio.domain.training.advice import ROOM_ON_CARD, Caution, is_small, training_cautions
from svi_studio.domain.training.cost import TrainingCost
from svi_studio.domain.training.phases import PhaseName, largest, total

Tone = Literal["ok", "warn", "danger", "dim"]

_LONG = 14 * 86_400.0


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainingCheck", text)


@dataclass(frozen=True, slots=True)
class Need:
    """One need: its name, how much, what there is, and whether that suffices."""

    name: str
    needed: str
    there: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence worth reading before the start."""

    sentence: str
    tone: Tone


def needs(checked: Checked) -> tuple[Need, ...]:
    """Graphics card, memory, disk and time."""
    cost = checked.cost
    if cost is None:
        return ()
    memory = largest(cost.memory_phases if checked.hardware.cards else cost.all_in_memory).bytes
    there = checked.hardware
    return (
        _card(checked),
        Need(_tr("Memory"), _about(memory), _there(there.memory), _fits(memory, there.memory)),
        Need(_tr("Disk"), _about(total(cost.disk)), _free(there.disk_free), _fits(total(cost.disk), there.disk_free)),
        _time(checked),
    )


def remarks(checked: Checked, without_caption: int) -> tuple[Remark, ...]:
    """What stands in the way, what may disappoint, and what the authors had."""
    said = [Remark(checked.problem, "danger")] if checked.problem else []
    if checked.missing is not None:
        way = _tr("Get it on the first page, then come back.")
        said.append(Remark(missing_words(checked.missing, way), "danger"))
    said += [Remark(words, "warn") for words in (checked.world,) if words]
    if checked.stored:
        words = _tr("The model is {stored}")
        said.append(Remark(words.format(stored=checked.stored), "dim"))
    said += [Remark(caution.text, "danger" if caution.is_obstacle else "warn") for caution in _cautions(checked)]
    if without_caption:
        said.append(Remark(_captions(without_caption), "warn"))
    return tuple(said) or (Remark(_tr("Everything is ready."), "ok"),)


def may_start(checked: Checked) -> bool:
    """Whether anything makes it impossible; a card that may be too small only warns."""
    return checked.cost is not None and checked.missing is None and checked.clips > 0


def rounds_offered(checked: Checked) -> int:
    """So many rounds a step would see as many clips as where the recipe was published; 0 where none are offered."""
    return max((caution.rounds for caution in _cautions(checked)), default=0)


def swap_offered(checked: Checked) -> int:
    """With so many blocks in ordinary memory it would fit on the card; 0 where none are offered."""
    return max((caution.swapped for caution in _cautions(checked)), default=0)


def _cautions(checked: Checked) -> tuple[Caution, ...]:
    if checked.cost is None:
        return ()
    there = machine(checked.hardware)
    return training_cautions(checked.recipe, checked.cost, there, checked.clips, checked.swap)


def phase_words(name: PhaseName) -> str:
    """What goes on in a phase, for after "while"."""
    return {
        PhaseName.ENCODING: _tr("the clips are prepared"),
        PhaseName.READING: _tr("the model is read"),
        PhaseName.TRAINING: _tr("it trains"),
        PhaseName.FILMING: _tr("test films are made"),
    }[name]


def basis_words(cost: TrainingCost) -> str:
    """What the time rests on, part by part: nothing is called measured that was not measured here."""
    guesses = _tr("the clips a guess") if cost.films_are_measured else _tr("clips and test films a guess")
    films = _tr(", test films as measured here") if cost.films_are_measured else ""
    if cost.is_measured:
        return _tr("steps as measured here{films}, {guesses}").format(films=films, guesses=guesses)
    if cost.is_scaled:
        words = _tr("steps worked out from another training here{films}, {guesses}")
        return words.format(films=films, guesses=guesses)
    return _tr("a rough guess until the first steps")


def _card(checked: Checked) -> Need:
    cost, cards = checked.cost, checked.hardware.cards
    assert cost is not None  # noqa: S101 - the caller looked
    needed = total(cost.card)
    if not cards:
        small = is_small(cost)
        used = _tr("none") if small else _about(needed)
        there = _tr("none found; the processor is used") if small else _tr("none found")
        return Need(_tr("Graphics card"), used, there, "ok" if small else "danger")
    card = cards[0]
    there = f"{card.name}, {common.size(card.memory)}" if card.memory else card.name
    most = _tr("{there}; most while {phase}")
    there = most.format(there=there, phase=phase_words(largest(cost.card_phases).name))
    too_small = bool(card.memory) and needed > ROOM_ON_CARD * card.memory
    return Need(_tr("Graphics card"), _about(needed), there, "danger" if too_small else "ok")


def _time(checked: Checked) -> Need:
    cost = checked.cost
    assert cost is not None  # noqa: S101 - the caller looked
    if cost.seconds is None and not checked.hardware.cards:
        return Need(_tr("Time"), _tr("far too long"), _tr("without a graphics card"), "danger")
    if cost.seconds is None:
        return Need(_tr("Time"), _tr("not known yet"), _tr("known after the first steps"), "warn")
    return Need(_tr("Time"), common.about(cost.seconds), basis_words(cost), "warn" if cost.seconds > _LONG else "ok")


def _captions(count: int) -> str:
    if count == 1:
        return _tr("1 clip has no caption. The LoRA then cannot tell by words what is seen in it.")
    words = _tr("{count} clips have no caption. The LoRA then cannot tell by words what is seen in them.")
    return words.format(count=f"{count:,}")


def _about(count: int) -> str:
    return _tr("about {size}").format(size=common.size(count))


def _there(count: int | None) -> str:
    return _tr("of {size}").format(size=common.size(count)) if count is not None else _tr("not known how much is there")


def _free(count: int | None) -> str:
    return (
        _tr("{size} free").format(size=common.size(count)) if count is not None else _tr("not known how much is free")
    )


def _fits(needed: int, there: int | None) -> Tone:
    return "dim" if there is None else "ok" if needed <= there else "danger"
