"""One film from many takes: each take is read once, a few frames at a time; only the frames that are shown go on."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from svi_studio.domain.errors import BadInput, BadProject
from svi_studio.domain.film.subtitle_way import SubtitleWay
from svi_studio.domain.film.subtitles import Cue
from svi_studio.media.film_writer import FilmWriter
from svi_studio.media.formats import H264, FilmFormat
from svi_studio.media.frames import Frames
from svi_studio.media.sound import fitted_sound
from svi_studio.media.sounds.film_track import mixed_track
from svi_studio.media.sounds.mix import FilmMix
from svi_studio.media.subtitles.burning import burning_writer, subtitle_track
from svi_studio.media.video_reader import probe_video, stream_frames
from svi_studio.media.video_writer import open_writer


@dataclass(frozen=True)
class FilmPart:
    """Frames ``first`` up to, not including, ``stop`` of a take of ``num_frames``, stored lossless in ``video``."""

    video: Path
    num_frames: int
    first: int
    stop: int

    @property
    def shown(self) -> int:
        """How many frames of the take the film shows."""
        return self.stop - self.first


def assemble_film(
    parts: Sequence[FilmPart],
    target: Path,
    *,
    fps: float,
    film_format: FilmFormat = H264,
    quality: int = 8,
    enlarge: int = 1,
    metadata: Mapping[str, str] | None = None,
    sound: Path | None = None,
    sound_from: float = 0.0,
    cues: Sequence[Cue] = (),
    subtitles: SubtitleWay = SubtitleWay.NONE,
    mix: FilmMix | None = None,
    before_part: Callable[[int], None] | None = None,
    go_on: Callable[[], None] | None = None,
) -> int:
    """Writes the film of ``parts``, in order, to ``target`` and returns its length in frames.

    Memory holds a few frames, whatever the length. The file ``sound``, else the ``mix``, is laid under the film from
    its second ``sound_from`` on, and cut where the film ends. ``cues`` are drawn into the picture or put in as a track,
    as ``subtitles`` says. ``before_part`` is called with the number of each part, from 0, and ``go_on`` every few
    frames; both may raise to give up. Raises BadInput without parts or for an unusable sound, BadProject for a damaged
    take, StudioError or DiskFull when the film cannot be written; then nothing appears under the final name.
    """
    if not parts:
        raise BadInput("There is no clip to make a film of.")
    facts = probe_video(parts[0].video)
    frames = sum(part.shown for part in parts)
    if not film_format.one_file:
        sound = mix = None
    under = _sound_under(sound, mix, (frames, fps, sound_from), target, go_on)
    burnt = tuple(cues) if subtitles is SubtitleWay.BURN else ()
    in_track = cues if subtitles is SubtitleWay.TRACK and film_format.subtitles else ()
    with (
        under as track,
        subtitle_track(in_track, frames / fps) as titles,
        burning_writer(
            partial(
                open_writer,
                target,
                fps=fps,
                film_format=film_format,
                quality=quality,
                metadata=metadata,
                sound=track,
                subtitles=titles,
            ),
            burnt,
            size=(facts.width, facts.height),
            fps=fps,
            enlarge=enlarge,
        ) as writer,
    ):
        for number, part in enumerate(parts):
            if before_part is not None:
                before_part(number)
            _copy_shown_frames(part, writer, go_on)
    return frames


def _sound_under(
    sound: Path | None,
    mix: FilmMix | None,
    part: tuple[int, float, float],
    target: Path,
    go_on: Callable[[], None] | None,
) -> AbstractContextManager[Path | None]:
    """The track beside ``target`` of so many frames, so many a second, of the file ``sound``, else of ``mix``.

    ``part`` ends with the second from which on it is taken.
    """
    frames, fps, sound_from = part
    if mix is not None and sound is None:
        return mixed_track(mix, round(sound_from * fps), frames, target, go_on)
    return fitted_sound(sound, frames / fps, sound_from)


def _copy_shown_frames(part: FilmPart, writer: FilmWriter, go_on: Callable[[], None] | None) -> None:
    position = 0
    for frames in stream_frames(part.video):
        if go_on is not None:
            go_on()
        shown = _overlap(frames, part.first - position, part.stop - position)
        if len(shown):
            writer.write(shown)
        position += len(frames)
    if position != part.num_frames:
        raise BadProject(
            f'The take in "{part.video.parent}" has {position} of its {part.num_frames} frames; '
            "delete that folder and render again."
        )


def _overlap(frames: Frames, first: int, stop: int) -> Frames:
    return frames[max(first, 0) : max(stop, 0)]
