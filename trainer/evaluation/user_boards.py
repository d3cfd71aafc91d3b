"""Test storyboards from the user's own films: the first chain of each, as far as a test film needs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from svi_studio.domain.errors import BadInput, BadProject, StudioError, from_os_error
from svi_studio.domain.film.storyboard import STORYBOARD_VERSION, Clip, Storyboard
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.value import first_problem
from svi_studio.engine.denoising.pixels import resize_picture
from svi_studio.media.images import open_reference
from svi_studio.media.inside import resolve_inside
from trainer.evaluation.boards import AnchoredBoard, TestBoard, TestClip

if TYPE_CHECKING:
    from svi_studio.domain.film.model_card import ModelCard
    from svi_studio.domain.training.recipe import TrainingRecipe

MAX_BYTES = 64 << 20
_ANY_HASH = "0" * 64  # the films are known by their content, not by takes


def user_boards(recipe: TrainingRecipe, card: ModelCard) -> tuple[AnchoredBoard, ...]:
    """The boards of `recipe.evaluation.storyboards`, which are storyboard files, project files or project folders.

    Of each, the clips up to its first cut are filmed, again and again
    until there are `recipe.evaluation.clips` of them, at the recipe's size and in its family. Raises StudioError with
    one sentence that names the file.
    """
    return tuple(
        _board(number, Path(text), recipe, card) for number, text in enumerate(recipe.evaluation.storyboards, start=1)
    )


def _board(number: int, path: Path, recipe: TrainingRecipe, card: ModelCard) -> AnchoredBoard:
    path = path / "project.json" if path.is_dir() else path
    film = _as_test_film(_read(path), recipe)
    image = film.chain_image(0) if film.clips else None
    facts = FilmFacts(card, _ANY_HASH, {}, {image: _ANY_HASH} if image else {}, (recipe.width, recipe.height))
    try:
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
        )
        for job in jobs
    )
    name = film.title.strip() or path.parent.stem if path.name == "project.json" else film.title.strip() or path.stem
    return AnchoredBoard(TestBoard(name=f"{number}. {name}"[:200], clips=clips), anchor)


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
    return film.model_copy(update={"family": recipe.family, "clips": clips, **alone, **size})


def _plain(clip: Clip, index: int) -> Clip:
    image = clip.image if index == 0 else None
    return clip.model_copy(update={"id": f"c{index + 1}", "image": image, "take": None, "cut": False})
