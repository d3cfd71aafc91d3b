"""What a clip starts from and ends on: the pictures and the video of its job, seen as the film frames them."""

from typing import TYPE_CHECKING, Any

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.pictures.framing import Framing
from svi_studio.domain.pictures.picture_look import Box, Colours

if TYPE_CHECKING:
    from svi_studio.domain.render.planner import FilmFacts

_UNHASHED = "0" * 64

Seen = tuple[Box | None, Colours]


class ClipEnds:
    """The pictures and videos of one film, by its clips."""

    def __init__(self, board: Storyboard, facts: "FilmFacts") -> None:
        self._board = board
        self._facts = facts
        self._images = board.chain_images()
        self._videos = board.chain_videos()
        profile = board.profile_to_show
        self._ends_on_picture = profile.ends_on_picture
        self._fps, self._wanted = facts.card.fps or profile.fps, profile.num_video_frames
        self._family = profile.title.partition(":")[0]
        self._framings = {framing.picture: framing for framing in board.framings}
        self._seen: dict[str, Seen] = dict(facts.image_seen)

    def fields(self, index: int) -> dict[str, Any]:
        """The fields of the job of the clip at ``index`` that say so; files that are not there have an empty hash."""
        clip, video = self._board.clips[index], self._videos[index]
        image = self._images[index] or video
        fields: dict[str, Any] = {"image": image or "", "image_hash": self._hash(image)}
        fields["crop"], fields["colours"] = self._how_seen(image)
        if self._images[index] is None and video is not None:
            fields["video_anchor"] = True
        if clip.end_image is not None and self._ends_on_picture:
            fields["end_image"], fields["end_image_hash"] = clip.end_image, self._hash(clip.end_image)
            fields["end_crop"], fields["end_colours"] = self._how_seen(clip.end_image)
        if video is not None and self._board.starts_chain(index):
            known = self._facts.start_videos.get(video)
            fields["start_video"], fields["start_video_hash"] = video, self._hash(video)
            fields["start_crop"] = self._how_seen(video)[0]
            fields["start_step"] = 1 if known is None else known.step(self._fps, self._wanted)
        return fields

    def problem(self, index: int) -> str | None:
        """One sentence that says which picture or video the clip at ``index`` lacks, or None."""
        return self._start_problem(index) or self._end_problem(index)

    def _start_problem(self, index: int) -> str | None:
        image, video = self._images[index], self._videos[index]
        if image is None and video is None:
            if self._board.starts_chain(index):
                return f"Clip {index + 1} starts from a picture but has none: give it or the film a picture."
            return f"The chain of clip {index + 1} has no picture: give the film or the chain's first clip a picture."
        if image is not None and (lost := self._lost(image, "picture")) is not None:
            return lost
        return None if video is None else self._lost(video, "video")

    def _end_problem(self, index: int) -> str | None:
        end = self._board.clips[index].end_image
        if end is None:
            return None
        if not self._ends_on_picture:
            return (
                f"Clip {index + 1} has a picture to end on, which {self._family} cannot do: take the picture out or "
                "choose another family."
            )
        return self._lost(end, "picture")

    def _lost(self, file: str, kind: str) -> str | None:
        """A file may be sound as a video that another clip goes on from, and no picture at all."""
        facts, is_video = self._facts, kind == "picture" and file in self._facts.start_videos
        if file in facts.media_hashes and not is_video:
            return None
        return facts.media_problems.get(file, not_read(file, kind))

    def _hash(self, file: str | None) -> str:
        return self._facts.media_hashes.get(file or "", _UNHASHED)

    def _how_seen(self, image: str | None) -> Seen:
        """The part of a picture that is filmed and what its numbers mean, said only where that changes a pixel."""
        if image is None:
            return None, "as stored"
        seen = self._seen.get(image)
        if seen is None:
            facts = self._facts
            look = (self._framings.get(image) or Framing(picture=image)).look(facts.size)
            size = facts.image_sizes.get(image)
            colours: Colours = look.colours if image in facts.image_profiles else "as stored"
            seen = self._seen[image] = (None if size is None else look.box(size), colours)
        return seen


def not_read(name: str, kind: str) -> str:
    """The sentence for a file that is still read; what is missing or broken is among the facts' problems."""
    return f"The {kind} '{name}' is not read yet: wait a moment."
