"""A trained LoRA goes into a film: copied beside it and used at full weight, as one step of undo."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.errors import BadInput, StudioError, as_studio_error
from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.project.media.media_store import MediaStore
from svi_studio.weights.safetensors_header import read_header


def _tr(text: str) -> str:
    return QCoreApplication.translate("LoraUse", text)


def use_trained_lora(
    film: OpenFilm,
    work: Background,
    lora: tuple[tuple[Path, ...], TrainingRecipe],
    done: Callable[[str], object],
    refused: Callable[[str], object],
) -> None:
    """Copies the files of ``lora`` in the thread of ``work``; ``done`` gets a sentence about what the film has now.

    A LoRA that recycles errors for the film's own family takes the place of the model's own one for stability: both
    together would do the same thing twice.
    """
    files, recipe = lora
    if film.read_only:
        refused(film.document.read_only_reason)
        return

    facts = film.states.facts
    own = facts is not None and bool(facts.facts.card.family_lora_keys(film.document.storyboard.family))

    def copied(relatives: tuple[str, ...]) -> None:
        before = film.document.storyboard
        try:
            after = with_trained_lora(before, relatives, recipe, has_own=own)
        except StudioError as error:
            refused(str(error))
            return
        if film.document.edit(_tr("Use the trained LoRA"), lambda _board: after):
            done(_said(before, after, recipe))

    def failed(error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            raise error
        refused(str(told))

    work.submit(lambda: tuple(_copy(film.path, file) for file in _in_order(files, recipe)), copied, failed)


def with_trained_lora(
    board: Storyboard, relatives: tuple[str, ...], recipe: TrainingRecipe, *, has_own: bool
) -> Storyboard:
    """The film with the LoRA in the file of ``relatives``, or with those of both experts, high and low.

    ``has_own``: its model brings one for its family. Raises StudioError when the film has this LoRA already, or another
    model than it was trained for.
    """
    if board.model != recipe.model:
        sentence = _tr(
            "This LoRA was trained for the model {model}, and this film uses {other}: change its model first."
        )
        raise BadInput(sentence.format(model=recipe.model, other=board.model))
    if any(use.file in relatives for use in board.loras):
        raise BadInput(_tr("The film already has this LoRA."))
    experts = recipe.parts or (recipe.expert,)
    uses = tuple(
        LoraUse(file=file, label=_label(recipe.name, expert), expert=expert)
        for file, expert in zip(relatives, experts, strict=True)
    )
    takes_over = has_own and recipe.errors.enabled and recipe.family == board.family
    return change_film(board, loras=(*board.loras, *uses), stability=0.0 if takes_over else board.stability)


def _in_order(files: tuple[Path, ...], recipe: TrainingRecipe) -> tuple[Path, ...]:
    """The files of both experts, high and low; raises StudioError while one of them is missing."""
    if not recipe.parts:
        return files[:1]
    by_name = {file.stem: file for file in files}
    wanted = [recipe.part(expert).lora_name for expert in recipe.parts]
    missing = [name for name in wanted if name not in by_name]
    if missing:
        raise StudioError(
            _tr("There is no LoRA {name} yet: a film needs those of both experts, so let the training go on.").format(
                name=missing[0]
            )
        )
    return tuple(by_name[name] for name in wanted)


def _label(name: str, expert: Expert) -> str:
    words = {"both": name, "high": _tr("{name}, high noise"), "low": _tr("{name}, low noise")}
    return words[expert].format(name=name)[:200]


def _said(before: Storyboard, after: Storyboard, recipe: TrainingRecipe) -> str:
    said = _tr("The film uses “{name}” now.").format(name=recipe.name)
    if before.stability and not after.stability:
        said += " " + _tr("It takes the place of the model's own stability.")
    return said


def _copy(film: Path, file: Path) -> str:
    """Raises StudioError when the file is damaged or cannot be copied."""
    if not file.is_file():
        raise StudioError(_tr("The trained LoRA {file} is not there any more.").format(file=file))
    read_header(file)
    return MediaStore(film).add(file, thread_stops)
