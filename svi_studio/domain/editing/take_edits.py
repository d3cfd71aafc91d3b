"""Edits of which take a clip keeps: choose one, lock clips with the takes they have, let takes go."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from svi_studio.domain.editing.edit_check import checked, indexes_of, unlocked, with_clips
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.clip_loras import all_loras, loras_of, slot_of
from svi_studio.domain.film.effective_text import effective_prompt, own_part
from svi_studio.domain.film.seeds import effective_seed
from svi_studio.domain.film.storyboard import Clip, LoraUse, Storyboard
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.takes.take import Take
from svi_studio.domain.value import first_problem, with_fields

_HASH = re.compile(r"[0-9a-f]{64}")
_SETTINGS = ("negative_prompt", "num_inference_steps", "guidance_scale")


def lock_clips(
    storyboard: Storyboard, clip_ids: Iterable[str], locked: bool, takes: Mapping[str, str] | None = None
) -> Storyboard:
    """Locks or unlocks those clips; ``takes`` has the hashes of their present takes by clip id.

    A clip that is locked keeps its present take from then on. One that is unlocked still keeps it, so that nothing that
    the film shows changes by that, unless ``takes`` says that its settings give the same take anyway. Raises BadInput
    when a clip is not there or a hash is none.
    """
    chosen = [index for index in indexes_of(storyboard, clip_ids) if storyboard.clips[index].locked != locked]
    for take in set((takes or {}).values()):
        if not _HASH.fullmatch(take):
            raise BadInput(f"'{take[:80]}' is not the hash of a take.")
    contents = {}
    for index in chosen:
        clip = storyboard.clips[index]
        present = (takes or {}).get(clip.id)
        kept = (present or clip.take) if locked else (None if present == clip.take else clip.take)
        contents[index] = {**clip.__dict__, "locked": locked, "take": kept}
    return with_clips(storyboard, contents)


def release_takes(storyboard: Storyboard, clip_ids: Iterable[str]) -> Storyboard:
    """Those clips follow their settings again, locked ones too. Raises BadInput when one is not there."""
    clips = storyboard.clips
    chosen = [index for index in indexes_of(storyboard, clip_ids) if clips[index].take is not None]
    return with_clips(storyboard, {index: {**clips[index].__dict__, "take": None} for index in chosen})


def choose_take(
    storyboard: Storyboard,
    clip_id: str,
    take: Take,
    now: ClipJob | None = None,
    has: Callable[[str], bool] = lambda file: True,
) -> Storyboard:
    """The clip ``clip_id`` is ``take`` from now on, with the prompt, seed and settings that made it.

    LoRAs, the end picture and the video that it goes on from are among them, as far as ``has`` says that the film still
    has their files. ``now`` is the clip's present job: a setting that gives the same value already stays as it is
    written. Without it a setting that only the model or the family knows becomes the clip's own. The prompt stays when
    the film's character or style have changed since. Raises BadInput when the clip is locked or not there.
    """
    (index,) = unlocked(storyboard, (clip_id,))
    changes = _prompt(storyboard, index, take.job)
    if effective_seed(storyboard, index) != take.job.seed:
        changes["seed"] = take.job.seed
    for name in _SETTINGS:
        present = _present(storyboard, index, name) if now is None else getattr(now, name)
        if present != getattr(take.job, name):
            changes[name] = getattr(take.job, name)
    widened = take.job.motion_amplitude
    if widened != (_present(storyboard, index, "motion_amplitude") or 1.0 if now is None else now.motion_amplitude):
        changes["motion_amplitude"] = widened
    changes |= _files(storyboard, index, take.job, now, has)
    try:
        clip = Clip(**(dict(storyboard.clips[index]) | changes | {"take": take.take_hash}))
    except ValidationError as error:
        raise BadInput(f"Clip {index + 1} cannot have what this take has: {first_problem(error)}.") from error
    return checked(storyboard, clips=(*storyboard.clips[:index], clip, *storyboard.clips[index + 1 :]))


def _prompt(storyboard: Storyboard, index: int, job: ClipJob) -> dict[str, Any]:
    try:
        if effective_prompt(storyboard, index) == job.prompt:
            return {}
    except BadInput:
        pass  # an empty prompt, or a family of another version: any words are better
    prompt = own_part(storyboard, job.prompt)
    return {} if prompt is None else {"prompt": prompt}


def _files(
    storyboard: Storyboard, index: int, job: ClipJob, now: ClipJob | None, has: Callable[[str], bool]
) -> dict[str, Any]:
    """What the clip was made from beside its chain, where that is not what it has now."""
    changes: dict[str, Any] = {}
    clip = storyboard.clips[index]
    if now is None or now.loras != job.loras:
        own = _own_loras(storyboard, job, has)
        if loras_of(storyboard, with_fields(clip, {"loras": own})) != loras_of(storyboard, clip):
            changes["loras"] = own
    ends, starts = storyboard.ends_on_pictures, storyboard.starts_chain(index) and job.parent_hash is None
    for name, counts in (("end_image", ends), ("start_video", starts)):
        file, sha256 = getattr(job, name), f"{name}_hash"
        same = getattr(clip, name) == (file or None) if now is None else getattr(now, sha256) == getattr(job, sha256)
        if counts and not same and (not file or has(file)):
            changes[name] = file or None
    return changes


def _own_loras(storyboard: Storyboard, job: ClipJob, has: Callable[[str], bool]) -> tuple[LoraUse, ...]:
    """The LoRAs that the clip has to have of its own to be made with those of ``job``; weight 0 goes without one."""
    film = {slot_of(use): use for use in storyboard.loras}
    labels = {use.file: use.label for use in all_loras(storyboard)}
    made = {(lora.file, lora.expert): lora.weight for lora in job.loras}
    own = [
        LoraUse(file=file, weight=weight, label=labels.get(file, ""), expert=expert)
        for (file, expert), weight in made.items()
        if has(file) and ((file, expert) not in film or film[file, expert].weight != weight)
    ]
    off = (with_fields(use, {"weight": 0.0}) for slot, use in film.items() if use.weight and slot not in made)
    return (*own, *off)


def _present(storyboard: Storyboard, index: int, name: str) -> Any:
    own = getattr(storyboard.clips[index], name)
    return own if own is not None else getattr(storyboard, name)
