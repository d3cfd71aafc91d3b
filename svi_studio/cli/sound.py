"""``svi-studio sound``: sounds under a film, laid, changed, listed and taken away."""

from argparse import Namespace
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

from svi_studio.cli.save_film import film_lock, save_film
from svi_studio.cli.sound_file import bring_in, read_sound
from svi_studio.cli.sound_list import list_sounds, told
from svi_studio.cli.spoken import spoken
from svi_studio.cli.stop import StopRequest, stop_request
from svi_studio.domain.editing import track_edits
from svi_studio.domain.editing.sound_clips import sound_frames, with_clips_for_sound
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.film_time import storyboard_time
from svi_studio.domain.film.sound_time import exact_rate, file_start, frames_of_sound, sample_of
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import LAST_FRAME, InputKind, Piece
from svi_studio.domain.film.track_rate import tracks_at
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_duration, plural
from svi_studio.media.sounds.ready_sound import ReadySound
from svi_studio.project.film.film_source import FilmSource, open_film
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.model_folder import read_card

_SOUND = InputKind.SOUND
_OF_A_PIECE = ("at", "gain", "loudness", "fade_in", "fade_out")


def run(options: Namespace) -> int:
    """Changes the film as asked, or lists its sounds; returns the exit code. Raises StudioError and Stopped."""
    with spoken(options) as asked:
        return _run(asked)


def _run(options: Namespace) -> int:
    film = open_film(options.source)
    _refuse_words_without_a_sound(options)
    card = read_card(find_model(options.model or film.storyboard.model, beside=film.folder))
    time = storyboard_time(film.storyboard, card.num_frames, card.fps)
    board, changes = film.storyboard, _changes_something(options)
    if changes:
        with stop_request("Stopping.") as stop, film_lock(film, options.source) as film:
            before = tracks_at(film.storyboard, time.fps)
            editor = _Editor(replace(film, storyboard=before), exact_rate(time.fps), card.num_frames, stop)
            board = editor.edited(options)
            if board != before:
                save_film(film, options.source, tracks_at(board, time.fps, time.fps))
        for sentence in editor.said:
            print(visible(sentence))
    if options.list or not changes:
        list_sounds(board, film.folder, storyboard_time(board, card.num_frames, card.fps))
    return 0


def _changes_something(options: Namespace) -> bool:
    asked = (options.add, options.change, options.remove)
    return any(each is not None for each in asked) or options.mute or options.unmute or options.fit_clips


def _refuse_words_without_a_sound(options: Namespace) -> None:
    used = [name for name in _OF_A_PIECE if getattr(options, name) is not None]
    if used and options.add is None and options.change is None:
        word = used[0].replace("_", "-")
        raise BadInput(f"--{word} is for one sound: name a file with --add, or a sound of the list with --change.")


