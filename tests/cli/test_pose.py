"""``svi-studio pose``: a video's skeleton as a file, other programs' poses, edits, drawing, and what it says."""

import json
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.shape_edits import mirrored
from svi_studio.domain.poses.skeleton import Remark, RemarkKind, Skeleton
from svi_studio.media.poses.networks.network_files import networks_folder, networks_missing
from svi_studio.media.poses.networks.set_up import SetUpFailed
from svi_studio.media.poses.skeleton_file import read_skeleton, write_skeleton
from svi_studio.media.video_reader import count_frames, probe_video
from tests.builders.mannequin import RED, mannequin, write_film
from tests.builders.skeletons import dance
from tests.cli.conftest import Run

REAL_NETWORKS = networks_folder()
needs_networks = pytest.mark.skipif(bool(networks_missing()), reason=networks_missing() or "they are here")


@pytest.fixture
def networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's own networks, though the test has a world of its own."""
    monkeypatch.setenv("SVI_POSE_NETWORKS", str(REAL_NETWORKS))


@pytest.fixture
def skeleton_file() -> Path:
    """A skeleton of 24 frames."""
    write_skeleton(Path("in.json"), dance(24))
    return Path("in.json")


@needs_networks
def test_a_video_becomes_a_skeleton_and_a_drawing(run: Run, networks: None) -> None:
    film = write_film(Path("wave.mp4"), (mannequin(20 + number * 15)[0] for number in range(4)))
    ended = run("pose", film, "-o", "dance.json", "--draw", "drawn.mp4")
    assert (ended.code, ended.err) == (0, "")
    assert "dance.json (4 frames, 0.3 s; the dancer is seen in 4)" in ended.out
    found = read_skeleton(Path("dance.json"))
    assert (found.num_frames, found.fps, found.origin.file) == (4, 12, "wave.mp4")
    facts = probe_video(Path("drawn.mp4"))
    assert (facts.width, facts.height, count_frames(Path("drawn.mp4"))) == (640, 720, 4)


@needs_networks
def test_a_picture_of_two_asks_for_a_choice_and_takes_it(run: Run, networks: None) -> None:
    both = mannequin(20, 470, picture=mannequin(20, 190, RED)[0])[0]
    film = write_film(Path("two.mp4"), [both] * 2)
    first = run("pose", film, "-o", "one.json")
    assert "2 people are in sight" in first.err
    chosen = run("pose", film, "-o", "other.json", "--person", "190,300@0.1", "--json")
    assert chosen.events[-1]["kind"] == "done"
    assert chosen.events[-1]["seen"] == 2
    assert read_skeleton(Path("other.json")).body[0, Joint.NECK, 0] == pytest.approx(190, abs=15)


@needs_networks
def test_a_dance_is_fitted_to_the_person_in_a_picture(run: Run, networks: None, skeleton_file: Path) -> None:
    from PIL import Image

    Image.fromarray(mannequin(20)[0]).save("me.png")
    ended = run("pose", skeleton_file, "-o", "fitted.json", "--align", "me.png")
    assert ended.code == 0
    fitted = read_skeleton(Path("fitted.json"))
    assert (fitted.width, fitted.height) == (640, 720)
    assert fitted.body[0, Joint.NECK, 0] == pytest.approx(320, abs=12)
    assert fitted.origin.steps == ("aligned to me.png",)


def test_edits_are_made_in_order_and_remembered(run: Run, skeleton_file: Path) -> None:
    ended = run("pose", skeleton_file, "-o", "out.npz", "--mirror", "--speed", "2", "--scale", "0.5", "--to-fps", "12")
    assert ended.code == 0
    made = read_skeleton(Path("out.npz"))
    assert (made.num_frames, made.fps) == (6, 12)
    assert made.origin.steps == ("mirrored", "2 times as fast", "0.5 times as large", "12 frames a second")
    nose = mirrored(dance(24)).body[0, Joint.NOSE, 0] - mirrored(dance(24)).body[0, Joint.NECK, 0]
    assert made.body[0, Joint.NOSE, 0] - made.body[0, Joint.NECK, 0] == pytest.approx(nose / 2, abs=0.1)


def test_a_folder_of_another_program_is_converted(run: Run) -> None:
    Path("poses").mkdir()
    for number, skeleton in enumerate((dance(1), dance(2))):
        body = skeleton.body[-1, :18].ravel().tolist()
        document = {"people": [{"pose_keypoints_2d": body}]}
        Path(f"poses/a_{number:012d}_keypoints.json").write_text(json.dumps(document))
    assert run("pose", "poses", "-o", "dance.json", "--fps", "25", "--size", "600x800").code == 0
    found = read_skeleton(Path("dance.json"))
    assert (found.fps, found.width, found.height, found.num_frames) == (25, 600, 800, 2)
    assert np.allclose(found.body[1, :18], dance(2).body[1, :18], atol=0.01)


def two_people(folder: str) -> None:
    """A folder of poses: two people in two frames, the second one smaller and at the right."""
    Path(folder).mkdir()
    for number in range(2):
        one, other = dance(2).body[number, :18].copy(), dance(2).body[number, :18].copy()
        other[:, :2] = other[:, :2] * 0.5 + (500, 100)
        people = [{"pose_keypoints_2d": body.ravel().tolist()} for body in (other, one)]
        Path(f"{folder}/a_{number:012d}_keypoints.json").write_text(json.dumps({"people": people}))


