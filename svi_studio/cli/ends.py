"""``svi-studio ends``: what the clips of a film end on, and the videos that they go on from."""

import json
from argparse import Namespace
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from svi_studio.cli.new_picture import check_framing, framing_of
from svi_studio.cli.save_film import film_lock, save_film
from svi_studio.domain.editing.edits import change_clip
from svi_studio.domain.editing.framing_edits import frame_picture
from svi_studio.domain.editing.video_edits import go_on_from_video
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.end_pictures import end_fit
from svi_studio.domain.render.planner import FilmFacts
from svi_studio.domain.text.visible_text import visible
from svi_studio.media.images import look_at, note_words
from svi_studio.project.film.film_source import FilmSource, open_film
from svi_studio.project.film.prepare import read_facts_unhashed
from svi_studio.project.film.start_videos import read_start_video
from svi_studio.project.media.last_frame import add_last_frame
from svi_studio.project.media.media_store import MediaStore


def run(options: Namespace) -> int:
    """Changes the ends of one clip, then lists those of all; returns the exit code. Raises StudioError."""
    film = open_film(options.source)
    board = film.storyboard
    if _changes(options):
        with film_lock(film, options.source) as film:
            board = _edited(film, options)
            if board != film.storyboard:
                save_film(film, options.source, board)
    elif options.clip is not None:
        raise BadInput("Say what to do with the clip: add --picture FILE, --video FILE, --no-picture or --no-video.")
    _list(replace(film, storyboard=board), as_json=options.json)
    return 0


def _changes(options: Namespace) -> bool:
    return any((options.picture, options.video, options.no_picture, options.no_video, _frames(options)))


def _frames(options: Namespace) -> bool:
    return options.crop is not None or options.fit is not None


def _edited(film: FilmSource, options: Namespace) -> Storyboard:
    board = film.storyboard
    if options.clip is None:
        raise BadInput("Say which clip is meant: add --clip and its number.")
    if options.clip > len(board.clips):
        raise BadInput(f"There is no clip {options.clip}: the film has {len(board.clips)}.")
    clip = board.clips[options.clip - 1].id
    if options.picture is not None:
        image = _picture(film, options)
        return _framed(change_clip(board, clip, end_image=image), image, options)
    if _frames(options):
        return _framed_again(film, options)
    if options.video is not None:
        return after_video(board, clip, options.video, film.folder)
    return change_clip(board, clip, **({"end_image": None} if options.no_picture else {"start_video": None}))


def _picture(film: FilmSource, options: Namespace) -> str:
    board, file = film.storyboard, options.picture
    if not board.ends_on_pictures:
        family = board.profile_to_show.title.partition(":")[0]
        raise BadInput(f"The family {family} cannot be told how a clip ends: choose another family for that.")
    facts = look_at(file)
    check_framing(options, facts.size)
    if facts.notes:
        print(f"About {file}: {note_words(facts.notes)}")
    return MediaStore(film.folder).add(file)


def _framed_again(film: FilmSource, options: Namespace) -> Storyboard:
    """Another frame for the picture that the clip ends on already."""
    image = film.storyboard.end_image(options.clip - 1)
    if image is None or options.video is not None or options.no_picture or options.no_video:
        raise BadInput("There is no end picture to frame: name one with --picture, or leave out --fit and --crop.")
    check_framing(options, look_at(film.file(image)).size)
    return _framed(film.storyboard, image, options)


def _framed(board: Storyboard, image: str, options: Namespace) -> Storyboard:
    """A picture that the film frames already stays framed so, unless ``options`` say otherwise."""
    return frame_picture(board, framing_of(options, image)) if _frames(options) else board


def after_video(board: Storyboard, clip: str, file: Path, folder: Path) -> Storyboard:
    """The clip ``clip`` goes on from the video ``file``, which lies in the film's ``folder`` then.

    Raises BadInput for anything but a video that is long enough, DiskFull or StudioError.
    """
    read_start_video(board.profile_to_show.num_video_frames, file, lambda: False)
    return go_on_from_video(board, clip, MediaStore(folder).add(file), add_last_frame(folder, file))


def _list(film: FilmSource, *, as_json: bool) -> None:
    board = film.storyboard
    found = [
        (number, board.start_video(number - 1), board.end_image(number - 1))
        for number in range(1, len(board.clips) + 1)
    ]
    told = [each for each in found if each[1] or each[2]]
    if as_json:
        for number, video, picture in told:
            print(json.dumps({"clip": number, "video": video, "picture": picture}))
        return
    facts = _facts(film) if any(picture for _, _, picture in told) else None
    for number, video, picture in told:
        fit = "" if facts is None else end_fit(board, facts, number - 1)
        ends = f"ends on {picture}{f' ({fit})' if fit else ''}"
        words = [f"goes on from {video}" if video else "", ends if picture else ""]
        print(visible(f"Clip {number} {' and '.join(filter(None, words))}"))
    if not told:
        print("No clip ends on a picture or goes on from a video.")


def _facts(film: FilmSource) -> FilmFacts | None:
    """The sizes of the film and its pictures; None where a model or picture is missing, which the render says."""
    with suppress(StudioError):
        return read_facts_unhashed(film).facts
    return None
