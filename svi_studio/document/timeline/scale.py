"""Film frames against pixels: where a frame lies in the view, zoom around a point, and fit."""

from dataclasses import dataclass, replace

LEAD_IN = 16
"""Pixels before frame 0 and after the last one, so that edges and handles are never cut off."""
MAX_PIXELS_PER_FRAME = 16.0
COMFORTABLE_CLIP = 168
"""Pixels that a clip is wide when a film is opened: thumbnail and two lines of prompt are readable."""


@dataclass(frozen=True, slots=True)
class TimeScale:
    """``pixels_per_frame`` > 0; ``offset`` is the film pixel at the left edge of the view (-LEAD_IN at the start)."""

    pixels_per_frame: float
    offset: int = -LEAD_IN

    def film_x(self, frame: float) -> int:
        """Pixels from film frame 0 to ``frame``, whatever is scrolled."""
        return int(frame * self.pixels_per_frame + 0.5)

    def x(self, frame: float) -> int:
        """Pixel in the view where ``frame`` begins; may be outside of it."""
        return self.film_x(frame) - self.offset

    def frame_at(self, x: float) -> float:
        """The place on the film at pixel ``x`` of the view, in frames with a fraction; negative before the film."""
        return (x + self.offset) / self.pixels_per_frame

    def nearest_frame(self, x: float) -> int:
        """The frame border nearest to pixel ``x`` of the view, at least 0."""
        return max(0, int(self.frame_at(x) + 0.5))

    def scrolled(self, offset: int, frames: int, width: int) -> "TimeScale":
        """The same zoom at another place, kept within a film of ``frames`` seen through ``width`` pixels."""
        return replace(self, offset=int(clamp(offset, -LEAD_IN, max_offset(self, frames, width))))

    def zoomed(self, factor: float, x: float, frames: int, width: int) -> "TimeScale":
        """Zoomed by ``factor`` so that what lies at pixel ``x`` stays there, as far as the film reaches."""
        limits = zoom_limits(frames, width)
        pixels = clamp(self.pixels_per_frame * factor, *limits)
        offset = round(self.frame_at(x) * pixels - x)
        return TimeScale(pixels).scrolled(offset, frames, width)


def clamp(value: float, low: float, high: float) -> float:
    """``value`` within ``low`` .. ``high``."""
    return max(low, min(value, high))


def max_offset(scale: TimeScale, frames: int, width: int) -> int:
    """The furthest scroll of a film: its end, and room for one more card, at the right edge of the view."""
    return max(-LEAD_IN, scale.film_x(frames) + end_room(width) - width)


def end_room(width: int) -> int:
    """Pixels after the last clip: the place where the next one is added."""
    return min(max(width // 6, 96), 200) + LEAD_IN


def zoom_limits(frames: int, width: int) -> tuple[float, float]:
    """Least and most pixels per frame: the whole film at once, and one frame wide enough to point at."""
    whole = fit_pixels(frames, width)
    return min(whole, 0.5), max(MAX_PIXELS_PER_FRAME, whole)


def fit_pixels(frames: int, width: int) -> float:
    """Pixels per frame at which ``frames`` fill ``width`` pixels, room at both ends included."""
    room = max(width - LEAD_IN - end_room(width), 32)
    return min(max(room / max(frames, 1), 1e-6), MAX_PIXELS_PER_FRAME)


def fitted(frames: int, width: int) -> TimeScale:
    """The scale that shows the whole film."""
    return TimeScale(fit_pixels(frames, width))


def comfortable(frames: int, clips: int) -> TimeScale:
    """The scale at which a film is opened: cards wide enough to read, from the start."""
    per_clip = max(frames / max(clips, 1), 1)
    return TimeScale(min(COMFORTABLE_CLIP / per_clip, MAX_PIXELS_PER_FRAME))
