"""The counting, the boxes, the pages and the sheets of real videos; no video is fetched and nobody is looked for."""

import zipfile
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from svi_studio.disk.plain_file import sha256_of
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import Skeleton
from tests.builders.dances import HEIGHT, WIDTH, dance
from tests.builders.videos import write_video
from tests.real_videos.boxes import box_at, is_on_another, trunk_middle
from tests.real_videos.catalogue import RealVideo, real_videos
from tests.real_videos.counting import MOST_TRUNK, Counts, body_height, counted
from tests.real_videos.dance import compared
from tests.real_videos.fetching import NotFetched, fetched_video, taken_out
from tests.real_videos.page import Result, page, percent, table
from tests.real_videos.sheets import jpeg, spread, write_sheet
from trainer.paper_theatre.performance import Moment, draw_moments
from trainer.paper_theatre.puppet import DANCE
from trainer.paper_theatre.script import Still
from trainer.paper_theatre.skeleton_truth import skeleton_of
from trainer.paper_theatre.stage import FINE

TRUNK_BOX = (80.0, 60.0, 160.0, 200.0)
"""Round the shoulders and hips of the figure that ``dance`` shows."""


def counts_of(
    skeleton: Skeleton, in_view: tuple[tuple[int, int], ...] = ((0, 48),), **others: dict[int, tuple[float, ...]]
) -> Counts:
    return counted(skeleton, in_view, {"her": {0: TRUNK_BOX, 40: TRUNK_BOX}, **others}, "her")


def moved(skeleton: Skeleton, frame: int, by: float, joints: slice | list[Joint] = slice(None)) -> Skeleton:
    """The same with joints that are further right from a frame on."""
    body = skeleton.body.copy()
    body[frame:, joints, 0] += by
    return skeleton.with_parts({"body": body})


def test_the_list_is_whole() -> None:
    videos = real_videos()
    assert len({video.name for video in videos}) == len(videos) >= 6
    for video in videos:
        assert len(video.sha256) == len(video.archive.sha256) == 64
        for chosen in video.chosen:
            track = video.trunks[chosen.who]
            assert len(track) >= 9
            assert all(any(first <= frame < stop for first, stop in chosen.in_view) for frame in track)
            assert chosen.click is not None or len(video.trunks) == 1 or video.name == "beam-front"
        for left, top, right, bottom in (box for track in video.trunks.values() for box in track.values()):
            assert 0 <= left < right and 0 <= top < bottom


def test_a_box_between_two_is_taken_in_proportion() -> None:
    track = {10: (0.0, 0.0, 10.0, 10.0), 20: (10.0, 20.0, 30.0, 40.0)}
    assert box_at(track, 10) == track[10]
    assert box_at(track, 15) == (5.0, 10.0, 20.0, 25.0)
    assert box_at(track, 9) is box_at(track, 21) is None


def test_the_middle_is_that_of_what_is_seen_of_the_trunk() -> None:
    body = np.zeros((3, 20, 3), np.float32)
    body[0, Joint.RIGHT_SHOULDER], body[0, Joint.LEFT_HIP], body[0, Joint.NOSE] = (2, 4, 1), (4, 8, 1), (99, 99, 1)
    body[1, Joint.NOSE] = (7, 5, 1)
    assert trunk_middle(body)[:2].tolist() == [[3, 6], [7, 5]]
    assert np.isnan(trunk_middle(body)[2]).all()


@pytest.mark.parametrize(
    ("middle", "is_other"), [((50, 50), False), ((108, 50), False), ((115, 50), True), ((80, 50), True)]
)
def test_somebody_else_is_outside_of_the_box_or_nearer_to_another(middle: tuple[float, float], is_other: bool) -> None:
    others = [(60.0, 0.0, 110.0, 100.0)] if middle == (80, 50) else []
    assert is_on_another(np.array(middle), (0, 0, 100, 100), others) is is_other


def test_gaps_are_counted_only_while_somebody_is_in_view() -> None:
    counts = counts_of(dance(gaps=((0, 4), (10, 13), (20, 21))), in_view=((4, 30), (30, 40)))
    assert (counts.frames, counts.in_view, counts.found) == (48, 36, 32)
    assert counts.gaps == ((10, 13), (20, 21))
    assert counts.longest_gap == 3
    assert counts.elsewhere == tuple(range(40, 48))  # a skeleton, and nobody in view


def test_boxes_are_compared_where_there_are_both() -> None:
    counts = counts_of(dance(gaps=((10, 13),)))
    assert (counts.drawn, counts.between) == (2, 36)
    assert counts.others == ()


def test_a_skeleton_on_somebody_else_is_counted_by_its_frame() -> None:
    beside = {0: tuple(side + (100 if place % 2 == 0 else 0) for place, side in enumerate(TRUNK_BOX)), 47: TRUNK_BOX}
    assert counts_of(moved(dance(), 38, 100), him={0: beside[0], 47: beside[0]}).others == (38, 39, 40)
    assert counts_of(moved(dance(), 38, 100), him={0: beside[0], 47: beside[0]}).on_them == 45
    assert counts_of(dance(), him={0: TRUNK_BOX, 40: TRUNK_BOX}).others == ()  # in doubt for the chosen one


