from svi_studio.domain.editing.edits import delete_clips, insert_prompts, move_clips
from svi_studio.domain.editing.keep_takes import keep_takes
from svi_studio.domain.film.seeds import effective_seed
from svi_studio.domain.film.storyboard import Storyboard
from tests.builders.storyboards import film

BOARD = film(4)


def seeds(board: Storyboard) -> dict[str, int | None]:
    return {clip.id: effective_seed(board, index) for index, clip in enumerate(board.clips)}


def everything(_: str) -> bool:
    return True


def test_finished_clips_keep_their_seed_at_another_place() -> None:
    ids = [clip.id for clip in BOARD.clips]
    after = keep_takes(BOARD, delete_clips(BOARD, ids[:1]), everything)
    assert seeds(after) == {clip: seed for clip, seed in seeds(BOARD).items() if clip != ids[0]}


def test_clips_without_a_take_follow_their_place() -> None:
    moved = move_clips(BOARD, [BOARD.clips[3].id], 0)
    assert keep_takes(BOARD, moved, lambda _: False) is moved


def test_a_new_clip_never_gets_the_seed_of_a_neighbour() -> None:
    after = keep_takes(BOARD, insert_prompts(BOARD, 1, ["new", "new"]), everything)
    found = list(seeds(after).values())
    assert len(set(found)) == len(found)


def test_the_first_clip_still_starts_a_chain_behind_another_one() -> None:
    after = keep_takes(BOARD, insert_prompts(BOARD, 0, ["new"]), everything)
    assert after.starts_chain(1)


def test_a_family_of_another_version_is_left_alone() -> None:
    board = BOARD.model_copy(update={"family": "unknown"})
    after = keep_takes(board, insert_prompts(board, 2, ["new"]), everything)
    assert [clip.seed for clip in after.clips] == [None] * 5
