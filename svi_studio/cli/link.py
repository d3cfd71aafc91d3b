"""``svi-studio models link`` and ``unlink``: a model made of files where they lie, and taken away again."""

import json
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from svi_studio.cli.filmable_words import film_lines
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.filmable import Filmable, Network
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.domain.film.model_parts import PartName
from svi_studio.domain.text.visible_text import visible, visible_line
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.linking.choose import chosen_expert, chosen_part, chosen_transformer
from svi_studio.weights.linking.gaps import filmable_here, unlinked_rows
from svi_studio.weights.linking.link import link_model
from svi_studio.weights.linking.unlink import unlink_model
from svi_studio.weights.model_folder import read_card
from svi_studio.weights.scan.answers import with_answers
from svi_studio.weights.scan.scan import scan_folder

_OPTIONS: dict[str, PartName] = {
    "vae": "vae", "text_encoder": "text_encoder", "tokenizer": "tokenizer", "picture_encoder": "image_encoder",
    "sound": "sound", "sound_encoder": "audio_encoder",
}  # fmt: skip


def run(options: Namespace) -> int:
    """Does one of them; returns the exit code. Raises StudioError."""
    return _unlink(options) if options.action == "unlink" else _link(options)


def _link(options: Namespace) -> int:
    chosen = _chosen(options)
    rows = _rows(options.folder, chosen)
    found = filmable_here(rows, chosen)
    if options.list:
        for line in _listed(found, options):
            print(line)
        return 0
    filmable = _only(found, rows, options)
    folder = link_model(filmable, name=options.name)
    name = read_card(folder).name
    if options.json:
        print(json.dumps({"name": name, "folder": str(folder), **filmable.model_dump(exclude={"name"})}))
    else:
        print(visible(f"{name} is linked: {filmable.title}. Nothing was copied; use it with --model {name}."))
    return 0


def _rows(folder: Path | None, chosen: Mapping[PartName, Network]) -> tuple[ModelFile, ...]:
    """The files to choose from; without a folder what was fetched, unless the user named the transformer."""
    if folder is not None:
        return with_answers(scan_folder(folder).files)
    return () if any(part.startswith("transformer") for part in chosen) else with_answers(unlinked_rows())


def _chosen(options: Namespace) -> dict[PartName, Network]:
    """What the options name, looked at."""
    chosen: dict[PartName, Network] = {}
    if options.transformer is not None and (options.high or options.low):
        raise BadInput("Give either --transformer, or --high and --low for a model of two experts.")
    if options.transformer is not None:
        part, network = chosen_transformer(options.transformer)
        chosen[part] = network
    if options.high is not None:
        chosen["transformer"] = chosen_expert("high", options.high)
    if options.low is not None:
        chosen["transformer_2"] = chosen_expert("low", options.low)
    for option, name in _OPTIONS.items():
        if (file := getattr(options, option)) is not None:
            chosen[name] = chosen_part(name, file)
    return chosen


def _listed(found: Sequence[Filmable], options: Namespace) -> list[str]:
    if options.json:
        return [json.dumps({**each.model_dump(), "ready": each.ready}) for each in found]
    return [visible_line(line) for line in film_lines(found, options.folder)] or ["There is nothing to film with here."]


def _only(found: Sequence[Filmable], rows: Sequence[ModelFile], options: Namespace) -> Filmable:
    """The model that is meant: the one of that name, the only whole one, else the only one.

    Raises BadInput with what is to be said.
    """
    if (asked := next((each for each in found if each.name == options.name), None)) is not None:
        return asked
    ready = [each for each in found if each.ready]
    if len(ready) == 1:
        return ready[0]
    if ready:
        names = ", ".join(each.name for each in ready)
        raise BadInput(
            f"Several models can be made of these files: {names}. Say which one with --name, or name its transformer."
        )
    if len(found) == 1:
        return found[0]
    if found:
        lacks = "; ".join(f"{each.name}: {_first_lack(each)}" for each in found)
        raise BadInput(f"None of these models is whole. {lacks}")
    raise BadInput(_nothing(rows, options.folder))


def _first_lack(filmable: Filmable) -> str:
    if filmable.questions:
        return filmable.questions[0].words
    return filmable.missing[0].words


def _nothing(rows: Sequence[ModelFile], folder: Path | None) -> str:
    why = next((row.why for row in rows if row.kind == "transformer" and row.why), "")
    place = folder or "the models folders and Hugging Face's cache"
    return why or f"There is no transformer of a Wan image-to-video model in {place}: name another folder."


def _unlink(options: Namespace) -> int:
    folder = find_model(options.name)
    name = read_card(folder).name
    unlink_model(folder)
    said = f"{name} is no model any more; the files that it was made of are where they were."
    print(json.dumps({"unlinked": name, "folder": str(folder)}) if options.json else visible(said))
    return 0
