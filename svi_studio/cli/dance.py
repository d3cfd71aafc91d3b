"""``svi-studio dance``: dances under a film, laid, looped, moved, listed and taken away."""

from argparse import Namespace
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from svi_studio.cli.dance_list import ending_words, list_dances
from svi_studio.cli.dancer import Teller
from svi_studio.cli.new_dance import NewDance, find_new_dance
from svi_studio.cli.save_film import film_lock, save_film
from svi_studio.cli.sound_list import told
from svi_studio.cli.start_person import start_person
from svi_studio.cli.stop import stop_request
from svi_studio.domain.editing import track_edits
from svi_studio.domain.editing.dance_endings import ending_of, lengthened
from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.editing.sound_clips import with_clips_until
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.film_time import FilmTime, storyboard_time
from svi_studio.domain.film.filming import cannot_film
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.sound_time import exact_rate
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import LAST_FRAME, InputKind, Piece
from svi_studio.domain.film.track_rate import tracks_at
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_duration, plural
from svi_studio.project.film.film_source import FilmSource, open_film
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.model_folder import read_card

_DANCE = InputKind.SKELETON
_OF_A_NEW_ONE = ("person", "finder", "fps", "size", "mirror", "speed", "scale", "as_found")
_OF_A_PIECE = ("at", "loop", "hold")


def run(options: Namespace) -> int:
    """Changes the film as asked, or lists its dances; returns the exit code. Raises StudioError and Stopped."""
    _refuse_words_without_a_dance(options)
    film = open_film(options.source)
    folder = find_model(options.model or film.storyboard.model, beside=film.folder)
    card = read_card(folder)
    if options.family is not None and (refused := cannot_film(options.family, card, read_architecture(folder, card))):
        raise BadInput(refused)
    board, changes = film.storyboard, _changes_something(options)
    if changes:
        with stop_request("Stopping.") as stop:
            teller = Teller(stop, as_json=False)
            # this takes minutes, while which others may change the film
            new = None if options.add is None else find_new_dance(options, teller)
            with film_lock(film, options.source) as film:
                before = in_own_frames(film.storyboard, card)
                editor = _Editor(replace(film, storyboard=before), card, teller)
                board = editor.edited(options, new)
                if board != before:
                    save_film(film, options.source, in_own_frames(board, card))
        for sentence in editor.said:
            print(visible(sentence))
    if options.list or not changes:
        list_dances(board, film.folder, storyboard_time(board, card.num_frames, card.fps))
    return 0


def in_own_frames(board: Storyboard, card: ModelCard) -> Storyboard:
    """The film with its tracks counted at its own rate, which they remember."""
    fps = storyboard_time(board, card.num_frames, card.fps).fps
    return tracks_at(board, fps, unknown=fps)


def _changes_something(options: Namespace) -> bool:
    asked = (options.add, options.change, options.remove, options.family, options.advance)
    return any(each is not None for each in asked) or options.fit_clips


def _refuse_words_without_a_dance(options: Namespace) -> None:
    """Raises BadInput for an option that would change nothing."""
    if options.add is not None:
        return
    of_a_piece = () if options.change is not None else _OF_A_PIECE
    used = [name for name in (*of_a_piece, *_OF_A_NEW_ONE) if getattr(options, name) not in (None, False, [])]
    if used:
        dances = "name a file with --add" + (", or a dance of the list with --change" if used[0] in _OF_A_PIECE else "")
        raise BadInput(f"--{used[0].replace('_', '-')} is for one dance: {dances}.")


class _Laid(NamedTuple):
    """A film, and the place of a piece in its track: what is said of it, and after how many other sentences."""

    board: Storyboard
    place: int
    name: str
    wanted: int
    said_after: int
    looks: str = ""


