"""From a film to what decides its pixels: finds the model, the pictures and the LoRAs, and hashes their content."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from svi_studio.domain.errors import BadWeights, Stopped, StudioError
from svi_studio.domain.film.family import family
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.piece_name import file_name
from svi_studio.domain.film.size import SIZE_STEP, film_size
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.plan import RenderPlan, plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner, family_lora, take_fits
from svi_studio.media.images import PictureFacts, look_at, picture_size
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.track_files import TrackFile, read_track_file
from svi_studio.project.media.media_store import MAX_MEDIA
from svi_studio.project.takes.take_catalogue import read_take
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.content_hash import ShouldStop, file_hash, input_hash, lora_hash, model_hash
from svi_studio.weights.family_loras import FamilyLoras, find_family_loras
from svi_studio.weights.input_networks import brought_by, check_input_networks
from svi_studio.weights.lora_kind import check_lora_kind, check_lora_size
from svi_studio.weights.model_folder import read_card

T = TypeVar("T")

_UNKNOWN = "0" * 64
_MOST_REMEMBERED = 20_000
_read_before: dict[tuple[Path, int, int], tuple[str, PictureFacts]] = {}
"""Pictures are read once in the life of the program, as long as their files stay what they are."""
_ANY_SIZE = (SIZE_STEP, SIZE_STEP)  # without a picture there is no film, and the plan says so


@dataclass(frozen=True)
class PreparedFacts:
    """The facts of a film, the model folder that it needs, and the files of its LoRAs with their weights.

    The model's own LoRA for the film's family, where there is one, is the first of ``loras``.
    """

    facts: FilmFacts
    model: Path
    loras: tuple[tuple[Path, float], ...]


@dataclass(frozen=True)
class PreparedFilm:
    """A plan, the model folder that it needs, and the files of its LoRAs with their weights."""

    plan: RenderPlan
    model: Path
    loras: tuple[tuple[Path, float], ...]


def _never() -> bool:
    return False


def read_facts(film: FilmSource, model_name: str | None = None, should_stop: ShouldStop = _never) -> PreparedFacts:
    """Everything beside the storyboard that decides the film's pixels; ``model_name`` None = the storyboard's.

    A picture or a track's file that is missing or broken is told in ``facts.media_problems``: the other clips can still
    be rendered. Reads gigabytes of weights the first time. Raises StudioError of any kind for the model, a LoRA, or a
    missing picture that decides the film's size; Stopped as soon as ``should_stop`` says so.
    """
    return _hashed(film, _cheap_facts(film, model_name, should_stop), should_stop)


def prepare(film: FilmSource, model_name: str | None = None) -> PreparedFilm:
    """Checks everything that can be checked without torch and makes the plan; raises StudioError of any kind.

    What costs nothing is checked first: a wrong storyboard is told before gigabytes of weights are read. Takes that
    clips keep count while they are there and fit the film.
    """
    cheap = _cheap_facts(film, model_name)
    kept = kept_in(film.takes, film.storyboard, cheap.facts)
    plan_film(FilmPlanner(film.storyboard, cheap.facts, kept))
    ready = _hashed(film, cheap)
    return PreparedFilm(plan_film(FilmPlanner(film.storyboard, ready.facts, kept)), ready.model, ready.loras)


def kept_in(takes: TakeStore, storyboard: Storyboard, facts: FilmFacts) -> Callable[[str], bool]:
    """Whether a take that a clip keeps is in ``takes`` and fits the film: what ``FilmPlanner`` asks."""

    @cache  # a plan asks for the same take more than once, and each answer costs the reading of a manifest
    def kept(take_hash: str) -> bool:
        take = read_take(takes.folder, take_hash)
        return take is not None and take_fits(take, storyboard, facts)

    return kept


def read_picture(path: Path, should_stop: ShouldStop = _never) -> tuple[str, PictureFacts]:
    """SHA-256 of a picture's file, and what is known of it, after reading it whole.

    A broken one is told now and not in the middle of a film. Raises BadInput, Stopped.
    """
    try:
        found = path.stat()
    except OSError:
        look_at(path)  # says what is wrong
        raise
    stamp = (path, found.st_size, found.st_mtime_ns)
    if stamp not in _read_before:
        seen = look_at(path, should_stop)  # first: it refuses what is too large for a picture, unread
        _read_before[stamp] = (file_hash(path, should_stop=should_stop), seen)
        while len(_read_before) > _MOST_REMEMBERED:
            del _read_before[next(iter(_read_before))]
    return _read_before[stamp]


def _cheap_facts(film: FilmSource, model_name: str | None, should_stop: ShouldStop = _never) -> PreparedFacts:
    """The facts with unknown hashes for the weights."""
    storyboard = film.storyboard
    model = find_model(model_name or storyboard.model, beside=film.folder)
    card = read_card(model)
    size = _size(film, card)
    pictures, problems = _found(film, storyboard.images(), read_picture, should_stop)
    tracks, lost = _track_files(film, should_stop)
    loras = {use.file: film.file(use.file) for use in storyboard.loras}
    _check_loras(loras, model)
    own = find_family_loras(model, card)
    uses = (
        *_family_use(storyboard, own, card),
        *((loras[use.file], use.weight) for use in storyboard.loras),
    )
    needs, brought = family(storyboard.family).needs, brought_by(uses)
    inside = needs.intersection(card.inputs) - brought
    check_input_networks(model, card, inside)
    facts = FilmFacts(
        card,
        _UNKNOWN,
        lora_hashes=dict.fromkeys(loras, _UNKNOWN),
        media_hashes={
            **{name: digest for name, (digest, _) in pictures.items()},
            **{name: found.sha256 for name, found in tracks.items()},
        },
        media_seconds={name: found.seconds for name, found in tracks.items() if found.seconds is not None},
        networks=dict.fromkeys(inside, _UNKNOWN),
        lora_inputs=brought,
        image_sizes={name: known.size for name, (_, known) in pictures.items()},
        image_profiles=frozenset(name for name, (_, known) in pictures.items() if known.has_profile),
        size=size,
        media_problems={**problems, **lost},
        family_loras=dict.fromkeys(own.files, _UNKNOWN),
        family_lora_problems=own.problems,
    )
    return PreparedFacts(facts, model, uses)


def _family_use(storyboard: Storyboard, own: FamilyLoras, card: ModelCard) -> tuple[tuple[Path, float], ...]:
    """The file of the model's own LoRA and its weight, where the film has it in; without a file the plan says so."""
    file = own.files.get(storyboard.family)
    return () if file is None or family_lora(storyboard, card) is None else ((file, storyboard.stability),)


