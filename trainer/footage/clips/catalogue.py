"""From one analysed video to its clips: a window each, with its crop and what is wrong with it."""

import hashlib

from svi_studio.domain.training.footage import FootageClip, Reason
from svi_studio.domain.value import with_fields
from trainer.footage.clips.analysis import Analysis
from trainer.footage.clips.faults import Fault, find_fault
from trainer.footage.clips.scenes import Span, windows
from trainer.footage.videos.shape import Shape


def clips_of(source: str, fingerprint: str, analysis: Analysis, shape: Shape) -> list[FootageClip]:
    """Every window of every scene as a clip, scenes that are too short for one as a clip that is left out."""
    clips = []
    shape = shape.fitted(analysis.facts.width, analysis.facts.height)
    for scene in _scenes(analysis, shape):
        cut = windows(scene, shape.seconds, shape.grid)
        found = [_window(source, fingerprint, analysis, span, shape) for span in cut]
        clips += [with_fields(clip, {"scene": (scene.start, scene.end)}) for clip in found] if shape.is_pair else found
        if not cut:
            clips.append(_too_short(source, fingerprint, analysis, scene, shape))
    return clips


def _scenes(analysis: Analysis, shape: Shape) -> list[Span]:
    """Those of the video; a picture is one that lasts exactly as long as a clip."""
    return [Span(0.0, shape.seconds)] if analysis.is_picture else analysis.scenes


def unreadable(source: str, fingerprint: str, sentence: str) -> FootageClip:
    """A video that cannot be fed at all, for the reason in ``sentence``."""
    return FootageClip(
        id=clip_id(fingerprint, 0, 0, 0),
        source=source,
        fingerprint=fingerprint,
        start=0.0,
        seconds=0.0,
        fps=0.0,
        width=0,
        height=0,
        left_out=Reason.UNREADABLE,
        detail=sentence[:500],
    )


def clip_id(fingerprint: str, start: float, seconds: float, num_frames: int, *, mirrored: bool = False) -> str:
    """24 hexadecimal digits from the video's content, the place to a millisecond and the frames taken.

    ``mirrored`` videos have other ids than in earlier versions, which fed them upside down: pictures and latents that
    were made then are not used again.
    """
    what = f"{fingerprint}|{round(start * 1000)}|{round(seconds * 1000)}|{num_frames}{'|mirrored' if mirrored else ''}"
    return hashlib.sha256(what.encode()).hexdigest()[:24]


def _window(source: str, fingerprint: str, analysis: Analysis, span: Span, shape: Shape) -> FootageClip:
    crop = shape.middle_crop(analysis.facts.width, analysis.facts.height)
    fault = find_fault(analysis, span, crop, shape)
    return _clip(source, fingerprint, analysis, span, shape, fault=fault)


def _too_short(source: str, fingerprint: str, analysis: Analysis, scene: Span, shape: Shape) -> FootageClip:
    detail = f"This scene lasts {scene.seconds:.1f} seconds; a clip needs {shape.seconds:.1f}."
    if len(analysis.times) == 1:
        detail = f"It is a video of a single picture; a clip needs {shape.seconds:.1f} seconds."
    elif shape.is_pair:
        detail = (
            f"This scene lasts {scene.seconds:.1f} seconds; {shape.seconds:.1f} are needed, for a clip and the one "
            "before it."
        )
    return _clip(source, fingerprint, analysis, scene, shape, fault=(Reason.TOO_SHORT, detail))


def _clip(
    source: str, fingerprint: str, analysis: Analysis, span: Span, shape: Shape, *, fault: Fault | None
) -> FootageClip:
    facts = analysis.facts
    left_out, detail = fault or (None, "")
    return FootageClip(
        id=clip_id(fingerprint, span.start, span.seconds, shape.num_frames, mirrored=facts.mirrored),
        source=source,
        fingerprint=fingerprint,
        start=span.start,
        seconds=span.seconds,
        fps=shape.fps if analysis.is_picture else facts.fps,
        width=facts.width,
        height=facts.height,
        crop=shape.middle_crop(facts.width, facts.height),
        left_out=left_out,
        detail=detail,
    )
