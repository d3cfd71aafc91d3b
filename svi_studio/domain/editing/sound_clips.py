"""As many clips as the sound is long: the cards that a film needs under its sound, and what each of them gets of it."""

from svi_studio.domain.editing.edits import change_clip, insert_prompts
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import FamilyProfile, family_to_show
from svi_studio.domain.film.film_time import FilmTime, film_time, storyboard_time
from svi_studio.domain.film.storyboard import MAX_CLIPS, Storyboard
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.domain.text.wording import plural


def clips_for_frames(frames: int, num_frames: int, profile: FamilyProfile) -> int:
    """The fewest clips of one chain, 1 or more, whose film shows at least so many ``frames``.

    The model makes ``num_frames`` >= 1 frames a clip; what the family trims at joins is not shown.
    """
    one, two = (film_time([True, False][:count], num_frames, profile, profile.fps).frames for count in (1, 2))
    return 1 + max(0, -(-(frames - one) // (two - one)))


def sound_frames(storyboard: Storyboard) -> int:
    """The film frame at which the film's sound ends; 0 without any."""
    pieces = track_of(storyboard, InputKind.SOUND).pieces
    return pieces[-1].stop if pieces else 0


def with_clips_for_sound(storyboard: Storyboard, num_frames: int, *, trim: bool = True) -> Storyboard:
    """The film with as many clips as its sound is long: cards are added at its end, none is taken away.

    The model makes ``num_frames`` frames a clip. A new card says nothing, or what the last one says where every clip
    needs words of its own. With ``trim`` the last clip ends with the sound; one that ended early, as it was the last,
    is shown whole when the film goes on. Raises BadInput without a sound, and for one that is too long for a film.
    """
    wanted = sound_frames(storyboard)
    if not wanted:
        raise BadInput("The film has no sound: lay one under it first.")
    board = storyboard
    if 0 < _frames(board, num_frames) < wanted and not board.clips[-1].locked:
        board = change_clip(board, board.clips[-1].id, end=None)
    board = _grown(board, wanted, num_frames)
    return _ending_at(board, wanted, num_frames) if trim else board


def pieces_of_clip(storyboard: Storyboard, time: FilmTime, index: int) -> tuple[Piece, ...]:
    """What of the film's sound lies under the frames that the clip at ``index`` shows."""
    clip = time.clips[index]
    return track_of(storyboard, InputKind.SOUND).under(clip.start, clip.start + clip.frames)


def _grown(board: Storyboard, wanted: int, num_frames: int) -> Storyboard:
    lacking = wanted - _frames(board, num_frames)
    if lacking <= 0:
        return board
    profile, length = family_to_show(board.family), board.num_frames or num_frames
    more = clips_for_frames(lacking + (length if board.clips else 0), length, profile) - bool(board.clips)
    if len(board.clips) + more > MAX_CLIPS:
        raise BadInput(f"The sound needs {plural(len(board.clips) + more, 'clip')}; a film has {MAX_CLIPS:,} at most.")
    words = board.clips[-1].prompt if board.clips and profile.prompt_choice == "stream" else ""
    return insert_prompts(board, len(board.clips), [words] * more)


def _ending_at(board: Storyboard, wanted: int, num_frames: int) -> Storyboard:
    """The film with its last clip ending at film frame ``wanted``, where that lies within it and it may change."""
    last = storyboard_time(board, num_frames).clips[-1]
    clip = board.clips[last.index]
    if clip.locked or not last.start < wanted < last.start + last.frames:
        return board
    return change_clip(board, clip.id, end=last.first + wanted - last.start)


def _frames(board: Storyboard, num_frames: int) -> int:
    return storyboard_time(board, num_frames).frames