def _hashed(film: FilmSource, cheap: PreparedFacts, should_stop: ShouldStop = _never) -> PreparedFacts:
    """The same facts with the hashes of model and LoRAs."""
    loras = {name: lora_hash(film.file(name), should_stop=should_stop) for name in cheap.facts.lora_hashes}
    files = find_family_loras(cheap.model, cheap.facts.card).files
    facts = replace(
        cheap.facts,
        model_hash=model_hash(cheap.model, should_stop=should_stop),
        lora_hashes=loras,
        family_loras={name: file_hash(file, should_stop=should_stop) for name, file in files.items()},
        networks={
            kind: digest
            for kind in cheap.facts.networks
            if (digest := input_hash(cheap.model, kind, should_stop=should_stop)) is not None
        },
    )
    return replace(cheap, facts=facts)


def _track_files(film: FilmSource, should_stop: ShouldStop) -> tuple[dict[str, TrackFile], dict[str, str]]:
    """The files of the tracks that the film's clips are made from, and what is wrong with those that cannot be used."""
    files: dict[str, TrackFile] = {}
    problems: dict[str, str] = {}
    for track in film.storyboard.needed_tracks:
        names = dict.fromkeys(piece.file for piece in track.pieces)
        found, lost = _found(film, names, partial(read_track_file, track.kind), should_stop)
        files |= found
        problems |= {name: _gone(film, track.kind, name) or sentence for name, sentence in lost.items()}
    return files, problems


def _gone(film: FilmSource, kind: InputKind, name: str) -> str:
    """A sentence for a file of the tracks that is not there, which is named by what people call it; else nothing."""
    if os.path.lexists(film.folder / name):
        return ""
    return f'The {kind} "{file_name(film.storyboard, name)}" was not found: put it there or choose another one.'


def _found(
    film: FilmSource,
    names: Iterable[str],
    read: Callable[[Path, ShouldStop], T],
    should_stop: ShouldStop,
) -> tuple[dict[str, T], dict[str, str]]:
    """What ``read`` finds in files of the film, by their paths, and what is wrong with those where it finds nothing."""
    found: dict[str, T] = {}
    problems: dict[str, str] = {}
    for name in names:
        if should_stop():
            raise Stopped("The reading of the film's files was stopped.")
        try:
            found[name] = read(film.file(name), should_stop)
        except Stopped:
            raise
        except StudioError as error:
            problems[name] = str(error)
    return found, problems


def _size(film: FilmSource, card: ModelCard) -> tuple[int, int]:
    """The film's size; the first picture is only looked at when it decides."""
    images = film.storyboard.images()
    decides = card.size is None and film.storyboard.size is None and images
    picture = picture_size(film.file(images[0])) if decides else _ANY_SIZE
    return film_size(film.storyboard, card, picture, family(film.storyboard.family).max_width)


def _check_loras(loras: dict[str, Path], model: Path) -> None:
    """What a file is, and whether it is whole, costs a moment: not the minutes that a model takes to load."""
    for name, path in loras.items():
        if not path.is_file():
            raise BadWeights(f'The LoRA "{name}" was not found at {path}; put it there or take it out.')
        check_lora_size(path, check_lora_kind(path), model)
        if path.stat().st_size > MAX_MEDIA:
            raise BadWeights(f'The LoRA "{name}" is larger than any LoRA, {MAX_MEDIA >> 30} GB: choose another file.')
