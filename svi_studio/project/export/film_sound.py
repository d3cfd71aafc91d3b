"""What is heard of a film: the sounds of its track made ready, and mixed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from math import ceil

from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.piece_name import file_name
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.domain.film.track_rate import at_rate
from svi_studio.media.sounds.limiter import AFTER, BEFORE
from svi_studio.media.sounds.mix import FilmMix
from svi_studio.media.sounds.ready_sound import ReadySound
from svi_studio.media.sounds.sound_store import find_sound, ready_sound
from svi_studio.project.export.excerpt import Part
from svi_studio.project.export.film_export import FilmFile
from svi_studio.project.film.film_source import FilmSource


@contextmanager
def film_mix(
    film: FilmSource,
    wanted: FilmFile,
    shown: Part,
    *,
    say: Callable[[str], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[FilmMix | None]:
    """The mixed sound of ``film`` for the film file ``wanted`` of the part ``shown``; None where nothing is heard.

    Sounds that lie outside of that part need not be there, and are not read.
    A sound file that is laid under the film by name is heard instead, which is told by ``say``, and so is what takes
    time. Raises BadInput for a sound that is missing or cannot be read, and Stopped.
    """
    track = at_rate(track_of(film.storyboard, InputKind.SOUND), shown.time.fps)
    if not track.is_heard or not wanted.film_format.one_file:
        yield None
        return
    if wanted.sound is not None:
        say(f"The film's own sound is left out: {wanted.sound} lies under it.")
        yield None
        return
    with ExitStack() as open_files:
        sounds = {
            name: open_files.enter_context(_ready(film, name, say, should_stop))
            for name in dict.fromkeys(piece.file for piece in _heard_in(track, shown))
        }
        yield FilmMix(track, sounds, shown.time.fps)


def _heard_in(track: Track, shown: Part) -> tuple[Piece, ...]:
    """The pieces under that part of the film, and those so near that the limiter hears them."""
    fps = shown.time.fps
    first, around = round(shown.starts_at * fps), ceil(max(BEFORE, AFTER) / SAMPLE_RATE * fps)
    return track.under(max(0, first - around), first + shown.time.frames + around)


def _ready(film: FilmSource, name: str, say: Callable[[str], None], should_stop: Callable[[], bool]) -> ReadySound:
    file = film.file(name)
    if not file.is_file():
        called = file_name(film.storyboard, name)
        raise BadInput(
            f'The sound "{called}" of this film was not found: put it there, take it out, or mute the film\'s sound.'
        )
    found = find_sound(file)
    if found is not None:
        return found
    say("Reading the sound of the film.")
    return ready_sound(file, should_stop=should_stop)
