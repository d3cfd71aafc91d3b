"""``svi-studio lora``: what a LoRA file is, and the LoRAs of a film and of its clips."""

import json
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from svi_studio.cli.save_film import film_lock, save_film
from svi_studio.domain.editing.edits import change_clip, change_film
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.clip_loras import slot_of
from svi_studio.domain.film.lora_names import LoraNames
from svi_studio.domain.film.lora_traits import LoraTraits
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import plural
from svi_studio.domain.training.card import card_sentence
from svi_studio.domain.value import with_fields
from svi_studio.project.film.film_source import FilmSource, open_film
from svi_studio.project.media.lora_import import bring_lora
from svi_studio.weights.lora_card import read_training_card
from svi_studio.weights.lora_convert import convert_lora
from svi_studio.weights.lora_kind import check_lora_kind
from svi_studio.weights.lora_strength import strength_note
from svi_studio.weights.lora_traits import read_lora_traits

_WHOSE: dict[LoraNames, str] = {
    "authors": "SVI's authors",
    "peft": "diffusers and peft",
    "comfyui": "ComfyUI",
}
_EXPERTS: dict[Expert, str] = {"both": "", "high": ", for the high-noise expert", "low": ", for the low-noise expert"}


def run(options: Namespace) -> int:
    """Describes a file, or changes and lists the LoRAs of a film; returns the exit code. Raises StudioError."""
    if options.source.suffix.lower() == ".safetensors":
        _refuse_changes(options)
        if options.names is not None or options.output is not None:
            return _convert(options)
        _describe(options.source, as_json=options.json)
        return 0
    if options.names is not None or options.output is not None:
        raise BadInput(f"--names writes a LoRA file anew, and {options.source} is none: name a .safetensors file.")
    film = open_film(options.source)
    board = film.storyboard
    if _changes(options):
        with film_lock(film, options.source) as film:
            board = _edited(film, options)
            if board != film.storyboard:
                save_film(film, options.source, board)
    _list(board, as_json=options.json)
    return 0


def _convert(options: Namespace) -> int:
    if options.names is None or options.output is None:
        raise BadInput("To write a LoRA under other names, say both: --names and -o FILE.")
    convert_lora(options.source, options.output, options.names, overwrite=options.overwrite)
    print(visible(f"{options.output}: the same LoRA, under the names of {_WHOSE[options.names]}."))
    return 0


def _changes(options: Namespace) -> bool:
    return any(each is not None for each in (options.add, options.change, options.remove, options.without))


def _refuse_changes(options: Namespace) -> None:
    if _changes(options) or options.clip is not None:
        raise BadInput(f"{options.source} is a LoRA, and no film: name the film first, then --add and the LoRA.")


def _describe(file: Path, *, as_json: bool) -> None:
    header = check_lora_kind(file)
    traits = read_lora_traits(file)
    if as_json:
        print(json.dumps({"file": str(file), **traits.model_dump(mode="json")}))
        return
    print(visible(f"{file.name}: {_form(traits)}"))
    print(_made_for(traits))
    if traits.distilled:
        print("Made for few steps: use 4 to 8 steps and a guidance of 1 with it, on a model that is not so itself.")
    if traits.for_pictures:
        layers = plural(len(traits.for_pictures), "layer")
        print(f"{layers} for the pictures that Wan 2.1 looks at; on Wan 2.2 they have no place and are left out.")
    if (card := read_training_card(file)) is not None:
        print(visible(card_sentence(card)))
    if note := strength_note(file, header):
        print(visible(note))


def _form(traits: LoraTraits) -> str:
    ranks = f", rank {_listed(traits.ranks)}" if traits.ranks else ""
    factors = f", factor {_listed(traits.factors)}" if traits.factors else ""
    whole = f", {plural(traits.differences, 'whole difference')}" if traits.differences else ""
    return f"{traits.kind} of {plural(traits.modules, 'layer')}{ranks}{factors}{whole}"


def _made_for(traits: LoraTraits) -> str:
    base = f"Made for {traits.base_title}" if traits.base_title else "It does not say for which Wan it was made"
    if traits.expert is not None:
        return f"{base}, the {traits.expert}-noise expert."
    return f"{base}; no expert is named."


def _listed(numbers: Sequence[float]) -> str:
    shown = ", ".join(f"{number:g}" for number in numbers[:8])
    return f"{shown}, ..." if len(numbers) > 8 else shown


def _edited(film: FilmSource, options: Namespace) -> Storyboard:
    board = film.storyboard
    uses = _uses(board, options.clip)
    if options.add is not None:
        new = _with_options(bring_lora(film.folder, options.add, model=board.model), options)
        uses = (*(use for use in uses if slot_of(use) != slot_of(new)), new)
    elif options.change is not None:
        changed = _with_options(_numbered(uses, options.change), options)
        uses = tuple(changed if number == options.change else use for number, use in enumerate(uses, start=1))
    elif options.remove is not None:
        taken = _numbered(uses, options.remove)
        uses = tuple(use for use in uses if use is not taken)
    else:
        if options.clip is None:
            raise BadInput("--without is for one clip: say which one with --clip.")
        off = with_fields(_numbered(board.loras, options.without), {"weight": 0.0})
        uses = (*(use for use in uses if slot_of(use) != slot_of(off)), off)
    if len({slot_of(use) for use in uses}) < len(uses):
        raise BadInput("The same LoRA would be there twice for the same expert: change or remove the other one.")
    if options.clip is None:
        return change_film(board, loras=uses)
    return change_clip(board, board.clips[options.clip - 1].id, loras=uses)


def _uses(board: Storyboard, clip: int | None) -> tuple[LoraUse, ...]:
    if clip is None:
        return board.loras
    if clip > len(board.clips):
        raise BadInput(f"There is no clip {clip}: the film has {plural(len(board.clips), 'clip')}.")
    return board.clips[clip - 1].loras


def _with_options(use: LoraUse, options: Namespace) -> LoraUse:
    changes: dict[str, object] = {}
    if options.weight is not None:
        changes["weight"] = options.weight
    if options.expert is not None:
        changes["expert"] = options.expert
    return with_fields(use, changes)


def _numbered(uses: Sequence[LoraUse], number: int) -> LoraUse:
    if number > len(uses):
        has = f"there are {len(uses)}" if uses else "there is none"
        raise BadInput(f"There is no LoRA {number}, {has}: list them by naming the film alone.")
    return uses[number - 1]


def _list(board: Storyboard, *, as_json: bool) -> None:
    places = [
        ("film", board.loras),
        *((f"clip {n}", clip.loras) for n, clip in enumerate(board.clips, 1) if clip.loras),
    ]
    for place, uses in places:
        for number, use in enumerate(uses, start=1):
            if as_json:
                print(json.dumps({"of": place, "number": number, **use.model_dump(mode="json")}))
            else:
                print(visible(f"{place}, LoRA {number}: {_line(use)}"))
    if not as_json and not any(uses for _, uses in places):
        print("This film has no LoRAs of its own.")


def _line(use: LoraUse) -> str:
    name = use.label or use.file
    if not use.weight:
        return f"{name}, off{_EXPERTS[use.expert]}"
    return f"{name} at {use.weight:g}{_EXPERTS[use.expert]}"
