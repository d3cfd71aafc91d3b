"""What if: a second version of a chain from one of its clips on, which starts out with the very same takes."""

from collections.abc import Mapping

from svi_studio.domain.editing.edit_check import index_of
from svi_studio.domain.editing.edits import insert_clips
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.seeds import effective_seed
from svi_studio.domain.film.storyboard import Clip, Storyboard, next_clip_id
from svi_studio.domain.value import with_fields


def chain_end(storyboard: Storyboard, index: int) -> int:
    """Index one past the last clip of the chain that the clip at ``index`` belongs to."""
    stop = index + 1
    while stop < len(storyboard.clips) and not storyboard.starts_chain(stop):
        stop += 1
    return stop


def fork_chain(storyboard: Storyboard, clip_id: str, takes: Mapping[str, str]) -> Storyboard:
    """The storyboard with a copy of the clips from ``clip_id`` to the end of its chain, right behind that chain.

    The copies have the same words and seeds, so they have the same takes until one of them is edited. When the clip
    goes on from another one, that one stands before the copies again, locked to its take, which ``takes`` has by clip
    id: so both versions go on from the same motion. Raises BadInput when there is no such take.
    """
    index = index_of(storyboard, clip_id)
    stop = chain_end(storyboard, index)
    number = int(next_clip_id(storyboard)[1:])
    starts = storyboard.starts_chain(index)
    copies = [] if starts else [_bridge(storyboard, index - 1, takes, f"c{number}")]
    for place in range(index, stop):
        copies.append(_copy(storyboard, place, f"c{number + len(copies)}", cut=starts and place == index))
    return insert_clips(storyboard, stop, copies)


def _copy(storyboard: Storyboard, index: int, clip_id: str, *, cut: bool) -> Clip:
    seed = effective_seed(storyboard, index)
    clip = storyboard.clips[index]
    return with_fields(clip, {"id": clip_id, "seed": seed, "cut": cut or clip.cut, "locked": False})


def _bridge(storyboard: Storyboard, index: int, takes: Mapping[str, str], clip_id: str) -> Clip:
    clip = storyboard.clips[index]
    take = takes.get(clip.id)
    if take is None:
        raise BadInput(f"Clip {index + 1} has no take yet: render it first, so that another version can go on from it.")
    anchor = storyboard.chain_image(index)
    changes = {"id": clip_id, "take": take, "image": anchor, "cut": True, "locked": True}
    return with_fields(clip, {**changes, "seed": effective_seed(storyboard, index)})