def test_what_was_assumed_of_poses_is_told_and_can_be_said(run: Run) -> None:
    two_people("poses")
    neck = dance(2).body[0, Joint.NECK, :2]
    right = neck * 0.5 + (500, 100)
    first = run("pose", "poses", "-o", "one.json")
    places = f"{neck[0]:.0f},{neck[1]:.0f} and {right[0]:.0f},{right[1]:.0f}"
    taken = f"and the one at {neck[0]:.0f},{neck[1]:.0f} was taken: choose with --person X,Y@SECONDS."
    assert first.err.splitlines() == [
        f"2 people are in the poses, at {places} after 0.0 s, {taken}",
        "The poses do not say their frames a second, and 30 was assumed: say it with --fps N.",
    ]
    person = f"{right[0]:.0f},{right[1]:.0f}@0.1"
    said = run("pose", "poses", "-o", "other.json", "--fps", "25", "--person", person)
    assert (said.code, said.err) == (0, "")
    found = read_skeleton(Path("other.json"))
    assert found.fps == 25
    assert found.body[0, Joint.NECK, :2] == pytest.approx(right, abs=0.01)


def test_frames_for_a_look_are_told(run: Run) -> None:
    remarks = (Remark(RemarkKind.MISSING, 3, 9), Remark(RemarkKind.FOUND_AGAIN, 9, 10), Remark(RemarkKind.CUT, 5, 6))
    write_skeleton(Path("in.json"), dance(12).with_parts({}, remarks=remarks))
    ended = run("pose", "in.json", "-o", "out.json")
    assert "Look at these: missing at frame 3-8, found again at frame 9." in ended.out


def test_other_proportions_are_told(run: Run, skeleton_file: Path) -> None:
    body = dance(1).body.copy()
    body[:, [Joint.RIGHT_KNEE, Joint.LEFT_KNEE], 1] += 120
    body[:, [Joint.RIGHT_ANKLE, Joint.LEFT_ANKLE], 1] += 240
    write_skeleton(Path("me.json"), dance(1).with_parts({"body": body}))
    ended = run("pose", skeleton_file, "-o", "out.json", "--align", "me.json")
    fitted = "The person in the picture has much longer lower legs than the dancer: the dance was fitted to that body."
    assert fitted in ended.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["pose"], "Name a video"),
        (["pose", "in.json"], "Name a video"),
        (["pose", "in.json", "-o", "in.json"], "is there already"),
        (["pose", "nowhere.mp4", "-o", "out.json"], "There is no file"),
        (["pose", "in.json", "-o", "out.json", "--person", "here"], "is no place in a video"),
        (["pose", "in.json", "-o", "out.json", "--size", "big"], "is no size"),
        (["pose", "in.json", "-o", "out.json", "--scale", "0"], "is not such a number"),
        (["pose", "in.json", "-o", "out.json", "--speed", "100"], "between 1/16 and 16"),
        (["pose", "in.json", "-o", "out.json", "--draw", "out.gif"], "does not end in .mp4"),
        (["pose", "in.json", "-o", "no/where/out.json"], "There is no"),
        (["pose", "in.json", "-o", "out.mp4", "--draw", "out.mp4"], "neither .json nor .npz"),
        (["pose", "in.json", "-o", "out.json", "--to-fps", "0.0001"], "between 1 and 1,000"),
    ],
)
def test_wrong_words_are_one_sentence(run: Run, skeleton_file: Path, words: list[str], sentence: str) -> None:
    before = skeleton_file.read_bytes()
    ended = run(*words)
    assert ended.code in (1, 2)
    assert sentence in ended.err
    assert "Traceback" not in ended.err
    assert skeleton_file.read_bytes() == before
    assert not Path("out.json").exists()


def test_a_drawn_skeleton_is_no_dancer(run: Run, skeleton_file: Path) -> None:
    run("pose", skeleton_file, "-o", "out.json", "--draw", "drawn.mp4")
    ended = run("pose", "drawn.mp4", "-o", "again.json")
    assert ended.code == 2
    assert "is a drawn skeleton already" in ended.err


def test_without_networks_it_says_how_to_get_them(run: Run) -> None:
    film = write_film(Path("wave.mp4"), [mannequin(20)[0]])
    ended = run("pose", film, "-o", "dance.json", "--finder", "blaze")
    assert ended.code == 2
    assert "pose --set-up" in ended.err or "ai-edge-litert" in ended.err


def test_set_up_says_where_they_are_or_why_not(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svi_studio.cli.pose.set_up_networks", lambda check: Path("/there"))
    assert run("pose", "--set-up").out == "The networks that find skeletons are in /there.\n"
    assert run("pose", "--set-up", "--quiet").out == ""

    def fail(check: object) -> Path:
        raise SetUpFailed("The pose networks could not be fetched: try again.")

    monkeypatch.setattr("svi_studio.cli.pose.set_up_networks", fail)
    ended = run("pose", "--set-up")
    assert (ended.code, ended.err) == (1, "The pose networks could not be fetched: try again.\n")


def test_a_skeleton_can_be_replaced_when_asked_for(run: Run, skeleton_file: Path) -> None:
    assert run("pose", skeleton_file, "-o", "out.json").code == 0
    assert run("pose", skeleton_file, "-o", "out.json", "--mirror", "-y").code == 0
    made: Skeleton = read_skeleton(Path("out.json"))
    assert made.origin.steps == ("mirrored",)
