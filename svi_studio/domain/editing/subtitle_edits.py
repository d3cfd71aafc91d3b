"""Edits of a film's subtitles, which stand in the order of their starts. None of them makes a take stale."""

from collections.abc import Sequence

from pydantic import ValidationError

from svi_studio.domain.editing.edit_check import checked
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.subtitles import LONGEST_MS, SHORTEST_MS, Cue, in_order, plain_words
from svi_studio.domain.value import first_problem


def set_subtitles(storyboard: Storyboard, cues: Sequence[Cue]) -> Storyboard:
    """The film has exactly these subtitles, in any order. Raises BadInput for more than a film can have."""
    ordered = in_order(cues)
    return storyboard if ordered == storyboard.subtitles else checked(storyboard, subtitles=ordered)


def add_subtitle(storyboard: Storyboard, start: int, stop: int, text: str) -> Storyboard:
    """One more, from ``start`` to ``stop`` in milliseconds of film. Raises BadInput when it cannot be."""
    return set_subtitles(storyboard, (*storyboard.subtitles, _cue(start, stop, text)))


def change_subtitle(
    storyboard: Storyboard, index: int, *, start: int | None = None, stop: int | None = None, text: str | None = None
) -> Storyboard:
    """The one at ``index`` (from 0) has another start or end, in milliseconds, or other words; None = as before.

    A start behind the end takes the end along, an end before the start the start: it lasts as long as before. Raises
    BadInput when there is none at that place, or it cannot be so.
    """
    old = _at(storyboard, index)
    lasts = old.stop - old.start
    first, last = old.start if start is None else start, old.stop if stop is None else stop
    if last - first < SHORTEST_MS:
        first, last = (first, first + lasts) if stop is None else (max(0, last - lasts), last)
    new = _cue(first, last, old.text if text is None else text)
    return set_subtitles(storyboard, (*storyboard.subtitles[:index], new, *storyboard.subtitles[index + 1 :]))


def remove_subtitles(storyboard: Storyboard, indexes: Sequence[int]) -> Storyboard:
    """Those at ``indexes`` (from 0) are gone. Raises BadInput when there is none at one of these places."""
    gone = {index for index in indexes if _at(storyboard, index)}
    return set_subtitles(storyboard, [cue for index, cue in enumerate(storyboard.subtitles) if index not in gone])


def shift_subtitles(storyboard: Storyboard, milliseconds: int) -> Storyboard:
    """All of them come so much later, earlier when negative; those that would come before the film are gone."""
    moved = (
        Cue(start=max(0, cue.start + milliseconds), stop=min(cue.stop + milliseconds, LONGEST_MS), text=cue.text)
        for cue in storyboard.subtitles
        if cue.stop + milliseconds > max(0, cue.start + milliseconds) and cue.start + milliseconds < LONGEST_MS
    )
    return set_subtitles(storyboard, tuple(moved))


def _at(storyboard: Storyboard, index: int) -> Cue:
    if not 0 <= index < len(storyboard.subtitles):
        raise BadInput(f"There is no subtitle {index + 1} in this film.")
    return storyboard.subtitles[index]


def _cue(start: int, stop: int, text: str) -> Cue:
    try:
        return Cue(start=start, stop=stop, text=plain_words(text))
    except ValidationError as error:
        raise BadInput(f"This subtitle is not possible: {first_problem(error)}.") from error
