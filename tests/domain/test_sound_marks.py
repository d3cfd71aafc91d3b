"""What was found in a file lies under the film where its piece does, cut at the piece's edges."""

from fractions import Fraction

from svi_studio.domain.film.sound_marks import FilmMarks, MarkKind, Pause, SoundMarks, Span, film_marks, nearest_frame
from svi_studio.domain.film.sound_time import SAMPLE_RATE as SECOND
from svi_studio.domain.film.track import InputKind, Piece, Track

RATE = Fraction(10)


def track(*pieces: Piece) -> Track:
    return Track(kind=InputKind.SOUND, pieces=pieces)


FOUND = SoundMarks(
    samples=10 * SECOND,
    speech=(Span(1 * SECOND, 3 * SECOND), Span(4 * SECOND, 6 * SECOND)),
    pauses=(Pause(3 * SECOND, 4 * SECOND, 3 * SECOND + SECOND // 4),),
    silences=(Pause(0, SECOND, SECOND // 2), Pause(3 * SECOND, 4 * SECOND, 3 * SECOND + SECOND // 4)),
    onsets=(SECOND, 4 * SECOND, 9 * SECOND),
    beats=(2 * SECOND, 5 * SECOND),
    bpm=20.0,
)


def test_marks_move_with_their_piece_and_are_cut_at_its_edges() -> None:
    piece = Piece(file="media/a.wav", start=50, length=30, offset=20)  # 2 s to 5 s of the file, from 5 s of film on
    marks = film_marks(track(piece), {"media/a.wav": FOUND}, RATE)
    assert marks.speech == (Span(5 * SECOND, 6 * SECOND), Span(7 * SECOND, 8 * SECOND))
    assert marks.pauses == (Pause(6 * SECOND, 7 * SECOND, 6 * SECOND + SECOND // 4),)
    assert marks.onsets == (7 * SECOND,)
    assert marks.beats == (5 * SECOND,)
    assert marks.stop == 8 * SECOND


def test_a_file_of_which_nothing_is_known_yet_counts_as_silent() -> None:
    pieces = (Piece(file="media/a.wav", start=0, length=20), Piece(file="media/b.wav", start=20, length=20))
    marks = film_marks(track(*pieces), {"media/b.wav": FOUND}, RATE)
    assert marks.speech == (Span(3 * SECOND, 4 * SECOND),)
    assert marks.stop == 4 * SECOND


def test_longer_pauses_make_fewer_sentences_cut_at_the_quietest_place() -> None:
    marks = film_marks(track(Piece(file="a", start=0, length=100)), {"a": FOUND}, RATE)
    assert marks.cuts_between_sentences(0.5) == (3 * SECOND + SECOND // 4,)
    assert marks.cuts_between_sentences(1.01) == ()
    assert marks.sentences(1.01) == (Span(SECOND, 6 * SECOND),)


def test_between_two_pieces_the_middle_is_the_cut_where_nothing_else_is_known() -> None:
    marks = FilmMarks(speech=(Span(0, 100), Span(SECOND, 2 * SECOND)), stop=3 * SECOND)
    assert marks.cuts_between_sentences() == ((100 + SECOND) // 2,)


def test_silences_at_the_ends_are_no_cuts() -> None:
    marks = film_marks(track(Piece(file="a", start=0, length=100)), {"a": FOUND}, RATE)
    assert marks.cuts_in_silences() == (3 * SECOND + SECOND // 4,)


def test_frames_to_snap_to_are_told_once_with_what_matters_most() -> None:
    marks = film_marks(track(Piece(file="a", start=0, length=100)), {"a": FOUND}, RATE)
    assert marks.snap_points(RATE) == (
        (10, MarkKind.SENTENCE),
        (20, MarkKind.BEAT),
        (40, MarkKind.SENTENCE),
        (50, MarkKind.BEAT),
        (90, MarkKind.ONSET),
    )


def test_the_nearest_frame_is_the_nearest_at_every_rate() -> None:
    for rate in (Fraction(16), Fraction(24), Fraction(24000, 1001), Fraction(30000, 1001)):
        for sample in (0, 1, 999, 1_234_567, 28_800_000):
            frame = nearest_frame(sample, rate)
            assert abs(frame * SECOND / rate - sample) <= SECOND / rate / 2
