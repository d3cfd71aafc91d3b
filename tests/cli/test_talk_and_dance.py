"""Talk and Dance from the command line: a storyboard with tracks becomes a film, and what is wrong is said before."""

import json
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.media.formats import H264
from svi_studio.media.poses.skeleton_file import write_skeleton
from svi_studio.media.video_reader import count_frames, stream_frames
from svi_studio.media.video_writer import open_writer
from tests.builders.tiny_models import add_inputs, build_tiny_model
from tests.cli.conftest import Run, write_storyboard

FPS = 8  # of the tiny model


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("following")
    add_inputs(build_tiny_model(folder / "tiny-random"))
    build_tiny_model(folder / "deaf", card={"name": "deaf"})
    return folder


def write_sound(path: Path, seconds: float, rate: int = 16_000, channels: int = 1) -> Path:
    """A tone that swells, in 16 bits."""
    time = np.arange(int(seconds * rate)) / rate
    tone = 0.5 * np.sin(2 * np.pi * 220 * time) * (0.2 + 0.8 * np.abs(np.sin(np.pi * time)))
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        file.writeframes(np.repeat((tone * 32_767).astype("<i2"), channels).tobytes())
    return path


def write_dance(path: Path, frames: int, fps: int = FPS) -> Path:
    """Somebody whose right hand rises."""
    body = np.zeros((frames, 20, 3), np.float32)
    body[:, :8] = [
        (30, 10, 1),
        (30, 20, 1),
        (24, 20, 1),
        (20, 30, 1),
        (18, 40, 1),
        (36, 20, 1),
        (40, 30, 1),
        (42, 40, 1),
    ]
    body[:, 4, 1] -= np.arange(frames)
    write_skeleton(path, Skeleton.of_body(fps, 60, 80, body))
    return path


def write_broken_dance(path: Path) -> Path:
    """A skeleton file with a joint that is nowhere."""
    write_dance(path, 40)
    path.write_text(path.read_text(encoding="utf-8").replace("30", "NaN", 1), encoding="utf-8")
    return path


def write_video(path: Path) -> Path:
    """A plain video: a colour that changes."""
    frames = np.broadcast_to(np.arange(20, 180, 10, dtype=np.uint8)[:, None, None, None], (16, 48, 64, 3))
    with open_writer(path, width=64, height=48, fps=8.0, metadata={}, film_format=H264) as video:
        video.write(np.ascontiguousarray(frames))
    return path


def film_of(family: str, track: dict[str, Any], clips: int, **changes: Any) -> Path:
    """A storyboard of so many clips."""
    cards = [{"id": f"c{number}", "prompt": "it moves"} for number in range(1, clips + 1)]
    path = write_storyboard(Path("story.json"), schema_version=5, family=family, tracks=[track])
    board = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(board | {"clips": cards} | changes), encoding="utf-8")
    return path


def talk(file: str = "voice.wav", clips: int = 2, **changes: Any) -> Path:
    return film_of("talk", {"kind": "sound", "pieces": [{"file": file, "start": 0, "length": 40}]}, clips, **changes)


def dance(file: str = "dance.json", clips: int = 2, **changes: Any) -> Path:
    pieces = [{"file": file, "start": 0, "length": 40}]
    return film_of("dance", {"kind": "skeleton", "pieces": pieces}, clips, **changes)


def reused(run: Run, storyboard: Path) -> list[int]:
    """Indexes of the clips that a render did not make anew."""
    ended = run("render", storyboard, "-o", "film.mp4", "--overwrite", "--json")
    assert ended.code == 0, ended.err
    return [event["index"] for event in ended.events if event["kind"] == "clip_reused"]


@pytest.mark.parametrize("family", ["talk", "dance"])
def test_a_storyboard_with_a_track_becomes_a_film(run: Run, family: str) -> None:
    write_sound(Path("voice.wav"), 3)
    write_dance(Path("dance.json"), 40)
    storyboard = talk() if family == "talk" else dance()
    ended = run("render", storyboard, "-o", "film.mp4")
    assert ended.code == 0, ended.err
    assert count_frames(Path("film.mp4")) == 17  # two clips of nine frames that share one


def frames_of(film: str) -> np.ndarray:
    return np.concatenate(list(stream_frames(Path(film)))).astype(np.int64)


def test_another_sound_makes_other_pictures(run: Run) -> None:
    write_sound(Path("voice.wav"), 3)
    write_sound(Path("deep.wav"), 3, rate=8_000)
    for name in ("voice", "deep"):
        assert run("render", talk(f"{name}.wav"), "-o", f"{name}.mp4").code == 0
    assert np.abs(frames_of("voice.mp4") - frames_of("deep.mp4")).max() > 0