@dataclass
class _Editor:
    """Changes a film of ``rate`` frames a second, whose model makes ``num_frames`` a clip, and says what it did."""

    film: FilmSource
    rate: Fraction
    num_frames: int
    stop: StopRequest

    def __post_init__(self) -> None:
        self.said: list[str] = []

    def edited(self, options: Namespace) -> Storyboard:
        """The film with all that ``options`` ask for."""
        board = self.film.storyboard
        if options.add is not None:
            board = self._add(board, options)
        elif options.change is not None:
            self._require(board, options.change)
            board = self._change(board, options.change - 1, options)
        elif options.remove is not None:
            self._require(board, options.remove)
            board = track_edits.remove_piece(board, _SOUND, options.remove - 1)
            self.said.append(f"Sound {options.remove} lies under the film no more.")
        if options.mute or options.unmute:
            board = track_edits.mute_track(board, muted=options.mute)
            self.said.append(
                "Films are written without the sound." if options.mute else "Films have their sound again."
            )
        return self._fitted(board) if options.fit_clips else board

    def _add(self, board: Storyboard, options: Namespace) -> Storyboard:
        file: Path = options.add
        start = min(sound_frames(board) if options.at is None else self._frames(options.at), LAST_FRAME)
        with read_sound(file, self.stop) as sound:
            length = frames_of_sound(sound.samples, self.rate)
            piece = Piece(file="sound", start=start, length=length, name=visible(file.stem)[:200])
            changes = self._changes(piece, sound, options)
            changes["file"] = bring_in(self.film, file, sound, self.stop)
        before = track_edits.track_of(board, _SOUND).pieces
        board = track_edits.lay_piece(board, _SOUND, piece)
        pieces = track_edits.track_of(board, _SOUND).pieces
        index = next(index for index, each in enumerate(pieces) if each not in before)
        board = track_edits.change_piece(board, _SOUND, index, **changes)
        self._say(board, index, file.name, start)
        return board

    def _change(self, board: Storyboard, index: int, options: Namespace) -> Storyboard:
        piece = track_edits.track_of(board, _SOUND).pieces[index]
        with read_sound(self.film.file(piece.file), self.stop) as sound:
            board = track_edits.change_piece(board, _SOUND, index, **self._changes(piece, sound, options))
        start = piece.start if options.at is None else self._frames(options.at)
        if options.at is not None:
            others = [each for each in track_edits.track_of(board, _SOUND).pieces if each.start != piece.start]
            board = track_edits.move_piece(board, _SOUND, index, start)
            pieces = track_edits.track_of(board, _SOUND).pieces
            index = next(place for place, each in enumerate(pieces) if each not in others)
        self._say(board, index, "It", start)
        return board

    def _changes(self, piece: Piece, sound: ReadySound, options: Namespace) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        if options.gain is not None:
            changes["gain"] = 10 ** (options.gain / 20)
        if options.loudness is not None:
            changes["gain"] = self._gain(piece, sound, options.loudness)
        for name in ("fade_in", "fade_out"):
            if (seconds := getattr(options, name)) is not None:
                changes[name] = ceil(Fraction(seconds) * self.rate)
        return changes

    def _gain(self, piece: Piece, sound: ReadySound, lufs: float) -> float:
        first = sample_of(piece.start, self.rate) - file_start(piece, self.rate)
        count = sample_of(piece.stop, self.rate) - sample_of(piece.start, self.rate)
        gain = sound.gain_to(lufs, first, count)
        if gain is None:
            raise BadInput("This sound is silent: leave out --loudness.")
        if gain > 100:
            raise BadInput(f"This sound is too quiet to be brought to {lufs:g} LUFS: choose a lower loudness.")
        return gain

    def _fitted(self, board: Storyboard) -> Storyboard:
        fitted = with_clips_for_sound(board, self.num_frames)
        time = storyboard_time(fitted, self.num_frames, float(self.rate))
        clips = plural(len(fitted.clips), "clip")
        if (more := len(fitted.clips) - len(board.clips)) > 0:
            self.said.append(f"{plural(more, 'clip')} added: the film has {clips} now, {as_duration(time.seconds)}.")
        else:
            self.said.append(f"The film has {clips}, {as_duration(time.seconds)}: enough for its sound.")
        return fitted

    def _say(self, board: Storyboard, index: int, name: str, wanted: int) -> None:
        piece = track_edits.track_of(board, _SOUND).pieces[index]
        self.said.append(f"{name} is sound {index + 1} of the film: {told(piece, self.rate)}.")
        if piece.start != wanted:
            self.said.append("There was no room for it where it was to begin.")

    def _require(self, board: Storyboard, number: int) -> None:
        count = len(track_edits.track_of(board, _SOUND).pieces)
        if number > count:
            has = f"it has {plural(count, 'sound')}" if count else "it has none"
            raise BadInput(f"There is no sound {number} under this film, {has}: list them with --list.")

    def _frames(self, seconds: float) -> int:
        return round(Fraction(seconds) * self.rate)
