from itertools import pairwise

from trainer.mini.clips import is_held_out
from trainer.paper_theatre.script import possible
from trainer.proof.boards import consistent_boards, creative_boards


def test_every_clip_starts_where_the_one_before_ended() -> None:
    for board in (*consistent_boards(4, 8), *creative_boards(4, 8)):
        assert all(after.start == before.end for before, after in pairwise(board.scripts))


def test_a_consistent_film_repeats_one_action_in_one_scene() -> None:
    for board in consistent_boards(6, 9):
        assert len({(script.action, script.start.scene) for script in board.scripts}) == 1


def test_a_consistent_film_begins_with_a_clip_that_was_never_trained_on() -> None:
    assert all(is_held_out(board.scripts[0]) for board in consistent_boards(6, 2))


def test_a_creative_film_changes_its_scene_every_fifth_clip() -> None:
    for board in creative_boards(4, 20):
        assert [script.action == "change scene" for script in board.scripts] == [n % 5 == 4 for n in range(20)]


def test_a_creative_film_asks_only_for_what_is_possible() -> None:
    for board in creative_boards(8, 20):
        assert all(possible(script.start, script.action) for script in board.scripts)


def test_the_anchor_shows_the_subject_elsewhere_under_another_camera() -> None:
    for board in consistent_boards(12, 2):
        start = board.scripts[0].start
        assert (board.anchor.subject, board.anchor.scene) == (start.subject, start.scene)
        assert board.anchor.x != start.x
        assert board.anchor.offset != start.offset


def test_longer_films_begin_like_shorter_ones() -> None:
    short, long = creative_boards(3, 4), creative_boards(3, 9)
    assert [board.scripts for board in short] == [board.scripts[:4] for board in long]
