"""What was said in an earlier scan of the same footage stays said: captions, choices and crops."""

from collections import defaultdict
from pathlib import Path

from svi_studio.domain.errors import BadProject, NewerVersion
from svi_studio.domain.training.footage import FOOTAGE_FILE, Crop, Footage, FootageClip
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import read_footage
from trainer.footage.videos.shape import Shape

_OVERLAP = 0.5  # of the new clip's length


class Earlier:
    """The clips of an earlier scan, found again by their video's content and their place in it."""

    def __init__(self, footage: Footage | None) -> None:
        self._size = (footage.width, footage.height) if footage else (0, 0)
        self._needs = footage.needs if footage else ()
        self._shapes = footage.shapes if footage else "one"
        self._clips: dict[str, list[FootageClip]] = defaultdict(list)
        for clip in footage.clips if footage else ():
            self._clips[clip.fingerprint].append(clip)

    @classmethod
    def of(cls, run: Path) -> "Earlier":
        """What lies in the folder ``run``; nothing when it is damaged. Raises NewerVersion."""
        if not (run / FOOTAGE_FILE).exists():
            return cls(None)
        try:
            return cls(read_footage(run))
        except NewerVersion:
            raise
        except BadProject:
            return cls(None)

    def said_of(self, clip: FootageClip, shape: Shape) -> FootageClip:
        """``clip`` with what people said of the same piece of video; a crop only in the same ``shape``."""
        known = self._same_piece(clip)
        if known is None:
            return clip
        fields: dict[str, object] = {}
        if known.caption_from in ("typed", "model"):
            fields |= {"caption": known.caption, "caption_from": known.caption_from}
        if known.chosen is not None and clip.can_be_used:
            fields["chosen"] = known.chosen
        same = (self._size, self._needs, self._shapes) == (shape.size, shape.needs, shape.shapes)
        if same and _was_moved(known, shape.fitted(clip.width, clip.height)):
            fields["crop"] = known.crop
        return with_fields(clip, fields)

    def _same_piece(self, clip: FootageClip) -> FootageClip | None:
        def overlap(other: FootageClip) -> float:
            return min(other.start + other.seconds, clip.start + clip.seconds) - max(other.start, clip.start)

        best = max(self._clips.get(clip.fingerprint, ()), key=overlap, default=None)
        return best if best is not None and overlap(best) >= _OVERLAP * clip.seconds else None


def _was_moved(clip: FootageClip, shape: Shape) -> bool:
    crop: Crop | None = clip.crop
    return crop is not None and crop != shape.middle_crop(clip.width, clip.height)