def test_a_trunk_that_jumps_is_counted_and_one_that_walks_is_not() -> None:
    skeleton = dance()
    quick = MOST_TRUNK * body_height(skeleton.body) / float(skeleton.fps)
    assert counts_of(moved(skeleton, 20, 1.1 * quick)).trunk_jumps == (20,)
    assert counts_of(moved(skeleton, 20, 0.9 * quick)).trunk_jumps == ()


def test_a_wrist_that_jumps_is_no_jump_of_the_trunk() -> None:
    counts = counts_of(moved(dance(), 20, WIDTH * 2, [Joint.LEFT_WRIST]))
    assert (counts.trunk_jumps, counts.end_jumps) == ((), (20,))


def test_nobody_at_all_is_counted() -> None:
    counts = counts_of(dance(gaps=((0, 48),)))
    assert (counts.found, counts.longest_gap, counts.drawn, counts.trunk_jumps) == (0, 48, 0, ())


@pytest.mark.parametrize(("part", "whole", "words"), [(0, 0, "0 %"), (999, 1000, "99 %"), (3, 3, "100 %")])
def test_all_but_one_are_not_all(part: int, whole: int, words: str) -> None:
    assert percent(part, whole) == words


def test_the_page_has_a_row_and_a_sheet_for_everybody() -> None:
    results = [Result(video, chosen, counts_of(dance())) for video in real_videos() for chosen in video.chosen]
    text = page(results, "Looked at.", "## Danced")
    assert text.count(".jpg)") == len(results) == len({each.name for each in results})
    assert "Looked at.\n\n## Danced" in text
    assert f"| **all** | {len(results)} |" in table(results)
    assert len({line.count("|") for line in table(results).splitlines()}) == 1


def test_frames_are_spread_from_the_first_to_the_last() -> None:
    assert spread(range(100), 4) == [0, 33, 66, 99]
    assert spread([5, 7], 4) == [5, 7]


def test_a_sheet_fits_into_its_bytes(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 255, (48, HEIGHT, WIDTH, 3)).astype(np.uint8)
    video = write_video(tmp_path / "noise.mp4", pictures, fps=12)
    write_sheet(
        tmp_path / "sheet.jpg", video, dance(gaps=((0, 2),)), {0: TRUNK_BOX, 20: TRUNK_BOX, 47: TRUNK_BOX}, [30]
    )
    assert Image.open(tmp_path / "sheet.jpg").size == (960, 240)
    noise = Image.fromarray(rng.integers(0, 255, (300, 300, 3)).astype(np.uint8))
    assert len(jpeg(noise, 40_000)) <= 40_000 < len(jpeg(noise, 1_000_000))


def packed(video: RealVideo, content: bytes, into: Path) -> Path:
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr(video.member, content)
    return into


def test_only_the_listed_video_is_taken_out(tmp_path: Path) -> None:
    video = replace(
        real_videos()[0], bytes=3, sha256="ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert taken_out(packed(video, b"abc", tmp_path / "a.whl"), video) == b"abc"
    for content in (b"abd", b"abcd", b""):
        with pytest.raises(NotFetched):
            taken_out(packed(video, content, tmp_path / "a.whl"), video)
    with pytest.raises(NotFetched):
        taken_out(packed(replace(video, member="other.avi"), b"abc", tmp_path / "a.whl"), video)


def test_the_beginning_of_a_video_has_every_frame_once(tmp_path: Path) -> None:
    pictures = np.arange(8, dtype=np.uint8)[:, None, None, None] * np.full((1, 48, 64, 3), 20, np.uint8)
    times = (0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # with a hole after the first frame
    whole = write_video(tmp_path / "a.mkv", pictures, times=times)
    listed = replace(real_videos()[0], name="a", member="a.mkv", frames=5, sha256=sha256_of(whole))
    beginning = fetched_video(listed, tmp_path)
    assert beginning.name == "a-5.mkv"
    with av.open(str(beginning)) as container:
        seconds = [frame.time for frame in container.decode(video=0)]
    assert len(seconds) == 5
    assert np.ptp(np.diff(seconds)) < 0.002  # Matroska rounds to milliseconds


def test_a_puppet_where_its_skeleton_is_is_near_and_a_still_one_is_not() -> None:
    stage = Still("beach", "puppet", "purple", 24)
    moments = tuple(Moment(pose=DANCE[frame // 4 % len(DANCE)]) for frame in range(12))
    skeleton = skeleton_of(stage, moments, FINE)
    wanted = skeleton.body * np.array([80 / skeleton.width, 80 / skeleton.width, 1], np.float32)
    followed = compared(draw_moments(stage, moments, FINE), draw_moments(stage, (Moment(),), FINE), wanted)
    for limb in ("hands", "feet"):
        assert followed.compared[limb] >= 4
        assert followed.off[limb] < 1 < followed.still[limb]
