"""What one edit, undo or redo did to a storyboard, for those who show it."""

from dataclasses import dataclass
from functools import cached_property

from svi_studio.domain.storyboard import Storyboard


@dataclass(frozen=True)
class StoryboardChange:
    """The storyboard ``before`` and ``after``. What differs is found when somebody asks."""

    before: Storyboard
    after: Storyboard

    @cached_property
    def first(self) -> int:
        """Index of the first clip that differs; the shorter film's length when one only has more clips."""
        old, new = self.before.clips, self.after.clips
        if old is new:
            return len(new)
        pairs = enumerate(zip(old, new, strict=False))
        return next((k for k, (a, b) in pairs if a is not b and a != b), min(len(old), len(new)))

    @cached_property
    def film(self) -> bool:
        """Whether anything but clips and markers differs: style, seed, size, model, LoRAs ..."""
        names = type(self.after).model_fields.keys() - {"clips", "markers"}
        return any(getattr(self.before, name) != getattr(self.after, name) for name in names)

    @cached_property
    def markers(self) -> bool:
        """Whether the markers differ."""
        return self.before.markers != self.after.markers

    @cached_property
    def order(self) -> bool:
        """Whether clips came, went or moved."""
        old, new = self.before.clips, self.after.clips
        return len(old) != len(new) or any(a is not b and a.id != b.id for a, b in zip(old, new, strict=True))

    @cached_property
    def clip_ids(self) -> frozenset[str]:
        """Clips of ``after`` that are new or have other content; those that only moved are not among them."""
        old = {clip.id: clip for clip in self.before.clips}
        return frozenset(clip.id for clip in self.after.clips if (was := old.get(clip.id)) is not clip and was != clip)
