"""How fast one model made a clip on this computer: what a take says of its making, and what is kept of it."""

from typing import Self

from pydantic import Field

from svi_studio.domain.film.sampling import Sampling
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.takes.take import Take
from svi_studio.domain.value import Sha256, Value

_MOST = 50


class MeasuredPace(Value):
    """``volume`` is pixels times frames of the clip; ``step`` and ``beside`` are seconds: a denoising step, and what a
    clip takes beside its steps (conditioning, decoding, writing). ``calls``: how often a step called the transformer,
    on average. ``bytes`` is the size of its files."""

    model_hash: Sha256
    volume: int = Field(ge=1)
    step: float = Field(gt=0)
    beside: float = Field(ge=0)
    bytes: int = Field(ge=0)
    calls: float = Field(default=2.0, ge=1, le=8, exclude_if=lambda calls: calls == 2)  # with guidance

    @classmethod
    def of(cls, take: Take) -> Self | None:
        """What ``take`` says; None when it does not say how long it took."""
        made = take.job.num_inference_steps
        step = take.seconds_per_step or take.render_seconds / made
        if take.render_seconds <= 0 or step <= 0:
            return None
        return cls(
            model_hash=take.job.model_hash,
            volume=volume_of(take.job),
            step=step,
            beside=max(0.0, take.render_seconds - step * made),
            bytes=sum(file.size for file in take.files),
            calls=transformer_calls(take.job) / made,
        )

    def seconds(self, calls: int) -> float:
        """How long a clip as large as that one takes with so many ``calls`` of the transformer."""
        return calls * self.step / self.calls + self.beside


class MeasuredPaces(Value):
    """The newest pace of each model and size that this computer has made clips of, newest first."""

    paces: tuple[MeasuredPace, ...] = Field(default=(), max_length=_MOST)

    def with_pace(self, pace: MeasuredPace) -> Self:
        """With one more, which takes the place of an older one of the same model and size."""
        others = (old for old in self.paces if (old.model_hash, old.volume) != (pace.model_hash, pace.volume))
        return self.model_copy(update={"paces": (pace, *others)[:_MOST]})


def transformer_calls(job: ClipJob) -> int:
    """How often the clip of ``job`` calls a transformer: its time grows with it."""
    hearing = job.audio_guidance_scale if any(each.kind is InputKind.SOUND for each in job.inputs) else None
    low = job.guidance_scale if job.guidance_scale_low is None else job.guidance_scale_low
    steps, guidance, shift = job.num_inference_steps, job.guidance_scale, job.shift
    if job.boundary is None:
        return Sampling(steps, guidance, shift, audio_guidance_scale=hearing).calls
    return Sampling(steps, guidance, shift, low, job.boundary, hearing).calls


def volume_of(job: ClipJob) -> int:
    """Pixels times frames of a clip: its time and its size on the disk grow with it."""
    return job.width * job.height * job.num_frames
