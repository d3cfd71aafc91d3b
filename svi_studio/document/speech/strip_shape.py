"""The sound of a whole film as a row of heights, for a strip that shows where clips would begin."""

from math import ceil

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.sound.shapes import PEAK
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.sound_time import exact_rate, sample_of
from svi_studio.domain.film.track import InputKind

_FULL = 0.5
"""A peak of half of full scale fills the strip: most sounds are quieter than they could be."""


def strip_heights(film: OpenFilm, samples: int, count: int) -> list[float]:
    """``count`` heights, 0 to 1, of the film's first ``samples`` samples; 0 where no sound is known."""
    heights = [0.0] * count
    if not samples or not count:
        return heights
    rate, step = exact_rate(film.playhead.fps), samples / count
    for piece in track_of(film.document.storyboard, InputKind.SOUND).pieces:
        sound = film.sounds.ready(piece.file)
        if sound is None:
            continue
        first, stop = sample_of(piece.start, rate), sample_of(piece.stop, rate)
        shift = sample_of(piece.start - piece.offset, rate)
        begin, end = max(0, int(first / step)), min(count, int(stop / step) + 1)
        if end <= begin:
            continue
        wide = max(step, float(PEAK))
        columns = sound.columns(begin * step - shift, wide, ceil((end - begin) * step / wide))
        peaks = columns[1].max(axis=0) - columns[0].min(axis=0)
        for place in range(begin, end):
            peak = float(peaks[int((place - begin) * step / wide)])
            heights[place] = max(heights[place], min(1.0, peak / 2 * piece.gain / _FULL))
    return heights