def test_moving_a_later_piece_makes_only_later_clips_anew(run: Run) -> None:
    write_sound(Path("voice.wav"), 9)

    def board(second: int, gain: float = 1.0, **more: Any) -> Path:
        pieces = [
            {"file": "voice.wav", "start": 0, "length": 12, "gain": gain},
            {"file": "voice.wav", "start": second, "length": 12, "offset": 30},
        ]
        return talk(clips=4, tracks=[{"kind": "sound", "pieces": pieces, **more}])

    assert run("render", board(24), "-o", "film.mp4").code == 0
    assert reused(run, board(24)) == [0, 1, 2, 3]
    assert reused(run, board(24, gain=0.5, muted=True)) == [0, 1, 2, 3]
    assert reused(run, board(28)) == [0, 1]


@pytest.mark.slow
def test_the_film_of_the_authors_count_is_longer_and_other_takes(run: Run) -> None:
    write_sound(Path("voice.wav"), 5)
    assert run("render", talk(clips=3), "-o", "film.mp4").code == 0
    assert count_frames(Path("film.mp4")) == 25
    assert reused(run, talk(clips=3, advance="authors")) == [0, 1], "the lag grows by a frame with each join"
    assert count_frames(Path("film.mp4")) == 27


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda: talk("gone.wav"), "gone.wav"),
        (lambda: (Path("voice.wav").write_text("no sound"), talk())[1], "no video or sound"),
        (lambda: talk(tracks=[]), "Clip 1 has no sound under it"),
        (lambda: talk(model="deaf"), "Talk needs a model that follows a sound, and 'deaf' follows none"),
        (lambda: dance(tracks=[]), "Clip 1 has no skeleton under it"),
        (lambda: (write_dance(Path("dance.json"), 7), dance())[1], "has 7 frames"),
        (lambda: (Path("dance.json").write_text("{}"), dance())[1], "dance.json"),
        (lambda: (write_broken_dance(Path("dance.json")), dance())[1], "dance.json"),
        (lambda: (write_sound(Path("dance.wav"), 1), dance("dance.wav"))[1], "is a sound without a picture"),
        (lambda: (write_video(Path("dance.mp4")), dance("dance.mp4"))[1], "a video of no drawn skeleton"),
    ],
    ids=[
        "gone",
        "text",
        "no track",
        "deaf",
        "no skeleton",
        "short",
        "empty json",
        "no numbers",
        "sound as skeleton",
        "plain video",
    ],
)
def test_what_cannot_be_followed_is_said_before_the_render(
    run: Run, prepare: Callable[[], Path], sentence: str
) -> None:
    ended = run("render", prepare(), "-o", "film.mp4")
    assert ended.code != 0
    assert sentence in ended.err
    assert "Traceback" not in ended.err
    assert not Path("film.mp4").exists()


@pytest.mark.parametrize(
    ("seconds", "rate", "channels"),
    [(0.5, 16_000, 1), (3, 8_000, 1), (3, 48_000, 8)],
    ids=["short", "8 kHz", "8 channels"],
)
def test_every_sound_is_followed(run: Run, seconds: float, rate: int, channels: int) -> None:
    write_sound(Path("voice.wav"), seconds, rate, channels)
    assert run("render", talk(clips=1), "-o", "film.mp4").code == 0


def test_a_silent_sound_is_followed(run: Run) -> None:
    with wave.open("voice.wav", "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(64_000))
    assert run("render", talk(clips=1), "-o", "film.mp4").code == 0


def test_a_model_that_lacks_what_it_promises_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sound(Path("voice.wav"), 3)
    own = Path("own").resolve()
    build_tiny_model(own / "tiny-random", card={"inputs": ["sound"]})
    monkeypatch.setenv("SVI_MODELS", str(own))
    ended = run("render", talk(), "-o", "film.mp4")
    assert ended.code != 0
    assert 'lacks "sound.safetensors"' in ended.err


@pytest.mark.slow
def test_what_a_model_has_for_other_families_changes_no_take(
    run: Run, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Path("own").resolve()
    build_tiny_model(own / "tiny-random")
    monkeypatch.setenv("SVI_MODELS", str(own))
    storyboard = write_storyboard(Path("film.json"))
    assert run("render", storyboard, "-o", "film.mp4").code == 0
    add_inputs(own / "tiny-random")
    assert reused(run, storyboard) == [0, 1, 2]
    assert json.loads((own / "tiny-random" / "svi_model.json").read_text())["inputs"]
