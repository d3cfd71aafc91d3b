"""When a film's model and its files must be read again, and what is known of files that are missing."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.domain.editing.film_files import named_loras
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.planner import FilmFacts
from svi_studio.domain.takes.take import Take
from svi_studio.project.media.media_store import is_media_name

_FACTS = ("model", "family", "loras", "width", "height", "num_frames", "reference_image")


def needs_facts(change: StoryboardChange, facts: FilmFacts | None) -> bool:
    """Whether another model, LoRA or file than those in ``facts``, or another size, came into the film."""
    before, after = change.before, change.after
    if any(getattr(before, name) != getattr(after, name) for name in _FACTS):
        return True
    if not (change.order or before.tracks != after.tracks or _files_may_differ(change)):
        return False
    known = set[str]() if facts is None else {*facts.media_hashes, *facts.media_problems, *facts.lora_hashes}
    other_size = _first_image(before) != _first_image(after)  # the first picture may decide the size
    return other_size or not known.issuperset((*after.media(), *named_loras(after)))


def with_lost_pictures(facts: FilmFacts, takes: Iterable[Take]) -> FilmFacts:
    """The facts with the content of lost pictures whose name tells it: takes made from them are still what they were.

    How they were framed is what the newest of ``takes`` says. Nothing can be rendered from them; ``media_problems``
    still says so.
    """
    told = dict(_told_by_name(facts))
    if not told:
        return facts
    seen = {}
    for take in sorted(takes, key=lambda take: take.created_at):
        if (take.job.width, take.job.height) == facts.size:
            seen[take.job.image_hash] = (take.job.crop, take.job.colours)
    image_seen = {image: seen[digest] for image, digest in told.items() if digest in seen}
    return replace(facts, media_hashes={**facts.media_hashes, **told}, image_seen=image_seen)


def _told_by_name(facts: FilmFacts) -> Iterator[tuple[str, str]]:
    for image in facts.media_problems:
        if is_media_name(image):
            yield image, PurePosixPath(image).stem


def _files_may_differ(change: StoryboardChange) -> bool:
    pairs = zip(change.before.clips[change.first :], change.after.clips[change.first :], strict=False)
    return any(old is not new and _files_of(old) != _files_of(new) for old, new in pairs)


def _files_of(clip: Clip) -> tuple[object, ...]:
    return clip.image, clip.cut, clip.end_image, clip.start_video, tuple(use.file for use in clip.loras)


def _first_image(storyboard: Storyboard) -> str | None:
    return storyboard.chain_image(0) if storyboard.clips else None
