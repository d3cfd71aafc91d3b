"""What "Clips from sound" offers: where clips would begin for a choice, what that would make of the film, in words."""

from dataclasses import dataclass, replace
from itertools import pairwise

from PySide6.QtCore import QCoreApplication

from svi_studio.document import words
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.clip_boundaries import ClipSplit, split_at
from svi_studio.domain.editing.script_laying import words_in
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.beat_grid import Beats, half, shifted, tapped, twice
from svi_studio.domain.film.sound_marks import SHORTEST_PAUSE, FilmMarks, MarkKind, nearest_frame
from svi_studio.domain.film.sound_time import exact_rate
from svi_studio.domain.film.storyboard import Storyboard

EVERY = (1, 2, 4, 8, 16)
"""So many beats or onsets make one clip."""

MOST_DOUBLINGS = 2


@dataclass(frozen=True, slots=True)
class SplitChoice:
    """What the user asked for. ``pause`` and ``shortest`` are seconds, ``tempo`` how often the tempo was doubled.

    ``taps`` are moments of film, in seconds, at which somebody tapped the beat; with three or more they are the beat.
    """

    kind: MarkKind = MarkKind.SENTENCE
    pause: float = SHORTEST_PAUSE
    every: int = 4
    tempo: int = 0
    between: bool = False
    taps: tuple[float, ...] = ()
    shortest: float = 1.0
    fresh: bool = False
    words: bool = True
    remove_rest: bool = False


@dataclass(frozen=True, slots=True)
class SplitOffer:
    """``places`` are samples of the film at which clips would begin, ``split`` what that makes of it; None = nothing.

    ``sentence`` says what will be, or why nothing can; ``remark`` what to know before.
    """

    places: tuple[int, ...] = ()
    split: ClipSplit | None = None
    sentence: str = ""
    remark: str = ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("SoundSplit", text)


def beats_of(marks: FilmMarks, choice: SplitChoice) -> Beats:
    """The beats as chosen: tapped or found, at twice or half their tempo, or between the others."""
    beats = tapped(choice.taps, marks.stop) if len(choice.taps) > 2 else Beats(marks.beats, marks.bpm)
    for _ in range(abs(choice.tempo)):
        beats = twice(beats) if choice.tempo > 0 else half(beats)
    return shifted(beats) if choice.between else beats


def places_of(marks: FilmMarks, choice: SplitChoice) -> tuple[int, ...]:
    """The samples of the film at which clips could begin, after the first."""
    if choice.kind is MarkKind.SENTENCE:
        return marks.cuts_between_sentences(choice.pause)
    if choice.kind is MarkKind.SILENCE:
        return marks.cuts_in_silences(choice.pause)
    places = beats_of(marks, choice).places if choice.kind is MarkKind.BEAT else marks.onsets
    return places[:: choice.every]


def offer(film: OpenFilm, choice: SplitChoice) -> SplitOffer:
    """What ``choice`` would make of the film as it is now."""
    finder = film.sound_finder
    marks = finder.marks()
    if not finder.has_sound:
        return SplitOffer(sentence=_tr("There is no sound under this film: add one first."))
    if finder.problem:
        return SplitOffer(sentence=finder.problem)
    if finder.is_busy:
        return SplitOffer(sentence=_tr("Listening to the sound…"))
    places = places_of(marks, choice)
    if not places:
        return SplitOffer(sentence=_nothing(choice.kind))
    try:
        split = split_board(film, choice, film.document.storyboard)
    except BadInput as error:
        return SplitOffer(places, sentence=str(error))
    rate = exact_rate(film.playhead.fps)
    kept = set(split.starts)
    shown = tuple(place for place in places if nearest_frame(place, rate) in kept)
    return SplitOffer(shown, split, _sentence(split), _remark(split, choice, marks, film.playhead.seconds_per_clip))


def split_board(film: OpenFilm, choice: SplitChoice, board: Storyboard) -> ClipSplit:
    """``board`` with clips as ``choice`` says. Raises BadInput when that cannot be."""
    marks, rate = film.sound_finder.marks(), exact_rate(film.playhead.fps)
    places = places_of(marks, choice)
    by_frame = {nearest_frame(place, rate): place for place in places}
    stop = nearest_frame(marks.stop, rate)
    frames = sorted(frame for frame in by_frame if 0 < frame < stop)
    said: list[str] = []
    if choice.words and choice.kind is MarkKind.SENTENCE and board.subtitles:
        edges = [0, *(by_frame[frame] for frame in frames), marks.stop]
        said = [words_in(board.subtitles, one, two) for one, two in pairwise(edges)]
    shortest = max(1, round(choice.shortest * film.playhead.fps))
    return split_at(
        board,
        film.playhead.num_frames,
        frames,
        stop,
        shortest=shortest,
        fresh=choice.fresh,
        words=said,
        remove_rest=choice.remove_rest,
    )


def apply(film: OpenFilm, choice: SplitChoice) -> bool:
    """Splits the film so, as one step of undo."""
    return film.commands.subtitles.split_clips(lambda board: split_board(film, choice, board).storyboard)


def with_tap(choice: SplitChoice, second: float) -> SplitChoice:
    """One more tap at a moment of the film; one far from the last begins anew."""
    taps = choice.taps if choice.taps and 0 < second - choice.taps[-1] < 3 else ()
    return replace(choice, taps=(*taps, second), tempo=0, between=False)


def _nothing(kind: MarkKind) -> str:
    return {
        MarkKind.SENTENCE: _tr("Nobody speaks in this sound, or without a pause: try silences or beats."),
        MarkKind.SILENCE: _tr("There is no silence of that length in this sound: choose a shorter one."),
        MarkKind.BEAT: _tr("No beat was found in this sound: play it and tap along."),
        MarkKind.ONSET: _tr("Nothing begins suddenly in this sound: try silences."),
    }[kind]


def _sentence(split: ClipSplit) -> str:
    """``9 clips, which begin anew at 3 places; 2 of them are new.``"""
    places = len(split.starts) - 1
    text = _tr("{clips}, which begin anew at {places}").format(
        clips=words.clips(split.cards), places=_tr("1 place") if places == 1 else _tr("{} places").format(places)
    )
    changes = [
        (split.added, _tr("1 of them is new"), _tr("{} of them are new")),
        (split.removed, _tr("1 is removed"), _tr("{} are removed")),
    ]
    told = [one if count == 1 else many.format(count) for count, one, many in changes if count]
    return f"{'; '.join([text, *told])}."


def _remark(split: ClipSplit, choice: SplitChoice, marks: FilmMarks, seconds: float) -> str:
    """``seconds`` is how much of the film one clip shows."""
    counted = (
        (
            split.too_close,
            _tr("1 place was left out, because a clip would be shorter than you asked for."),
            _tr("{} places were left out, because clips would be shorter than you asked for."),
        ),
        (
            split.jumps,
            _tr("At 1 join the picture jumps a little, because the clip before it is trimmed."),
            _tr("At {} joins the picture jumps a little, because the clip before is trimmed."),
        ),
        (
            split.unseen,
            _tr("1 frame is rendered and not shown."),
            _tr("{} frames are rendered and not shown."),
        ),
    )
    told = [one if count == 1 else many.format(count) for count, one, many in counted if count]
    if split.cards > len(split.starts):
        said = _tr("A clip shows {length} at most, so longer stretches take several.")
        told.insert(0, said.format(length=words.film_length(seconds)))
    if choice.kind is MarkKind.SENTENCE and not marks.by_voice:
        told.append(_tr("Speech is told by loudness here, so music counts as speech."))
    return " ".join(told)
