"""A clip in the middle of a chain is made again between its neighbours, which keep the takes that they have."""

from collections.abc import Mapping

from svi_studio.domain.editing.continuation import with_credits_of
from svi_studio.domain.editing.edit_check import index_of, with_clips
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard


def neighbours_problem(storyboard: Storyboard, index: int) -> str:
    """Why the clip at ``index`` cannot be made again between its neighbours, in one sentence; empty when it can."""
    if index + 1 == len(storyboard.clips):
        return f"No clip follows clip {index + 1}: re-roll its seed to try it another way."
    if storyboard.starts_chain(index + 1):
        return f"Clip {index + 2} starts fresh and does not depend on clip {index + 1}: re-roll its seed instead."
    if not storyboard.ends_on_pictures:
        return f"The family {storyboard.profile_to_show.title.partition(':')[0]} cannot be told how a clip ends."
    if storyboard.clips[index].locked:
        return f"Clip {index + 1} is locked: unlock it first."
    return ""


def neighbours_of(storyboard: Storyboard, index: int) -> tuple[int, ...]:
    """The clips that the clip at ``index`` is to stand between: the one behind it, and the one that it goes on from."""
    return (index + 1,) if storyboard.starts_chain(index) else (index - 1, index + 1)


def keep_neighbours(
    storyboard: Storyboard, clip_id: str, takes: Mapping[str, str], image: str, seed: int
) -> Storyboard:
    """The clip ``clip_id`` ends on ``image``, a frame of the next clip's take, with another ``seed``.

    ``takes`` has the present takes of its neighbours by clip id: the next clip keeps its own from now on, so it and all
    behind it stay as they are. The film is cut where the two meet, unless the clip is trimmed and never gets there.
    Raises BadInput when that is not possible.
    """
    index = index_of(storyboard, clip_id)
    if problem := neighbours_problem(storyboard, index):
        raise BadInput(problem)
    around = neighbours_of(storyboard, index)
    clips = storyboard.clips
    lost = next((place for place in around if clips[place].id not in takes), None)
    if lost is not None:
        raise BadInput(f"Clip {lost + 1} has no finished take that could stay: render it first.")
    led = {"end_image": image, "seed": seed, "take": None, "meets_next": clips[index].end is None}
    contents = {index: {**clips[index].__dict__, **led}}
    contents[index + 1] = {**clips[index + 1].__dict__, "take": takes[clips[index + 1].id]}
    return with_credits_of(with_clips(storyboard, contents), index + 1, image)
