"""A dancer through a whole video, found by the real networks in drawn films."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.domain.poses.click import Click
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import RemarkKind, Skeleton
from svi_studio.media.poses.networks.network_files import networks_missing
from svi_studio.media.poses.tracking.blaze_people import BlazePeople
from svi_studio.media.poses.tracking.chase import Step
from svi_studio.media.poses.tracking.dancer import Extraction, extract, people_at, pose_in
from svi_studio.media.videos.video import Video
from tests.builders.mannequin import BLUE, RED, Picture, ground, mannequin, write_film

pytestmark = pytest.mark.skipif(bool(networks_missing()), reason=networks_missing() or "they are here")


@pytest.fixture(scope="module")
def finder() -> BlazePeople:
    return BlazePeople.load()


def waving(frames: int) -> Iterator[Picture]:
    """Arms go up."""
    for number in range(frames):
        yield mannequin(20 + number * 10)[0]


def wrist(skeleton: Skeleton, joint: Joint = Joint.LEFT_WRIST) -> np.ndarray:
    return skeleton.body[:, joint, :2]


def found_in(path: Path, finder: BlazePeople, *clicks: Click) -> Extraction:
    with Video(path) as video:
        return extract(video, finder, clicks)


def test_a_wave_is_followed_frame_by_frame(finder: BlazePeople, tmp_path: Path) -> None:
    film = write_film(tmp_path / "wave.mp4", waving(8))
    steps: list[Step] = []
    with Video(film) as video:
        result = extract(video, finder, tell=steps.append)
    skeleton = result.skeleton
    assert (skeleton.num_frames, skeleton.fps, skeleton.width, skeleton.height) == (8, 12, 640, 720)
    truth = np.array([mannequin(20 + number * 10)[1][Joint.LEFT_WRIST] for number in range(8)])
    assert np.linalg.norm(wrist(skeleton) - truth, axis=1).max() < 30
    assert skeleton.has_person.all()
    assert skeleton.remarks == ()
    assert [step.done for step in steps if step.body is not None] == list(range(1, 9))
    assert result.people == 1


def two(angle: float, shift: int) -> Picture:
    """Two people side by side, one of whom raises the arms."""
    small = mannequin(20, 190, RED)[0]
    return mannequin(angle, 470 + shift, BLUE, small)[0]


def test_the_one_who_was_clicked_is_followed_both_ways(finder: BlazePeople, tmp_path: Path) -> None:
    film = write_film(tmp_path / "two.mp4", (two(20, number * 3) for number in range(6)))
    for x, shirt in ((190, 0), (470, 3)):
        skeleton = found_in(film, finder, Click(x, 300, 0.3)).skeleton
        assert np.abs(skeleton.body[:, Joint.NECK, 0] - (x + shirt * np.arange(6))).max() < 15


def test_who_leaves_is_missing_and_the_other_one_is_not_taken(finder: BlazePeople, tmp_path: Path) -> None:
    with_both, alone = two(20, 0), mannequin(20, 190, RED)[0]
    film = write_film(tmp_path / "leaves.mp4", [with_both] * 3 + [alone] * 7)
    skeleton = found_in(film, finder, Click(470, 300, 0)).skeleton
    assert skeleton.has_person.tolist() == [True] * 3 + [False] * 7
    assert [(each.kind, each.first, each.stop) for each in skeleton.remarks] == [(RemarkKind.MISSING, 3, 10)]


def test_who_is_hidden_briefly_is_filled_and_for_longer_is_found_again(finder: BlazePeople, tmp_path: Path) -> None:
    seen = mannequin(20)[0]
    film = write_film(tmp_path / "hidden.mp4", [seen] * 3 + [ground()] * 3 + [seen] * 3 + [ground()] * 7 + [seen] * 3)
    skeleton = found_in(film, finder, Click(320, 300, 0)).skeleton
    kinds = [(each.kind.value, each.first, each.stop) for each in skeleton.remarks]
    assert kinds == [("filled", 3, 6), ("missing", 9, 16), ("found again", 16, 17)]
    assert skeleton.has_person.sum() == 12


def test_after_a_cut_the_same_clothes_are_taken_and_others_are_not(finder: BlazePeople, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    wall = np.repeat(np.repeat(rng.integers(90, 250, (9, 8, 3), dtype=np.uint8), 80, axis=0), 80, axis=1)
    first = [mannequin(20)[0]] * 8
    for shirt, is_taken in ((BLUE, True), (RED, False)):
        second = [mannequin(60, 250, shirt, wall)[0]] * 8
        film = write_film(tmp_path / f"{is_taken}.mp4", [*first, *second])
        skeleton = found_in(film, finder, Click(320, 300, 0)).skeleton
        assert skeleton.has_person[:8].all()
        assert skeleton.has_person[8:].any() == is_taken
        assert (RemarkKind.CUT, 8) in [(each.kind, each.first) for each in skeleton.remarks]


def test_nobody_is_one_sentence(finder: BlazePeople, tmp_path: Path) -> None:
    film = write_film(tmp_path / "empty.mp4", [ground()])
    with pytest.raises(BadInput, match="Nobody was found"):
        found_in(film, finder)
    with pytest.raises(BadInput, match="Nobody was found at 5, 5"):
        found_in(film, finder, Click(5, 5, 0))


def test_one_frame_is_a_skeleton_of_one_frame(finder: BlazePeople, tmp_path: Path) -> None:
    film = write_film(tmp_path / "one.mp4", [mannequin(20)[0]])
    assert found_in(film, finder).skeleton.num_frames == 1


def test_it_ends_as_soon_as_somebody_says_so(finder: BlazePeople, tmp_path: Path) -> None:
    film = write_film(tmp_path / "stop.mp4", waving(4))

    def stop(step: Step) -> None:
        if step.done == 2:
            raise Stopped("Stopped.")

    with Video(film) as video, pytest.raises(Stopped):
        extract(video, finder, tell=stop)


def test_everybody_in_a_frame_is_shown_for_the_click(finder: BlazePeople, tmp_path: Path) -> None:
    film = write_film(tmp_path / "two.mp4", [ground(), ground(), two(20, 0), two(20, 0)], Fraction(2))
    with Video(film) as video:
        picture, people = people_at(video, finder, 1.2)
    assert picture.shape == (720, 640, 3)
    assert sorted(round(each.box[0] + each.box[2] / 2, -1) for each in people) == pytest.approx([190, 470], abs=20)


def test_the_person_of_a_picture_is_a_skeleton_of_one_frame(finder: BlazePeople) -> None:
    found = pose_in(two(20, 0), finder, Click(190, 300))
    assert found.num_frames == 1
    assert found.body[0, Joint.NECK, 0] == pytest.approx(190, abs=12)
    with pytest.raises(BadInput, match="in the picture"):
        pose_in(ground(), finder, None)
