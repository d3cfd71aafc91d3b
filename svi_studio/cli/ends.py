"""``svi-studio ends``: what the clips of a film end on, and the videos that they go on from."""

import json
from argparse import Namespace
from pathlib import Path

from svi_studio.cli.save_film import film_lock, save_film
from svi_studio.domain.editing.edits import change_clip
from svi_studio.domain.editing.video_edits import go_on_from_video
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.text.visible_text import visible
from svi_studio.media.images import look_at, note_words
from svi_studio.project.film.film_source import FilmSource, open_film
from svi_studio.project.film.start_videos import read_start_video
from svi_studio.project.media.last_frame import add_last_frame
from svi_studio.project.media.media_store import MediaStore


def run(options: Namespace) -> int:
    """Changes the ends of one clip, then lists those of all; returns the exit code. Raises StudioError."""
    film = open_film(options.source)
    board = film.storyboard
    if any((options.picture, options.video, options.no_picture, options.no_video)):
        with film_lock(film, options.source) as film:
            board = _edited(film, options)
            if board != film.storyboard:
                save_film(film, options.source, board)
    elif options.clip is not None:
        raise BadInput("Say what to do with the clip: add --picture FILE, --video FILE, --no-picture or --no-video.")
    _list(board, as_json=options.json)
    return 0


def _edited(film: FilmSource, options: Namespace) -> Storyboard:
    board = film.storyboard
    if options.clip is None:
        raise BadInput("Say which clip is meant: add --clip and its number.")
    if options.clip > len(board.clips):
        raise BadInput(f"There is no clip {options.clip}: the film has {len(board.clips)}.")
    clip = board.clips[options.clip - 1].id
    if options.picture is not None:
        return change_clip(board, clip, end_image=_picture(film, options.picture))
    if options.video is not None:
        return after_video(board, clip, options.video, film.folder)
    return change_clip(board, clip, **({"end_image": None} if options.no_picture else {"start_video": None}))


def _picture(film: FilmSource, file: Path) -> str:
    board = film.storyboard
    if not board.ends_on_pictures:
        family = board.profile_to_show.title.partition(":")[0]
        raise BadInput(f"The family {family} cannot be told how a clip ends: choose another family for that.")
    facts = look_at(file)
    if facts.notes:
        print(f"About {file}: {note_words(facts.notes)}")
    return MediaStore(film.folder).add(file)


def after_video(board: Storyboard, clip: str, file: Path, folder: Path) -> Storyboard:
    """The clip ``clip`` goes on from the video ``file``, which lies in the film's ``folder`` then.

    Raises BadInput for anything but a video that is long enough, DiskFull or StudioError.
    """
    read_start_video(board.profile_to_show.num_video_frames, file, lambda: False)
    return go_on_from_video(board, clip, MediaStore(folder).add(file), add_last_frame(folder, file))


def _list(board: Storyboard, *, as_json: bool) -> None:
    found = [
        (number, board.start_video(number - 1), board.end_image(number - 1))
        for number in range(1, len(board.clips) + 1)
    ]
    told = [each for each in found if each[1] or each[2]]
    if as_json:
        for number, video, picture in told:
            print(json.dumps({"clip": number, "video": video, "picture": picture}))
        return
    for number, video, picture in told:
        words = [f"goes on from {video}" if video else "", f"ends on {picture}" if picture else ""]
        print(visible(f"Clip {number} {' and '.join(filter(None, words))}"))
    if not told:
        print("No clip ends on a picture or goes on from a video.")
