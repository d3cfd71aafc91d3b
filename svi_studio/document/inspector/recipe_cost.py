"""What a speed recipe costs: passes through the model for a clip, beside those of Full, and time as far as known."""

from dataclasses import dataclass
from heapq import nlargest
from operator import attrgetter

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.domain.film.sampling import Sampling
from svi_studio.domain.render.cost import render_cost
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.value import with_fields

_TAKES = 20  # newest: more make the estimate no better, and the list of recipes slow


@dataclass(frozen=True, slots=True)
class RecipeCost:
    """``calls`` of the transformer for a clip, ``full`` with the recipe Full; ``seconds`` a clip takes, None = unknown.

    ``full_seconds`` is as long as a clip takes with Full.
    """

    calls: int
    full: int
    seconds: float | None = None
    full_seconds: float | None = None

    @property
    def part(self) -> float:
        """The part of Full's time that it takes: as measured, else by calls."""
        if self.seconds and self.full_seconds:
            return self.seconds / self.full_seconds
        return self.calls / self.full


class RecipePrices:
    """What clips of the film cost as it is now, asked for several recipes at once."""

    def __init__(self, film: InspectedFilm, full: Sampling) -> None:
        """``full`` is how clips are denoised with the recipe Full."""
        self._job = _some_job(film)
        self._newest = nlargest(_TAKES, film.takes.all(), key=attrgetter("created_at")) if self._job is not None else []
        self._paces = film.paces.paces
        self._full = full
        self._full_seconds = self._seconds(full)

    def cost(self, sampling: Sampling) -> RecipeCost:
        """What a clip costs that is denoised as ``sampling`` says."""
        return RecipeCost(sampling.calls, self._full.calls, self._seconds(sampling), self._full_seconds)

    def _seconds(self, sampling: Sampling) -> float | None:
        if self._job is None:
            return None
        return render_cost([_as(self._job, sampling)], self._newest, self._paces).seconds


def _some_job(film: InspectedFilm) -> ClipJob | None:
    """A clip as it would be rendered; they are all of one size."""
    clips = film.document.storyboard.clips
    return next((job for clip in clips[:3] if (job := film.states.job(clip.id)) is not None), None)


def _as(job: ClipJob, sampling: Sampling) -> ClipJob:
    """``job`` denoised in another way; what follows a sound still does."""
    fields = {name: value for name, value in sampling._asdict().items() if name != "audio_guidance_scale"}
    return with_fields(job, fields)
