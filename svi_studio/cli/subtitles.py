"""``svi-studio subtitles``: the subtitles of a film, read, laid on its speech, shifted, listed and written."""

import os
from argparse import Namespace
from pathlib import Path

from svi_studio.cli.save_film import film_lock, save_film
from svi_studio.cli.sound_file import read_sound
from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.editing.script_laying import MOST_SCRIPT, lay_script, script_lines
from svi_studio.domain.editing.subtitle_edits import set_subtitles, shift_subtitles
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.errors import BadInput, Refused
from svi_studio.domain.film.clock_words import clock_words
from svi_studio.domain.film.film_time import storyboard_time
from svi_studio.domain.film.sound_marks import FilmMarks, SoundMarks, film_marks
from svi_studio.domain.film.sound_time import exact_rate
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.film.track_rate import at_rate
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import plural
from svi_studio.media.sounds.marks_of_file import marks_of_file
from svi_studio.media.subtitles.subtitle_file import WRITTEN_ENDINGS, read_subtitle_file, write_subtitle_file
from svi_studio.project.film.film_source import FilmSource, open_film
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.model_folder import read_card


def run(options: Namespace) -> int:
    """Changes, writes or lists the subtitles; returns the exit code. Raises StudioError."""
    film = open_film(options.source)
    _refuse_to_write(options)
    board = film.storyboard
    if options.read_from or options.script or options.remove or options.shift is not None:
        with film_lock(film, options.source) as film:
            board = _edited(film, options)
            if board != film.storyboard:
                save_film(film, options.source, board)
    if options.output is not None:
        write_subtitle_file(options.output, board.subtitles)
        print(f"{plural(len(board.subtitles), 'subtitle')} written to {options.output}.")
    elif board is film.storyboard:
        _list(board)
    return 0


def _refuse_to_write(options: Namespace) -> None:
    output: Path | None = options.output
    if output is None:
        return
    if output.suffix.lower() not in WRITTEN_ENDINGS:
        raise BadInput(f'"{output.name}" does not end like a subtitle file that this program writes; use .srt or .vtt.')
    if os.path.lexists(output) and not options.overwrite:
        raise BadInput(f'"{output}" is there already: add --overwrite to replace it, or choose another name.')


def _edited(film: FilmSource, options: Namespace) -> Storyboard:
    board = film.storyboard
    if options.read_from is not None:
        read = read_subtitle_file(options.read_from)
        board = set_subtitles(board, read.cues)
        print(visible(" ".join([f"{plural(len(read.cues), 'subtitle')} read.", *read.remarks])))
    elif options.script is not None:
        lines, marks = script_lines(_script(options.script)), _marks(film, options.model)
        sentences = marks.sentences(options.pause)
        board = set_subtitles(board, lay_script(lines, sentences, marks.stop))
        print(f"{plural(len(lines), 'line')} laid on {plural(len(sentences), 'sentence')} of speech.")
    elif options.remove:
        board = set_subtitles(board, ())
        print("The film has no subtitles any more.")
    if options.shift is not None:
        board = shift_subtitles(board, round(options.shift * 1000))
    return board


def _script(file: Path) -> str:
    try:
        return read_plain(file, 4 * MOST_SCRIPT).decode("utf-8-sig")
    except Refused as error:
        raise BadInput(str(error)) from error
    except OSError as error:
        raise BadInput(f'The script "{file}" could not be read: check its name.') from error
    except UnicodeDecodeError as error:
        raise BadInput(f'"{file}" is not text in UTF-8: save it as a text file in UTF-8.') from error


def _marks(film: FilmSource, model: str | None) -> FilmMarks:
    """What is found in the film's sounds, each looked through once."""
    track = track_of(film.storyboard, InputKind.SOUND)
    if not track.pieces:
        raise BadInput("There is no sound under this film to lay a script on: add one with svi-studio sound.")
    card = read_card(find_model(model or film.storyboard.model, beside=film.folder))
    fps = storyboard_time(film.storyboard, card.num_frames, card.fps).fps
    found = {name: _found(film.file(name)) for name in {piece.file for piece in track.pieces}}
    return film_marks(at_rate(track, fps), found, exact_rate(fps))


def _found(file: Path) -> SoundMarks:
    read_sound(file).close()  # which tells how far it is
    return marks_of_file(file)


def _list(board: Storyboard) -> None:
    for number, cue in enumerate(board.subtitles, start=1):
        words = cue.text.replace("\n", " | ")
        print(visible(f"{number:>4}  {clock_words(cue.start)} - {clock_words(cue.stop)}  {words}"))
    if not board.subtitles:
        print("This film has no subtitles.")
