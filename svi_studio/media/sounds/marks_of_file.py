"""Speech, silences, onsets and beats of a sound file, which is looked through once whoever asks."""

from collections.abc import Callable
from pathlib import Path

from svi_studio.domain.errors import Stopped
from svi_studio.domain.film.sound_marks import SoundMarks
from svi_studio.media.sounds.sound_marks import find_marks, keep_marks, kept_marks
from svi_studio.media.sounds.sound_store import marks_place, ready_sound


def marks_of_file(
    file: Path,
    tell: Callable[[int, int], object] = lambda _done, _of: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> SoundMarks:
    """What is found in ``file``; ``tell`` hears how many of how many samples are looked through.

    Not for the window's thread. Raises as ``ready_sound``.
    """
    kept = marks_place(file, should_stop)
    known = kept_marks(kept)
    if known is not None:
        return known
    with ready_sound(file, None, should_stop) as sound:

        def progressed(done: int) -> None:
            if should_stop():
                raise Stopped("The search in a sound was stopped.")
            tell(done, sound.samples)

        found = find_marks(sound, sound.samples, progressed)
    keep_marks(kept, found)
    return found
