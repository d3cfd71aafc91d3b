"""Why a take is not the one that a clip's settings give now: everything in which its job differs."""

from dataclasses import dataclass
from enum import StrEnum

from svi_studio.domain.takes.job import AUDIO_GUIDANCE, ClipInput, ClipJob
from svi_studio.domain.value import with_fields


class Differs(StrEnum):
    """What is different, in the order in which people want to hear it."""

    PROMPT = "prompt"
    SEED = "seed"
    PICTURE = "picture"
    FRAME = "frame"
    """Another part of the picture is seen, or in other colours."""
    END = "end"
    """It ends on another picture, or on none."""
    END_FRAME = "end_frame"
    """Another part of the picture that it ends on is seen, or in other colours."""
    VIDEO = "video"
    """It goes on from another video, or from none."""
    INPUTS = "inputs"
    """Another part of a track lies under it."""
    START = "start"
    """One starts anew, the other follows the clip before."""
    PARENT = "parent"
    """Both follow on, but from another take."""
    NEGATIVE_PROMPT = "negative_prompt"
    STEPS = "steps"
    GUIDANCE = "guidance"
    GUIDANCE_LOW = "guidance_low"
    """Of the expert for the less noisy steps."""
    BOUNDARY = "boundary"
    SHIFT = "shift"
    MOTION = "motion"
    SIZE = "size"
    FRAMES = "frames"
    FAMILY = "family"
    MODEL = "model"
    LORAS = "loras"
    ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: as the take has it, and as it is ``now``; texts for people."""

    kind: Differs
    take: str
    now: str


def differences(take: ClipJob, now: ClipJob) -> tuple[Difference, ...]:
    """Everything that makes ``take`` another clip than ``now``; nothing when both give the same pixels."""
    found = [Difference(kind, _text(old), _text(new)) for kind, old, new in _pairs(take, now) if old != new]
    parents = (take.parent_hash, now.parent_hash)
    if parents[0] != parents[1]:
        kind = Differs.START if None in parents else Differs.PARENT
        found.append(Difference(kind, parents[0] or "", parents[1] or ""))
    order = list(Differs)
    return tuple(sorted(found, key=lambda difference: order.index(difference.kind)))


def _pairs(take: ClipJob, now: ClipJob) -> list[tuple[Differs, object, object]]:
    return [
        (Differs.PROMPT, take.prompt, now.prompt),
        (Differs.SEED, take.seed, now.seed),
        (Differs.PICTURE, take.image_hash, now.image_hash),
        *([(Differs.FRAME, _frame(take), _frame(now))] if take.image_hash == now.image_hash else []),
        (Differs.END, take.end_image_hash, now.end_image_hash),
        *(
            [(Differs.END_FRAME, _end_frame(take), _end_frame(now))]
            if take.end_image_hash == now.end_image_hash
            else []
        ),
        (Differs.VIDEO, _video(take), _video(now)),
        (Differs.INPUTS, _inputs(take), _inputs(now)),
        (Differs.NEGATIVE_PROMPT, take.negative_prompt, now.negative_prompt),
        (Differs.STEPS, take.num_inference_steps, now.num_inference_steps),
        (Differs.GUIDANCE, _guidance(take), _guidance(now)),
        (Differs.GUIDANCE_LOW, _guidance_low(take), _guidance_low(now)),
        (Differs.BOUNDARY, take.boundary, now.boundary),
        (Differs.SHIFT, take.shift, now.shift),
        (Differs.MOTION, take.motion_amplitude, now.motion_amplitude),
        (Differs.SIZE, (take.width, take.height), (now.width, now.height)),
        (Differs.FRAMES, take.num_frames, now.num_frames),
        (Differs.FAMILY, take.family, now.family),
        (Differs.MODEL, _model(take), _model(now)),
        (Differs.LORAS, _loras(take), _loras(now)),
        (Differs.ENGINE, take.engine_version, now.engine_version),
    ]


def _guidance(job: ClipJob) -> tuple[float, ...]:
    """By the words, and by the sound where that is not as usual."""
    usual = job.audio_guidance_scale == AUDIO_GUIDANCE
    return (job.guidance_scale, *(() if usual else (job.audio_guidance_scale,)))


def _guidance_low(job: ClipJob) -> float | None:
    """None where it is that of the other expert, as it then differs with that one."""
    return None if job.guidance_scale_low == job.guidance_scale else job.guidance_scale_low


def _end_frame(job: ClipJob) -> tuple[object, ...]:
    return (*(job.end_crop or ("all",)), job.end_colours)


def _video(job: ClipJob) -> tuple[object, ...] | None:
    """Its content, and what is read of it."""
    if job.start_video_hash is None:
        return None
    return (job.start_video_hash, *(job.start_crop or ("all",)), job.start_step)


def _model(job: ClipJob) -> tuple[object, ...]:
    follows = (*job.networks, job.skeleton_resize) if job.networks else ()
    return (job.model, job.model_hash, *follows)


def _frame(job: ClipJob) -> tuple[object, ...]:
    return (*(job.crop or ("all",)), job.colours)


def _inputs(job: ClipJob) -> tuple[ClipInput, ...]:
    return tuple(with_fields(each, {"file": ""}) for each in job.inputs)


def _loras(job: ClipJob) -> tuple[tuple[object, ...], ...]:
    experts = {"high": ("high",), "low": ("low",)}
    return tuple((lora.sha256, float(lora.weight), *experts.get(lora.expert, ())) for lora in job.loras)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return " × ".join(str(part) for part in value)
    return str(value)
