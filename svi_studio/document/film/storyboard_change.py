"""What one edit, undo or redo did to a storyboard, for those who show it."""

from dataclasses import dataclass
from functools import cached_property

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.project.film.change import common_start


@dataclass(frozen=True)
class StoryboardChange:
    """The storyboard ``before`` and ``after``. What differs is found when somebody asks."""

    before: Storyboard
    after: Storyboard

    @cached_property
    def first(self) -> int:
        """Index of the first clip that differs; the shorter film's length when one only has more clips."""
        return self._window[0]

    @cached_property
    def stop(self) -> int:
        """Index one past the last clip of ``after`` that differs."""
        return self._window[2]

    @cached_property
    def film(self) -> bool:
        """Whether anything but clips, markers, subtitles and figures differs: style, seed, size, model, LoRAs ..."""
        names = type(self.after).model_fields.keys() - {"clips", "markers", "subtitles", "figures"}
        return any(getattr(self.before, name) != getattr(self.after, name) for name in names)

    @cached_property
    def markers(self) -> bool:
        """Whether the markers differ."""
        return self.before.markers != self.after.markers

    @cached_property
    def order(self) -> bool:
        """Whether clips came, went or moved."""
        start, old_stop, new_stop = self._window
        old, new = self.before.clips[start:old_stop], self.after.clips[start:new_stop]
        return len(old) != len(new) or any(a.id != b.id for a, b in zip(old, new, strict=True))

    @cached_property
    def clip_ids(self) -> frozenset[str]:
        """Clips of ``after`` that are new or have other content; those that only moved are not among them."""
        start, old_stop, new_stop = self._window
        old = {clip.id: clip.__dict__ for clip in self.before.clips[start:old_stop]}  # quicker to compare than values
        new = self.after.clips[start:new_stop]
        return frozenset(clip.id for clip in new if old.get(clip.id) != clip.__dict__)

    @cached_property
    def _window(self) -> tuple[int, int, int]:
        """The clips that differ: from where on, and up to where in ``before`` and in ``after``."""
        old, new = self.before.clips, self.after.clips
        start = common_start(old, new)
        end = min(common_start(old[::-1], new[::-1]), len(old) - start, len(new) - start)
        return start, len(old) - end, len(new) - end
