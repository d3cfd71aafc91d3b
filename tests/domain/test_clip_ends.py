"""Edits of how clips begin and end, and everything that has to know of the files which they name then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing.clip_lora_edits import drop_clip_lora, put_clip_lora
from svi_studio.domain.editing.copied_files import others_of, pictures_of, with_files
from svi_studio.domain.editing.credit_edits import add_credit, credits_to_show
from svi_studio.domain.editing.edits import change_clip, change_film
from svi_studio.domain.editing.film_files import named_files, relinked
from svi_studio.domain.editing.neighbours import keep_neighbours, neighbours_problem
from svi_studio.domain.editing.video_edits import go_on_from_video, insert_after_video
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, LoraUse, Storyboard
from svi_studio.domain.pictures.credit import Credit

TAKES = {f"c{number}": f"{number}" * 64 for number in range(1, 6)}


def board(count: int = 5, **settings: object) -> Storyboard:
    clips = tuple(Clip(id=f"c{number}", prompt="a ball rolls") for number in range(1, count + 1))
    return Storyboard(**{"family": "film", "reference_image": "first.png", "clips": clips, **settings})


def test_the_first_clip_goes_on_from_a_video_with_its_last_frame_as_picture() -> None:
    changed = go_on_from_video(board(), "c1", "a.mp4", "last.png")
    clip = changed.clips[0]
    assert (clip.start_video, clip.image, clip.cut) == ("a.mp4", "last.png", False)
    assert (changed.chain_image(0), changed.start_video(0)) == ("last.png", "a.mp4")


def test_a_film_without_a_picture_has_the_videos_last_frame() -> None:
    changed = insert_after_video(Storyboard(), 0, "a.mp4", "last.png")
    (clip,) = changed.clips
    assert (changed.reference_image, clip.image, clip.start_video) == ("last.png", None, "a.mp4")


def test_a_clip_in_the_middle_starts_a_chain_and_keeps_its_own_picture() -> None:
    own = change_clip(board(), "c3", image="own.png")
    changed = go_on_from_video(own, "c3", "a.mp4", "last.png")
    assert (changed.clips[2].cut, changed.clips[2].image) == (True, "own.png")


def test_a_new_clip_between_two_goes_on_from_a_video() -> None:
    changed = insert_after_video(board(2), 1, "a.mp4", "last.png")
    assert [clip.id for clip in changed.clips] == ["c1", "c3", "c2"]
    assert (changed.clips[1].cut, changed.clips[1].start_video) == (True, "a.mp4")


def test_a_video_of_a_clip_that_follows_on_has_no_effect() -> None:
    idle = change_clip(go_on_from_video(board(), "c3", "a.mp4", "last.png"), "c3", cut=False)
    assert (idle.start_video(2), idle.videos()) == (None, ())


def test_a_clip_between_its_neighbours_ends_on_the_picture_and_the_next_one_keeps_its_take() -> None:
    changed = keep_neighbours(board(), "c3", TAKES, "end.png", 99)
    before, clip, behind = changed.clips[1:4]
    assert (clip.end_image, clip.seed, clip.take) == ("end.png", 99, None)
    assert (before.take, behind.take) == (None, TAKES["c4"])
    assert [clip.meets_next for clip in changed.clips] == [False, False, True, False, False]
    assert "meets_next" not in board().model_dump_json()
    assert (changed.clips[0], changed.clips[4]) == (board().clips[0], board().clips[4])


def test_the_first_clip_of_a_chain_has_only_one_neighbour() -> None:
    changed = keep_neighbours(board(), "c1", {"c2": TAKES["c2"]}, "end.png", 99)
    assert [clip.take for clip in changed.clips] == [None, TAKES["c2"], None, None, None]


def test_the_end_picture_has_the_credits_of_the_clip_that_it_comes_from() -> None:
    credited = add_credit(board(), Credit(picture="first.png", author="Ann"))
    changed = keep_neighbours(credited, "c3", TAKES, "end.png", 99)
    assert {credit.picture: credit.author for credit in changed.credits} == {"first.png": "Ann", "end.png": "Ann"}


@pytest.mark.parametrize(
    ("storyboard", "said"),
    [
        (board(3), "No clip follows clip 3"),
        (change_clip(board(), "c4", cut=True), "Clip 4 starts fresh"),
        (change_clip(board(), "c3", locked=True), "Clip 3 is locked"),
        (change_film(board(), family="dance"), "The family Dance cannot"),
    ],
)
def test_what_has_no_neighbour_to_keep_says_why(storyboard: Storyboard, said: str) -> None:
    assert neighbours_problem(storyboard, 2).startswith(said)
    with pytest.raises(BadInput, match=said):
        keep_neighbours(storyboard, "c3", TAKES, "end.png", 99)


def test_a_neighbour_without_a_take_is_named() -> None:
    with pytest.raises(BadInput, match="Clip 2 has no finished take"):
        keep_neighbours(board(), "c3", {"c4": TAKES["c4"]}, "end.png", 99)


def test_loras_of_clips_are_put_weighed_and_taken_out() -> None:
    use = LoraUse(file="look.safetensors")
    one = put_clip_lora(board(), ("c1", "c2"), use)
    assert [clip.loras for clip in one.clips[:3]] == [(use,), (use,), ()]
    weighed = put_clip_lora(one, ("c2",), LoraUse(file="look.safetensors", weight=0.5))
    assert [each.weight for each in weighed.clips[1].loras] == [0.5]
    assert drop_clip_lora(weighed, ("c1", "c2"), use).clips == board().clips


def test_the_same_file_for_another_expert_is_another_lora() -> None:
    both = put_clip_lora(board(), ("c1",), LoraUse(file="look.safetensors"))
    high = put_clip_lora(both, ("c1",), LoraUse(file="look.safetensors", expert="high"))
    assert [use.expert for use in high.clips[0].loras] == ["both", "high"]


def test_a_clip_has_room_for_so_many_loras() -> None:
    full = board()
    for number in range(32):
        full = put_clip_lora(full, ("c1",), LoraUse(file=f"{number}.safetensors"))
    with pytest.raises(BadInput, match="more than 32 LoRAs"):
        put_clip_lora(full, ("c1",), LoraUse(file="one-more.safetensors"))


@pytest.mark.parametrize(
    "change",
    [{"end_image": "e.png"}, {"start_video": "a.mp4"}, {"loras": (LoraUse(file="l"),)}, {"motion_amplitude": 1.2}],
)
def test_what_decides_pixels_lets_go_of_a_chosen_take(change: dict[str, object]) -> None:
    kept = change_clip(board(), "c2", take="a" * 64)
    assert change_clip(kept, "c2", **change).clips[1].take is None
    assert change_clip(kept, "c2", note="later").clips[1].take == "a" * 64


def full_board() -> Storyboard:
    """A film in which every kind of file is named."""
    clips = (
        Clip(id="c1", image="i.png", end_image="e.png", start_video="v.mp4", loras=(LoraUse(file="cl.safetensors"),)),
        Clip(id="c2", end_image="i.png"),
    )
    loras = (LoraUse(file="fl.safetensors"),)
    return Storyboard(family="film", reference_image="r.png", loras=loras, clips=clips)


def test_every_file_of_a_clip_is_named_and_found_elsewhere() -> None:
    names = {"r.png", "i.png", "e.png", "v.mp4", "fl.safetensors", "cl.safetensors"}
    assert {*named_files(full_board())} == names
    moved = relinked(full_board(), {name: f"media/{name}" for name in names})
    assert {*named_files(moved)} == {f"media/{name}" for name in names}
    assert relinked(full_board(), {}) == full_board()


@given(st.sets(st.sampled_from(["i.png", "e.png", "v.mp4", "cl.safetensors"])))
def test_clips_from_another_film_bring_what_came_along_and_leave_out_the_rest(there: set[str]) -> None:
    clips = full_board().clips
    brought = with_files(clips, {name: f"media/{name}" for name in there})
    named = {*pictures_of(brought), *others_of(brought)}
    assert named == {f"media/{name}" for name in there}


def test_a_render_reads_end_pictures_where_the_family_knows_them() -> None:
    assert full_board().images() == ("i.png", "e.png")
    assert full_board().media() == ("i.png", "e.png", "v.mp4")
    dance = change_film(full_board(), family="dance")
    assert (dance.images(), dance.end_image(0)) == (("i.png",), None)


def test_an_end_picture_is_credited_from_its_clip_on() -> None:
    credited = add_credit(board(), Credit(picture="end.png", author="Bea"))
    ended = change_clip(credited, "c3", end_image="end.png")
    assert [credit.author for credit in credits_to_show(ended, (3,))] == ["Bea"]
    assert credits_to_show(ended, (1,)) == ()
