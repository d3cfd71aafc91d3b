"""The check of a film before a render: family, LoRAs, steps, precision, size, seeds, memory, disk and time.

What would stop a render is ``bad``; what only makes a worse film is a ``note`` with a way out, and stops nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from svi_studio.domain.film.architecture import (
    WAN_2_1_I2V,
    WAN_2_2_I2V_A14B,
    WAN_2_2_TI2V_5B,
    Expert,
)
from svi_studio.domain.film.clip_loras import all_loras, loras_of
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.seeds import effective_seed
from svi_studio.domain.film.speed_recipe import BUILT_IN, offered
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.finding import Finding
from svi_studio.domain.render.cost import RenderCost
from svi_studio.domain.render.end_pictures import HOW_TO_FRAME, cropped_ends
from svi_studio.domain.render.fitting import Fitting
from svi_studio.domain.render.job_loras import family_loras
from svi_studio.domain.render.lora_advice import lora_advice
from svi_studio.domain.render.plan_words import about
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.text.wording import as_bytes, as_duration, as_ranges, plural

_480P, _720P = (832, 480), (1280, 720)
_TRAINED: Final = {
    WAN_2_1_I2V: (_480P, _720P),
    WAN_2_2_I2V_A14B: (_480P, _720P),
    WAN_2_2_TI2V_5B: ((1280, 704),),
}
"""Sizes that each architecture was trained on; only their areas count, each in any shape."""
_TOLERANCE: Final = 1.3
"""How much larger or smaller than those a film can be before it is seen."""
_FEW_STEPS, _MANY_STEPS = 10, 12
_FULL_STEPS: Final = 20
_MOST_SENTENCES: Final = 3
_COARSE: Final = ("Q2", "Q3")


@dataclass(frozen=True)
class FilmLook:
    """A film and what is known of it; ``jobs`` are those of all clips, ``missing`` those to render.

    Both are empty where the film cannot be planned. ``precision`` is how the transformer is stored, empty when not
    known; ``fitting`` says how the model fits into memory, None when not known. ``disk_free``: bytes, None when not
    known. ``remarks`` are sentences about pictures, words and strengths.
    """

    storyboard: Storyboard
    facts: FilmFacts
    planner: FilmPlanner
    jobs: Sequence[ClipJob] = ()
    missing: Sequence[ClipJob] = ()
    cost: RenderCost | None = None
    precision: str = ""
    fitting: Fitting | None = None
    disk_free: int | None = None
    remarks: Sequence[str] = ()


def check_film(look: FilmLook) -> tuple[Finding, ...]:
    """Everything that there is to say about rendering the film, in the order in which it matters."""
    checks = (_family, _clips, _loras, _steps, _precision, _size, _seeds, _remarks, _memory, _disk, _time)
    return tuple(finding for check in checks for finding in check(look))


def _family(look: FilmLook) -> Iterator[Finding]:
    if look.planner.problem is not None:
        yield Finding("bad", "Film", look.planner.problem)
        return
    facts = look.facts
    title = FAMILIES[look.storyboard.family].title.partition(":")[0]
    model = facts.card.title or facts.card.name
    kind = facts.architecture.title if facts.architecture is not None else ""
    yield Finding("good", "Family", f"{title}, with {model if kind in model else f'{model}, {kind}'}")


def _clips(look: FilmLook) -> Iterator[Finding]:
    count = len(look.storyboard.clips)
    if look.planner.problem is not None or not count:
        return
    refused = [said for index in range(count) if (said := look.planner.refusal(index)) is not None]
    for sentence in refused[:_MOST_SENTENCES]:
        yield Finding("bad", "Clips", sentence)
    if len(refused) > _MOST_SENTENCES:
        yield Finding("bad", "Clips", f"{plural(len(refused) - _MOST_SENTENCES, 'more clip')} cannot be rendered")
    if not refused:
        ready = count - len(look.missing)
        yield Finding("good", "Clips", f"{plural(count, 'clip')}, {len(look.missing)} to render, {ready} ready")


def _loras(look: FilmLook) -> Iterator[Finding]:
    asked = lora_advice(look.storyboard, look.facts)
    for advice in asked:
        ways = " or ".join(f'"{mend.words}"' for mend in advice.mends)
        yield Finding("note", "LoRAs", advice.text, f"in the film's LoRAs: {ways}" if ways else "")
    own, used = family_loras(look.storyboard, look.facts.card), {use.file for use in all_loras(look.storyboard)}
    if _lacks_svi(look):
        yield Finding(
            "note",
            "LoRAs",
            "no LoRA of Stable Video Infinity is in the film, so that it drifts from clip to clip",
            "add the one of its family, which is among the models that can be fetched",
        )
    elif not asked and (own or used):
        yield Finding("good", "LoRAs", f"{len(own) + len(used)} in use, each where it belongs")


def _lacks_svi(look: FilmLook) -> bool:
    """A film of several clips, with a model of the world at large, that nothing keeps from drifting."""
    board, card = look.storyboard, look.facts.card
    traits = [look.facts.lora_traits.get(use.file) for use in board.loras if use.weight]
    is_long = sum(not clip.cut for clip in board.clips[1:]) > 0
    known = any(each is None or (each.svi or not each.distilled) for each in traits)
    return is_long and card.world is None and not family_loras(board, card) and not known


def _steps(look: FilmLook) -> Iterator[Finding]:
    """Steps and guidance against LoRAs for few steps, expert by expert."""
    if look.planner.problem is not None or not look.jobs:
        return
    by_clip = {clip.id: clip for clip in look.storyboard.clips}
    usual = look.facts.card.num_inference_steps or FAMILIES[look.storyboard.family].num_inference_steps
    told: dict[tuple[str, str], list[int]] = defaultdict(list)
    for job in look.missing or look.jobs:
        clip = by_clip.get(job.clip_id)
        uses = look.storyboard.loras if clip is None else loras_of(look.storyboard, clip)
        for said in _of_steps(look, job, uses, usual):
            told[said].append(job.index)
    for (fact, advice), clips in told.items():
        where = "" if len(clips) == len(look.missing or look.jobs) else f" in {_clip_words(clips)}"
        yield Finding("note", "Steps", fact + where, advice)
    if not told:
        first = (look.missing or look.jobs)[0]
        yield Finding("good", "Steps", f"{first.num_inference_steps} at guidance {first.guidance_scale:g}")


def _of_steps(look: FilmLook, job: ClipJob, uses: Sequence[LoraUse], usual: int) -> Iterator[tuple[str, str]]:
    architecture = look.facts.architecture
    two = architecture is not None and architecture.two_experts
    low = job.guidance_scale if job.guidance_scale_low is None else job.guidance_scale_low
    experts: tuple[tuple[Expert, float], ...] = (("high", job.guidance_scale), ("low", low)) if two else ()
    fast = [look.facts.distilled or _is_fast(look, uses, expert) for expert, _ in experts or (("both", 0.0),)]
    for is_fast, (expert, guidance) in zip(fast, experts or (("both", job.guidance_scale),), strict=True):
        if is_fast and guidance > 2:
            which = "" if expert == "both" else f" of the {expert}-noise expert"
            yield f"guidance{which} is {guidance:g}{_why_few(look)}, which burns the picture out", _to_guidance_1(look)
    steps = job.num_inference_steps
    if all(fast) and steps > _MANY_STEPS and not (look.facts.card.num_inference_steps or 0) > _MANY_STEPS:
        yield f"{steps} steps{_why_few(look)} only cost time", _fast_recipe(look) or "use 4 to 8"
    if not any(fast) and steps < _FEW_STEPS and usual >= _FULL_STEPS:
        yield f"{steps} steps without a LoRA for few steps leave the picture soft", f"use {usual}, or add such a LoRA"


def _why_few(look: FilmLook) -> str:
    """Whether the model itself is made for few steps, or a LoRA on it."""
    return " on a model that is made for few steps" if look.facts.distilled else " with a LoRA for few steps"


def _to_guidance_1(look: FilmLook) -> str:
    return ", or ".join(filter(None, ("set guidance to 1", _fast_recipe(look))))


def _fast_recipe(look: FilmLook) -> str:
    """How to name a recipe for few steps, where the model has one."""
    facts = look.facts
    recipes = offered(BUILT_IN, facts.architecture, facts.card, distilled=facts.distilled)
    return 'choose a recipe such as "fast4"' if any(each.name == "fast4" for each in recipes) else ""


def _is_fast(look: FilmLook, uses: Sequence[LoraUse], expert: Expert) -> bool:
    """Whether a LoRA for few steps is on that expert."""
    traits = look.facts.lora_traits
    mine = [use for use in uses if use.weight and (expert == "both" or use.expert in {expert, "both"})]
    return any((told := traits.get(use.file)) is not None and told.distilled for use in mine)


def _precision(look: FilmLook) -> Iterator[Finding]:
    """What the numbers of the transformer cost or lose; nothing of a toy."""
    stored = look.precision.upper()
    if not stored or look.fitting is None or look.fitting.is_small:
        return
    if stored == "FP32":
        advice = "get it as bf16 or fp8: half the size and more, and the same film"
        yield Finding("note", "Precision", "the model is stored in 32 bits, twice as large as it has to be", advice)
    elif stored.startswith(_COARSE):
        advice = "take Q4_K_M or larger where it fits"
        yield Finding("note", "Precision", f"{look.precision} loses detail that can be seen", advice)
    elif look.facts.card.dtype == "float32":
        advice = 'remove "dtype" from the file svi_model.json in its folder'
        yield Finding("note", "Precision", "the model's card asks to compute in 32 bits, at half the speed", advice)
    else:
        yield Finding("good", "Precision", look.precision)


def _size(look: FilmLook) -> Iterator[Finding]:
    facts, frames = look.facts, look.planner.num_frames
    width, height = facts.size
    said = f"{width} x {height}, {frames} frames a clip"
    trained = _TRAINED.get(facts.architecture.name, ()) if facts.architecture is not None else ()
    if facts.card.size is not None or facts.card.world is not None or not trained:
        yield Finding("good", "Size", said)
        return
    area, areas = width * height, [w * h for w, h in trained]
    usual = " or ".join(f"{w} x {h}" for w, h in trained)
    if area > max(areas) * _TOLERANCE:
        fact = f"{said}: larger than what the model was trained on, so that things may be doubled and it takes long"
        yield Finding("note", "Size", fact, f"use about {usual}")
    elif area < min(areas) / _TOLERANCE:
        fact = f"{said}: smaller than what the model was trained on, so that the picture may be soft"
        yield Finding("note", "Size", fact, f"use about {usual}")
    elif facts.architecture is not None and frames > facts.architecture.num_frames:
        fact = f"{said}: more than the {facts.architecture.num_frames} of its training, so that motion may repeat"
        yield Finding("note", "Size", fact, f"use {facts.architecture.num_frames}")
    else:
        yield Finding("good", "Size", said)


def _seeds(look: FilmLook) -> Iterator[Finding]:
    """The same noise in clips that follow from each other: its traces add up from clip to clip."""
    clips: defaultdict[int, list[int]] = defaultdict(list)
    for index in range(len(look.storyboard.clips)):
        if (seed := effective_seed(look.storyboard, index)) is not None:
            clips[seed].append(index)
    same = [found for found in clips.values() if len(found) > 1]
    for found in same[:_MOST_SENTENCES]:
        fact = f"{_clip_words(found)} have the same one, so that traces of its noise may add up"
        yield Finding("note", "Seeds", fact, "give each clip a seed of its own, or none")
    if not same and len(clips) > 1:
        yield Finding("good", "Seeds", "each clip has its own")


def _remarks(look: FilmLook) -> Iterator[Finding]:
    for fact in cropped_ends(look.storyboard, look.facts):
        yield Finding("note", "Pictures and words", fact, HOW_TO_FRAME)
    for sentence in look.remarks:
        yield Finding("note", "Pictures and words", sentence)


def _memory(look: FilmLook) -> Iterator[Finding]:
    if look.fitting is None or look.fitting.is_small:
        return
    if look.fitting.plan is None:
        yield Finding("bad", "Memory", look.fitting.sentence)
    else:
        yield Finding("good", "Memory", look.fitting.sentence.removeprefix("Fits: ").removesuffix("."))


def _disk(look: FilmLook) -> Iterator[Finding]:
    if look.disk_free is None or not look.missing:
        return
    needed = look.cost.bytes if look.cost is not None else None
    free = f"{as_bytes(look.disk_free)} free"
    if needed is None:
        yield Finding("good", "Disk", f"{free}; what a clip takes is known after the first one")
    elif needed > look.disk_free:
        advice = f"free {as_bytes(needed - look.disk_free)} there"
        yield Finding("bad", "Disk", f"the clips take about {as_bytes(needed)}, and there is {free}", advice)
    else:
        yield Finding("good", "Disk", f"about {as_bytes(needed)} needed, {free}")


def _time(look: FilmLook) -> Iterator[Finding]:
    if not look.missing:
        if look.jobs:
            yield Finding("good", "Time", "nothing is left to render")
        return
    seconds = look.cost.seconds if look.cost is not None else None
    computed = look.fitting.seconds if look.fitting is not None else None
    if seconds is not None:
        yield Finding("good", "Time", f"about {as_duration(seconds)}, going by earlier takes")
    elif computed is not None and look.fitting is not None and not look.fitting.is_small:
        whole = about(computed * len(look.missing))
        yield Finding("good", "Time", f"{whole}, as far as can be computed; the first clip will tell")
    else:
        yield Finding("good", "Time", "known after the first clip")


def _clip_words(indexes: Sequence[int]) -> str:
    return f"{'clip' if len(indexes) == 1 else 'clips'} {as_ranges(indexes)}"
