import pytest

from svi_studio.domain.editing.fork import fork_chain
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.seeds import effective_seed
from tests.builders.storyboards import film
from tests.domain.short_edits import set_cut

BOARD = film(4)
IDS = [clip.id for clip in BOARD.clips]
TAKES = {clip: f"{number:064x}" for number, clip in enumerate(IDS)}


def test_the_copies_stand_behind_the_chain_with_the_same_words_and_seeds() -> None:
    forked = fork_chain(BOARD, IDS[2], TAKES)
    copies = forked.clips[5:]
    assert [clip.prompt for clip in copies] == [clip.prompt for clip in BOARD.clips[2:]]
    assert [clip.seed for clip in copies] == [effective_seed(BOARD, 2), effective_seed(BOARD, 3)]


def test_the_clip_before_stands_again_as_its_take() -> None:
    bridge = fork_chain(BOARD, IDS[2], TAKES).clips[4]
    assert (bridge.take, bridge.cut, bridge.locked) == (TAKES[IDS[1]], True, True)
    assert bridge.image == BOARD.reference_image


def test_from_the_start_of_a_chain_nothing_stands_before_the_copies() -> None:
    forked = fork_chain(BOARD, IDS[0], {})
    assert len(forked.clips) == 8
    assert [clip.cut for clip in forked.clips[4:]] == [True, False, False, False]


def test_only_the_clips_own_chain_is_copied() -> None:
    board = set_cut(BOARD, IDS[3], True)
    forked = fork_chain(board, IDS[1], TAKES)
    assert [clip.id for clip in forked.clips] == [*IDS[:3], *[clip.id for clip in forked.clips[3:6]], IDS[3]]


def test_without_a_take_to_go_on_from_it_is_refused_in_a_sentence() -> None:
    with pytest.raises(BadInput, match="render it first"):
        fork_chain(BOARD, IDS[2], {})
