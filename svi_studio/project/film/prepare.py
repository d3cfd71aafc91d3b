"""From a film to what decides its pixels: finds the model, the pictures and the LoRAs, and hashes their content."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.clip_loras import all_loras
from svi_studio.domain.film.family import family
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.piece_name import file_name
from svi_studio.domain.film.size import film_size, size_step
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.end_pictures import cropped_ends
from svi_studio.domain.render.job_loras import family_loras
from svi_studio.domain.render.lora_advice import LoraAdvice, lora_advice
from svi_studio.domain.render.plan import RenderPlan, plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner, take_fits
from svi_studio.media.images import PictureFacts, look_at, picture_size
from svi_studio.project.film.film_loras import check_film_loras, film_lora_traits
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.start_videos import FoundVideo, read_start_video
from svi_studio.project.film.track_files import TrackFile, read_track_file
from svi_studio.project.takes.take_catalogue import read_take
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.content_hash import ShouldStop, file_hash, input_hash, lora_hash, model_hash
from svi_studio.weights.family_loras import FamilyLoras, find_family_loras
from svi_studio.weights.input_networks import brought_by, check_input_networks
from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.lora_traits import is_distilled_model
from svi_studio.weights.model_folder import read_card

T = TypeVar("T")

_UNKNOWN = "0" * 64
_MOST_REMEMBERED = 20_000
_read_before: dict[tuple[Path, int, int], tuple[str, PictureFacts]] = {}
"""Pictures are read once in the life of the program, as long as their files stay what they are."""


@dataclass(frozen=True)
class PreparedFacts:
    """The facts of a film, the model folder that it needs, and the files of its LoRAs.

    ``loras`` are those of the film, the model's own ones for its family first; clips may have others. ``lora_files``
    has the files of all of them by the hash that jobs have; it is empty while the facts have no hashes.
    """

    facts: FilmFacts
    model: Path
    loras: tuple[LoraInUse, ...] = ()
    lora_files: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class PreparedFilm:
    """A plan, the model folder that it needs, the files of its LoRAs as in ``PreparedFacts``, what to ask of these.

    ``cropped_ends``: facts about pictures that clips end on, see there.
    """

    plan: RenderPlan
    model: Path
    loras: tuple[LoraInUse, ...] = ()
    lora_files: Mapping[str, Path] = field(default_factory=dict)
    lora_advice: tuple[LoraAdvice, ...] = ()
    cropped_ends: tuple[str, ...] = ()


def _never() -> bool:
    return False


def read_facts(film: FilmSource, model_name: str | None = None, should_stop: ShouldStop = _never) -> PreparedFacts:
    """Everything beside the storyboard that decides the film's pixels; ``model_name`` None = the storyboard's.

    A picture or a track's file that is missing or broken is told in ``facts.media_problems``: the other clips can still
    be rendered. Reads gigabytes of weights the first time. Raises StudioError of any kind for the model, a LoRA, or a
    missing picture that decides the film's size; Stopped as soon as ``should_stop`` says so.
    """
    return _hashed(film, _cheap_facts(film, model_name, should_stop), should_stop)


def read_facts_unhashed(
    film: FilmSource, model_name: str | None = None, should_stop: ShouldStop = _never
) -> PreparedFacts:
    """The same without reading any weights but their headers: hashes of the model and of LoRAs are zeros."""
    return _cheap_facts(film, model_name, should_stop)


def prepare(film: FilmSource, model_name: str | None = None) -> PreparedFilm:
    """Checks everything that can be checked without torch and makes the plan; raises StudioError of any kind.

    What costs nothing is checked first: a wrong storyboard is told before gigabytes of weights are read. Takes that
    clips keep count while they are there and fit the film.
    """
    cheap = _cheap_facts(film, model_name)
    kept = kept_in(film.takes, film.storyboard, cheap.facts)
    plan_film(FilmPlanner(film.storyboard, cheap.facts, kept))
    ready = _hashed(film, cheap)
    plan = plan_film(FilmPlanner(film.storyboard, ready.facts, kept))
    asked, ends = lora_advice(film.storyboard, ready.facts), cropped_ends(film.storyboard, ready.facts)
    return PreparedFilm(plan, ready.model, ready.loras, ready.lora_files, asked, ends)


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
    architecture = read_architecture(model, card)
    videos, unread = _start_videos(film, should_stop)
    size = _size(film, card, architecture, videos)
    pictures, problems = _found(film, storyboard.images(), read_picture, should_stop)
    tracks, lost = _track_files(film, should_stop)
    loras = {use.file: film.file(use.file) for use in all_loras(storyboard)}
    check_film_loras(storyboard, loras, model)
    own = find_family_loras(model, card)
    uses = (
        *_family_uses(storyboard, own, card),
        *(LoraInUse(loras[use.file], use.weight, use.expert) for use in storyboard.loras),
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
            **{name: found.sha256 for name, found in videos.items()},
        },
        media_seconds={name: found.seconds for name, found in tracks.items() if found.seconds is not None},
        networks=dict.fromkeys(inside, _UNKNOWN),
        lora_inputs=brought,
        image_sizes={
            **{name: known.size for name, (_, known) in pictures.items()},
            **{name: found.size for name, found in videos.items()},
        },
        start_videos={name: found.video for name, found in videos.items()},
        image_profiles=frozenset(name for name, (_, known) in pictures.items() if known.has_profile),
        size=size,
        media_problems={**problems, **lost, **unread},
        family_loras=dict.fromkeys(own.files, _UNKNOWN),
        family_lora_problems=own.problems,
        architecture=architecture,
        lora_traits=film_lora_traits(storyboard, loras),
        distilled=is_distilled_model(model, (card.name, card.title)),
    )
    return PreparedFacts(facts, model, uses)


def _family_uses(storyboard: Storyboard, own: FamilyLoras, card: ModelCard) -> tuple[LoraInUse, ...]:
    """The files of the model's own LoRAs, where the film has them in; without a file the plan says so."""
    wanted = ((own.files.get(key), expert) for key, expert in family_loras(storyboard, card))
    return tuple(LoraInUse(file, storyboard.stability, expert) for file, expert in wanted if file is not None)


