"""Test storyboards from the user's own films: the first chain of each, as far as a test film needs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.plain_file import sha256_of
from svi_studio.domain.errors import BadInput, BadProject, StudioError, from_os_error
from svi_studio.domain.film.family import family
from svi_studio.domain.film.storyboard import STORYBOARD_VERSION, Clip, Storyboard
from svi_studio.domain.film.track import Track
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.value import first_problem, with_fields
from svi_studio.engine.denoising.pixels import resize_picture
from svi_studio.media.images import open_reference
from svi_studio.media.inside import resolve_inside
from trainer.evaluation.board_inputs import film_frames
from trainer.evaluation.boards import AnchoredBoard, TestBoard, TestClip

if TYPE_CHECKING:
    from svi_studio.domain.film.model_card import ModelCard
    from svi_studio.domain.training.recipe import TrainingRecipe

MAX_BYTES = 64 << 20
_ANY_HASH = "0" * 64  # the films are known by their content, not by takes


def user_boards(recipe: TrainingRecipe, card: ModelCard, folder: Path) -> tuple[AnchoredBoard, ...]:
    """The boards of `recipe.evaluation.storyboards`, which are storyboard files, project files or project folders.

    Of each, the clips up to its first cut are filmed, again and again
    until there are `recipe.evaluation.clips` of them, at the recipe's size and in its family. The sounds or skeletons
    that they follow are copied into `folder`. Raises StudioError with one sentence that names the file.
    """
    return tuple(
        _board(number, Path(text), recipe, card, folder)
        for number, text in enumerate(recipe.evaluation.storyboards, start=1)
    )


def _board(number: int, path: Path, recipe: TrainingRecipe, card: ModelCard, folder: Path) -> AnchoredBoard:
    path = path / "project.json" if path.is_dir() else path
    film = _as_test_film(_read(path), recipe)
    image = film.chain_image(0) if film.clips else None
    try:
        followed = {file: _copied(path.parent, file, folder) for file in _followed(film)}
        hashes = {file: name.partition(".")[0] for file, name in followed.items()}
        media = hashes | ({image: _ANY_HASH} if image else {})
        networks = dict.fromkeys(family(recipe.family).needs, _ANY_HASH)
        facts = FilmFacts(card, _ANY_HASH, {}, media, (recipe.width, recipe.height), networks=networks)
        jobs = plan_film(FilmPlanner(film, facts)).jobs
        look = film.picture_look(image or "", facts.size)
        picture = open_reference(resolve_inside(path.parent, image or ""), look.colours)
        anchor = resize_picture(picture, *facts.size, look.box(picture.size))
    except StudioError as error:
        raise BadInput(f"The test storyboard {path} cannot be filmed: {error}") from error
    clips = tuple(
        TestClip(
            prompt=job.prompt,
            negative_prompt=job.negative_prompt,
            seed=job.seed,
            num_inference_steps=job.num_inference_steps,
            guidance_scale=job.guidance_scale,
            audio_guidance_scale=job.audio_guidance_scale,
            inputs=tuple(with_fields(each, {"file": followed[each.file]}) for each in job.inputs),
        )
        for job in jobs
    )
    name = film.title.strip() or path.parent.stem if path.name == "project.json" else film.title.strip() or path.stem
    return AnchoredBoard(TestBoard(name=f"{number}. {name}"[:200], clips=clips), anchor)


def _followed(film: Storyboard) -> set[str]:
    """The files that the film's clips are made from beside its picture."""
    return {piece.file for track in film.needed_tracks for piece in track.pieces}


def _copied(place: Path, file: str, folder: Path) -> str:
    """Puts a file that a storyboard in `place` names into `folder`, named by its content. Raises StudioError."""
    source = resolve_inside(place, file)
    try:
        name = f"{sha256_of(source)}{source.suffix.lower()[:8]}"
        with plain_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / name)
    except OSError as error:
        raise from_os_error(error, source) from error
    return name


def _read(path: Path) -> Storyboard:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadProject(f"The test storyboard {path} is too large for a storyboard: choose another one.")
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise from_os_error(error, path) from error
    except (ValueError, RecursionError) as error:
        raise BadProject(f"The test storyboard {path} is not a storyboard: choose another one.") from error
    inner = document.get("storyboard", document) if isinstance(document, dict) else document
    if not isinstance(inner, dict):
        raise BadProject(f"The test storyboard {path} is not a storyboard: choose another one.")
    try:
        return Storyboard.model_validate_json(json.dumps(_of_this_version(inner, path)))
    except ValidationError as error:
        raise BadProject(f"The test storyboard {path} cannot be used, {first_problem(error)}.") from error


def _of_this_version(document: dict[str, Any], path: Path) -> dict[str, Any]:
    """An older storyboard differs only in what a test film does not read: LoRAs, and pictures along a chain."""
    version = document.get("schema_version", STORYBOARD_VERSION)
    if type(version) is not int or not 1 <= version <= STORYBOARD_VERSION:
        raise BadProject(f"The test storyboard {path} is of another version of SVI Studio: choose another one.")
    return {**document, "schema_version": STORYBOARD_VERSION}


def _as_test_film(film: Storyboard, recipe: TrainingRecipe) -> Storyboard:
    """The first chain, repeated, with nothing in it that would replace a render or move the reference on the way."""
    cuts = (index for index, clip in enumerate(film.clips) if index and clip.cut)
    chain = film.clips[: next(cuts, len(film.clips))]
    clips = tuple(_plain(chain[k % len(chain)], k) for k in range(recipe.evaluation.clips if chain else 0))
    size = {"width": recipe.width, "height": recipe.height, "num_frames": recipe.num_frames}
    alone = {"loras": (), "stability": 0.0}  # the base, or the base with the trained LoRA, and nothing else
    look = film.model_copy(update={"family": recipe.family, "clips": clips, **alone, **size})
    frames = film_frames(len(clips), recipe.num_frames, family(recipe.family)) if clips else 0
    return look.model_copy(update={"tracks": tuple(_long_enough(track, frames) for track in film.tracks)})


def _long_enough(track: Track, frames: int) -> Track:
    """The track again and again until it is `frames` long; a test film may be longer than the user's."""
    if not track.pieces:
        return track
    length = track.pieces[-1].stop
    pieces = [
        with_fields(piece, {"start": piece.start + again * length})
        for again in range(-(-frames // length))
        for piece in track.pieces
    ]
    return with_fields(track, {"pieces": tuple(pieces)})


def _plain(clip: Clip, index: int) -> Clip:
    image = clip.image if index == 0 else None
    return clip.model_copy(update={"id": f"c{index + 1}", "image": image, "take": None, "cut": False, "loras": ()})