@dataclass
class _Editor:
    """Changes a film whose model has that ``card``, and says what it did."""

    film: FilmSource
    card: ModelCard
    teller: Teller

    def __post_init__(self) -> None:
        self.said: list[str] = []

    def edited(self, options: Namespace, new: NewDance | None) -> Storyboard:
        """The film with all that ``options`` ask for."""
        board = self._settings(options)
        laid = None
        if new is not None:
            laid = self._add(board, new, options)
        elif options.change is not None:
            self._require(board, options.change)
            laid = self._move(board, options.change - 1, options)
        elif options.remove is not None:
            self._require(board, options.remove)
            board = track_edits.remove_piece(board, _DANCE, options.remove - 1)
            self.said.append(f"Dance {options.remove} lies under the film no more.")
        if laid is not None:
            board = laid.board
        if options.fit_clips:
            board = self._fitted(board)
        if laid is not None and (options.loop or options.hold):
            board = self._lengthened(board, laid.place, loop=options.loop)
        if laid is not None:
            self._say(board, laid)
        self._tell_gaps(board)
        return board

    def _settings(self, options: Namespace) -> Storyboard:
        """The film with the family and the advance that are asked for."""
        board = self.film.storyboard
        if options.family is not None:
            board = change_film(board, family=options.family)
            self.said.append(f"The film's family is {board.profile_to_show.title}.")
        if options.advance is not None:
            board = change_film(board, advance=options.advance)
            ways = {"film": "in step with the film", "authors": "as the authors' scripts do"}
            self.said.append(f"Clips go along the dance {ways[options.advance]}.")
        return in_own_frames(board, self.card)

    def _time(self, board: Storyboard) -> FilmTime:
        return storyboard_time(board, self.card.num_frames, self.card.fps)

    def _rate(self, board: Storyboard) -> Fraction:
        return exact_rate(self._time(board).fps)

    def _add(self, board: Storyboard, new: NewDance, options: Namespace) -> _Laid:
        rate, pieces = self._rate(board), track_edits.track_of(board, _DANCE).pieces
        behind = pieces[-1].stop if pieces else 0
        wanted = min(behind if options.at is None else round(Fraction(options.at) * rate), LAST_FRAME)
        name = visible(new.source.name)[:200]
        piece = Piece(file="dance", start=wanted, length=new.film_frames(rate), name=name)
        start = track_edits.free_place(pieces, piece)
        found = new.skeleton
        if not options.as_found and _DANCE in board.profile_to_show.needs and found is not None:
            new, sentence = self._fit(board, new, start, options)
            self.said.append(sentence)
        length, file = new.film_frames(rate), new.keep(self.film.folder, found)
        laid = track_edits.lay_piece(board, _DANCE, Piece(file=file, start=start, length=length, name=name))
        index = [each.start for each in track_edits.track_of(laid, _DANCE).pieces].index(start)
        return _Laid(laid, index, new.source.name, wanted, len(self.said), new.looks)

    def _fit(self, board: Storyboard, new: NewDance, start: int, options: Namespace) -> tuple[NewDance, str]:
        under = max((clip.index for clip in self._time(board).clips if clip.start <= start), default=None)
        picture = board.reference_image if under is None else board.chain_image(under)
        film = replace(self.film, storyboard=board)
        return new.fitted_to(start_person(film, picture, options.model, self.teller.check))

    def _move(self, board: Storyboard, index: int, options: Namespace) -> _Laid:
        before = track_edits.track_of(board, _DANCE).pieces
        start = before[index].start if options.at is None else round(Fraction(options.at) * self._rate(board))
        board = track_edits.move_piece(board, _DANCE, index, start)
        others = (*before[:index], *before[index + 1 :])
        pieces = track_edits.track_of(board, _DANCE).pieces
        index = next(place for place, each in enumerate(pieces) if each not in others)
        return _Laid(board, index, "It", start, len(self.said))

    def _lengthened(self, board: Storyboard, place: int, *, loop: bool) -> Storyboard:
        """The dance at ``place`` goes on where it ends, until the film ends or the next one begins."""
        pieces = track_edits.track_of(board, _DANCE).pieces
        stop = min([self._time(board).frames, *(each.start for each in pieces[place + 1 :])])
        longer = lengthened(pieces[place], stop, pieces[place].file_stop, loop=loop)
        fields = {} if longer is None else ending_of(longer)
        return track_edits.change_piece(board, _DANCE, place, **fields)

    def _fitted(self, board: Storyboard) -> Storyboard:
        pieces = track_edits.track_of(board, _DANCE).pieces
        if not pieces:
            raise BadInput("The film has no dance: lay one under it with --add FILE.")
        fitted = with_clips_until(board, pieces[-1].stop, self.card.num_frames)
        length = as_duration(self._time(fitted).seconds)
        if (more := len(fitted.clips) - len(board.clips)) > 0:
            has = plural(len(fitted.clips), "clip")
            self.said.append(f"{plural(more, 'clip')} added: the film has {has} now, {length}.")
        else:
            self.said.append(f"The film has {plural(len(fitted.clips), 'clip')}, {length}: enough for its dance.")
        return fitted

    def _tell_gaps(self, board: Storyboard) -> None:
        """What keeps the film from being danced as it is now."""
        pieces, time, rate = track_edits.track_of(board, _DANCE).pieces, self._time(board), self._rate(board)
        if not pieces:
            return
        if _DANCE not in board.profile_to_show.needs:
            title = board.profile_to_show.title.partition(":")[0]
            able = " or ".join(f"--family {name}" for name, each in FAMILIES.items() if _DANCE in each.needs)
            self.said.append(f"The family {title} follows no dance: choose one that does with {able}.")
        elif pieces[-1].stop > time.frames:
            ends = f"The film ends after {as_duration(time.seconds)}"
            self.said.append(f"{ends}, before its dance: --fit-clips adds the clips.")
        elif pieces[-1].stop < time.frames:
            ends = f"The dance ends after {as_duration(float(pieces[-1].stop / rate))}"
            self.said.append(f"{ends}, before the film: --loop or --hold lets it go on, or add another one.")

    def _say(self, board: Storyboard, laid: _Laid) -> None:
        piece = track_edits.track_of(board, _DANCE).pieces[laid.place]
        lies = f"{told(piece, self._rate(board))}{ending_words(piece)}"
        words = [f"{laid.name} is dance {laid.place + 1} of the film: {lies}.{laid.looks}"]
        if piece.start != laid.wanted:
            words.append("There was no room for it where it was to begin.")
        self.said[laid.said_after : laid.said_after] = words

    def _require(self, board: Storyboard, number: int) -> None:
        count = len(track_edits.track_of(board, _DANCE).pieces)
        if number > count:
            has = f"it has {plural(count, 'dance')}" if count else "it has none"
            raise BadInput(f"There is no dance {number} under this film, {has}: list them with --list.")
