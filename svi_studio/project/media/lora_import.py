"""Brings a LoRA file into a film: checked, copied, called by a name that still says what it is, for its expert."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.domain.errors import BadWeights, StudioError
from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.own_recipes import ChosenLora, OwnRecipes
from svi_studio.domain.film.storyboard import LoraUse
from svi_studio.project.media.media_store import MediaStore, media_path
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.content_hash import file_hash
from svi_studio.weights.lora_card import training_card
from svi_studio.weights.lora_kind import check_lora_kind, check_lora_size, name_of, self_contained
from svi_studio.weights.lora_traits import read_lora_traits
from svi_studio.weights.model_folder import read_card
from svi_studio.weights.name_marks import base_in, expert_in, family_in, is_from_words, is_marked, names_of

_NAMES = ("modelspec.title", "ss_output_name")  # where those who train LoRAs write a name
_LONGEST = 200


def bring_lora(
    folder: Path,
    source: Path,
    disk: FsOps = REAL_DISK,
    model: str = "",
    should_stop: Callable[[], bool] = lambda: False,
) -> LoraUse:
    """Copies a LoRA whose header is sound, and that fits ``model``, into the film in ``folder``. Raises StudioError.

    Where that is a model of two experts it is for the one that it says it is for, else for both.
    """
    header = check_lora_kind(source)
    place = _folder_of(model, folder)
    if place is not None:
        check_lora_size(source, header, place)
    label = lora_label(source, header.metadata)
    expert = _expert_of(source, label, place)
    pieces = self_contained(source)
    if pieces is None:
        return LoraUse(file=MediaStore(folder, disk).add(source, should_stop), label=label, expert=expert)
    with TemporaryDirectory(prefix="svi-studio-") as room:
        whole = Path(room) / "lora.safetensors"
        with whole.open("wb") as file:
            file.writelines(pieces)
        return LoraUse(file=MediaStore(folder, disk).add(whole, should_stop), label=label, expert=expert)


def film_file(source: Path, should_stop: Callable[[], bool] = lambda: False) -> str:
    """The path that ``bring_lora`` would give it in a film: by its content. Raises BadWeights, Stopped."""
    pieces = self_contained(source)
    if pieces is None:
        return media_path(file_hash(source, should_stop=should_stop), source)
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    return media_path(digest.hexdigest(), Path("lora.safetensors"))


def chosen_in_films(own: OwnRecipes, should_stop: Callable[[], bool] = lambda: False) -> Mapping[str, ChosenLora]:
    """The LoRAs that were chosen for recipes, by what films call their content. Raises Stopped.

    One whose content nobody has looked at is read whole, and left out where it is gone.
    """
    found: dict[str, ChosenLora] = {}
    for each in reversed(own.loras):  # the one that was chosen last counts
        with suppress(BadWeights, OSError, ValueError):
            found[each.film_file or film_file(Path(each.file), should_stop)] = each
    return found


def _expert_of(source: Path, label: str, model: Path | None) -> Expert:
    try:
        two = model is not None and read_architecture(model, read_card(model)).two_experts
    except BadWeights:  # whoever renders is told what is wrong with the model
        two = False
    return (read_lora_traits(source, called=(label,)).expert or "both") if two else "both"


def lora_label(source: Path, metadata: Mapping[str, str]) -> str:
    """What people call the LoRA: the name that it has of its maker, else its file's.

    In a film its file is called by its content, so that the name has to keep what its file and folders say of it: which
    expert and which family it is for, which Wan, and whether it is for few steps. Raises BadWeights.
    """
    card = training_card(metadata)
    given = [card.name if card else "", *(metadata.get(name, "").strip() for name in _NAMES)]
    own = name_of(source)
    names = [*filter(None, given), own, source.stem, f"{source.absolute().parent.name}/{source.stem}"]
    known = _said_by(names_of(source.absolute(), metadata))
    told = names_of(Path("unnamed"), metadata)

    def kept(name: str) -> int:
        return sum(ours == all_of_it for ours, all_of_it in zip(_said_by((name, *told)), known, strict=True))

    return max(names, key=kept)[:_LONGEST]  # of several, the first


def _said_by(names: tuple[str, ...]) -> tuple[object, ...]:
    marks = is_marked("distilled", names), is_marked("svi", names), is_from_words(names)
    return expert_in(names), base_in(names), family_in(names), *marks


def _folder_of(model: str, film: Path) -> Path | None:
    """The folder of a model; None for one that is not on this computer, which the render says."""
    try:
        return find_model(model, beside=film) if model else None
    except StudioError:
        return None
