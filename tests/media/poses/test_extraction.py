"""The process that finds skeletons, from outside: its answer, its faults, its end."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.domain.poses.click import Click
from svi_studio.domain.poses.joints import Joint
from svi_studio.media.poses.extraction import PoseExtractor, Step
from svi_studio.media.poses.networks.network_files import networks_missing
from svi_studio.media.poses.skeleton_file import skeleton_bytes
from tests.builders.mannequin import mannequin, write_film
from tests.builders.skeletons import dance
from tests.builders.videos import counted, write_video

needs_networks = pytest.mark.skipif(bool(networks_missing()), reason=networks_missing() or "they are here")


def scripted(code: str) -> tuple[str, ...]:
    """A process that runs ``code`` for each order, with ``order`` and ``say``."""
    lines = [
        "import json, sys, time, os",
        "def say(**answer): print(json.dumps(answer), flush=True)",
        "for line in sys.stdin:",
        "    order = json.loads(line)",
        *(f"    {line}" for line in code.splitlines()),
    ]
    return (sys.executable, "-c", "\n".join(lines))


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "dance.mp4", counted(3))


def test_what_the_process_wrote_is_read_and_progress_arrives_here(video: Path, tmp_path: Path) -> None:
    done = tmp_path / "done.npz"
    done.write_bytes(skeleton_bytes(dance(5), npz=True))
    body = json.dumps(dance(1).body[0].tolist())
    command = scripted(
        "import shutil\n"
        f"say(done=False, step=[2, 5], body={body})\n"
        "time.sleep(0.3)\n"
        f"shutil.copy({str(done)!r}, order['into'])\n"
        "say(done=True, people=3, broken='It breaks off.', clicks=order['clicks'])"
    )
    steps: list[Step] = []
    with PoseExtractor(command=command) as extractor:
        found = extractor.extract(video, [Click(4, 5, 6)], steps.append)
    assert (found.people, found.broken) == (3, "It breaks off.")
    assert np.array_equal(found.skeleton.body, dance(5).body)
    assert found.skeleton.origin.file == "dance.mp4"
    assert len(found.skeleton.origin.sha256) == 64
    assert [(step.done, step.total) for step in steps] == [(2, 5)]
    assert steps[0].body is not None
    assert steps[0].body.shape == (20, 3)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("os._exit(3)", "stops the search"),
        ("print('nonsense', flush=True)", "stops the search"),
        ("say(done=False, step=[1])", "stops the search"),
        ("say(done=True, fault='Nobody was found.')", "Nobody was found."),
        ("say(done=True, people=1)", "There is no file"),
        ("open(order['into'], 'w').write('{}')\nsay(done=True)", "not a skeleton"),
    ],
)
def test_a_process_that_fails_is_one_sentence(video: Path, code: str, words: str) -> None:
    with PoseExtractor(command=scripted(code)) as extractor, pytest.raises(BadInput) as caught:
        extractor.extract(video)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_process_that_says_nothing_is_given_up(video: Path) -> None:
    silent = scripted("time.sleep(600)")
    with PoseExtractor(command=silent, patience=0.2) as extractor, pytest.raises(BadInput, match="stops the search"):
        extractor.extract(video)


def test_after_a_failure_the_next_order_gets_a_new_process(video: Path, tmp_path: Path) -> None:
    marker = tmp_path / "tried"
    first = f"if not os.path.exists({str(marker)!r}):\n    open({str(marker)!r}, 'w')\n    os._exit(1)\n"
    code = f"{first}say(done=True, fault='Second.')"
    with PoseExtractor(command=scripted(code)) as extractor:
        for words in ("stops the search", "Second."):
            with pytest.raises(BadInput, match=words):
                extractor.extract(video)


def test_stopping_ends_the_process_at_once(video: Path) -> None:
    def stop() -> None:
        raise Stopped("Stopped.")

    began = time.monotonic()
    with PoseExtractor(command=scripted("time.sleep(600)")) as extractor, pytest.raises(Stopped):
        extractor.extract(video, check=stop)
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    ("content", "words"), [(b"#EXTM3U\nfile.ts", "playlist"), (b"hello", "use an MP4"), (b"", "use an MP4")]
)
def test_what_is_no_video_never_reaches_the_process(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "film.mp4").write_bytes(content)
    with PoseExtractor(command=("/nonexistent",)) as extractor, pytest.raises(BadInput, match=words):
        extractor.extract(tmp_path / "film.mp4")


def test_people_in_a_frame_come_with_the_picture(video: Path) -> None:
    code = (
        "open(order['into'], 'wb').write(bytes(range(24)))\n"
        "say(done=True, width=400, height=200, shown=[4, 2], boxes=[[1, 2, 3, 4, 0.5]])"
    )
    with PoseExtractor(command=scripted(code)) as extractor:
        found = extractor.people_at(video, 1.0)
    assert found.picture.shape == (2, 4, 3)
    assert (found.width, found.height, found.boxes) == (400, 200, ((1, 2, 3, 4, 0.5),))


def test_a_picture_of_another_size_than_said_is_refused(video: Path) -> None:
    code = "open(order['into'], 'wb').write(b'123')\nsay(done=True, width=4, height=2, shown=[4, 2], boxes=[])"
    with PoseExtractor(command=scripted(code)) as extractor, pytest.raises(BadInput, match="stops the search"):
        extractor.people_at(video, 1.0)


@needs_networks
def test_the_real_process_finds_a_drawn_dancer(tmp_path: Path) -> None:
    film = write_film(tmp_path / "wave.mp4", (mannequin(20 + number * 15)[0] for number in range(4)))
    with PoseExtractor("blaze") as extractor:
        found = extractor.extract(film)
        people = extractor.people_at(film, 0.1)
        one = extractor.in_picture(mannequin(20)[0], "me.png", (320, 300))
        broken = tmp_path / "cut.mp4"
        broken.write_bytes(film.read_bytes()[:700])
        with pytest.raises(BadInput, match="damaged"):
            extractor.extract(broken)
    assert found.skeleton.has_person.all()
    assert people.picture.shape == (720, 640, 3)
    assert len(people.boxes) == 1
    assert one.body[0, Joint.NECK, 0] == pytest.approx(320, abs=12)
    assert one.origin.file == "me.png"