def _hashed(film: FilmSource, cheap: PreparedFacts, should_stop: ShouldStop = _never) -> PreparedFacts:
    """The same facts with the hashes of model and LoRAs."""
    loras = {name: lora_hash(film.file(name), should_stop=should_stop) for name in cheap.facts.lora_hashes}
    files = find_family_loras(cheap.model, cheap.facts.card).files
    of_model = {name: file_hash(file, should_stop=should_stop) for name, file in files.items()}
    facts = replace(
        cheap.facts,
        model_hash=model_hash(cheap.model, should_stop=should_stop),
        lora_hashes=loras,
        family_loras=of_model,
        networks={
            kind: digest
            for kind in cheap.facts.networks
            if (digest := input_hash(cheap.model, kind, should_stop=should_stop)) is not None
        },
    )
    lora_files = {digest: film.file(name) for name, digest in loras.items()}
    lora_files |= {digest: files[name] for name, digest in of_model.items()}
    return replace(cheap, facts=facts, lora_files=lora_files)


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


def _start_videos(film: FilmSource, should_stop: ShouldStop) -> tuple[dict[str, FoundVideo], dict[str, str]]:
    """The videos that clips go on from, and what is wrong with those that cannot be used."""
    wanted = family(film.storyboard.family).num_video_frames
    return _found(film, film.storyboard.videos(), partial(read_start_video, wanted), should_stop)


def _size(
    film: FilmSource, card: ModelCard, architecture: Architecture, videos: Mapping[str, FoundVideo]
) -> tuple[int, int]:
    """The film's size; the first picture is only looked at when it decides, or the first video without any."""
    board = film.storyboard
    images = [image for image in board.chain_images() if image is not None]
    step = size_step(architecture)
    shown = (step, step)  # without a picture there is no film, and the plan says so
    if card.size is None and board.size is None:
        first = next(iter(videos.values()), None)
        shown = picture_size(film.file(images[0])) if images else shown if first is None else first.size
    return film_size(board, card, shown, family(board.family).max_width, step)
