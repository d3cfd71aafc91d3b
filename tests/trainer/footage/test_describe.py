"""A model writes the captions that are missing, and only those; what fails costs one clip and one sentence."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from svi_studio.domain.errors import BadInput, BadWeights, StudioError
from svi_studio.domain.training.events import PreparationStage, Preparing, TrainingEvent
from svi_studio.domain.training.footage import Footage, with_caption, with_choice
from svi_studio.media.footage_file import read_footage, write_footage
from svi_studio.storyline.chat import ChatModel, Message
from tests.builders.videos import scene, write_video
from tests.storyline.fake_server import Asked, FakeServer, Sent
from trainer.footage.captions.caption_writer import caption_writer
from trainer.footage.captions.describe import describe
from trainer.footage.scan import scan
from trainer.footage.videos.shape import Shape

SHAPE = Shape(num_frames=17, fps=16.0, width=48, height=32)


class Writer:
    """Answers as told, the last answer again and again, and keeps what it was shown."""

    name, sees_pictures = "Scripted", True

    def __init__(self, *answers: str | StudioError) -> None:
        self.answers = list(answers)
        self.shown: list[list[tuple[int, int]]] = []

    def stream(self, messages: Sequence[Message], **_: Any) -> Iterator[str]:
        self.shown.append([Image.open(path).size for path in messages[-1].images])
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, StudioError):
            raise answer
        yield answer


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Footage]:
    folder, run = tmp_path_factory.mktemp("videos"), tmp_path_factory.mktemp("run")
    for number, name in enumerate("abcdef"):
        write_video(folder / f"{name}.mp4", scene(number, 20))
    (folder / "a.txt").write_text("a disc flies", encoding="utf-8")
    return run, scan(folder, SHAPE, run, lambda _: None)


@pytest.fixture
def run(scanned: tuple[Path, Footage], tmp_path: Path) -> Path:
    """A training with six clips of a video each; the first has a caption."""
    write_footage(tmp_path, scanned[1])
    return tmp_path


def described(run: Path, writer: ChatModel, tell: Callable[[TrainingEvent], object] = lambda _: None) -> Footage:
    footage = describe(read_footage(run), run, writer, "English", tell)
    assert read_footage(run) == footage
    return footage


def captions(footage: Footage) -> list[str]:
    return [clip.caption for clip in footage.clips]


def test_clips_without_a_caption_get_one_and_the_others_keep_theirs(run: Path) -> None:
    footage = described(run, Writer("A disc rolls."))
    assert captions(footage) == ["a disc flies", *["A disc rolls."] * 5]
    assert [clip.caption_from for clip in footage.clips] == ["sidecar", *["model"] * 5]
    assert footage.problems == ()


def test_the_model_is_shown_frames_of_the_clip_as_the_training_sees_them(run: Path) -> None:
    writer = Writer("A disc rolls.")
    described(run, writer)
    assert writer.shown == [[(48, 32)] * 6] * 5


def test_how_far_it_is_is_told(run: Path) -> None:
    told: list[TrainingEvent] = []
    described(run, Writer("A disc rolls."), told.append)
    assert told[1] == Preparing(PreparationStage.CAPTIONS, 1, 5, "c.mp4")


def test_a_clip_that_is_left_out_is_not_shown(run: Path) -> None:
    footage = read_footage(run)
    write_footage(run, with_choice(footage, [footage.clips[2].id], False))
    assert captions(described(run, Writer("A disc rolls.")))[2] == ""


def test_a_failure_leaves_its_clip_without_a_caption_and_says_why_once(run: Path) -> None:
    footage = described(run, Writer("One.", BadInput("The model hiccuped."), "Two."))
    assert captions(footage) == ["a disc flies", "One.", "", "Two.", "Two.", "Two."]
    assert footage.problems[0] == "c.mp4 has no caption: The model hiccuped."
    assert "1 clip has no caption" in footage.problems[1]


def test_a_writer_that_only_fails_is_not_asked_for_ever(run: Path) -> None:
    writer = Writer(BadInput("The server is down."))
    footage = described(run, writer)
    assert len(writer.shown) == 3
    assert "do it again when this is mended" in footage.problems[3]


def test_a_model_that_cannot_be_loaded_ends_it_at_once(run: Path) -> None:
    writer = Writer(BadWeights("There is no model in q."))
    with pytest.raises(BadWeights):
        described(run, writer)
    assert len(writer.shown) == 1


def test_the_next_time_goes_on_where_this_one_ended(run: Path) -> None:
    described(run, Writer("One.", "Two.", BadInput("Down.")))
    writer = Writer("Later.")
    footage = described(run, writer)
    assert captions(footage) == ["a disc flies", "One.", "Two.", "Later.", "Later.", "Later."]
    assert len(writer.shown) == 3


def test_every_caption_is_on_the_disk_before_the_next_is_asked_for(run: Path) -> None:
    seen: list[int] = []
    described(run, Writer("A disc."), lambda _: seen.append(sum(bool(text) for text in captions(read_footage(run)))))
    assert seen == [1, 2, 3, 4, 5]


def test_a_video_that_is_gone_costs_its_clip_only(scanned: tuple[Path, Footage], run: Path, tmp_path: Path) -> None:
    moved = tmp_path / "videos"
    moved.mkdir()
    for video in Path(scanned[1].folder).glob("[a-e].mp4"):
        (moved / video.name).symlink_to(video)
    write_footage(run, scanned[1].model_copy(update={"folder": str(moved)}))
    footage = described(run, Writer("A disc."))
    assert [bool(text) for text in captions(footage)] == [True] * 5 + [False]


def test_captions_of_a_model_stay_over_another_scan_unless_a_person_says_otherwise(
    scanned: tuple[Path, Footage], run: Path
) -> None:
    footage = described(run, Writer("A disc."))
    write_footage(run, with_caption(footage, [footage.clips[1].id], "a wheel"))
    again = scan(Path(footage.folder), SHAPE, run, lambda _: None)
    assert captions(again)[:3] == ["a disc flies", "a wheel", "A disc."]


def test_a_server_writes_captions(run: Path) -> None:
    def answer(_: Asked) -> Sent:
        content = b'{"choices":[{"message":{"role":"assistant","content":"A disc rolls."}}]}'
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        yield b"Content-Length: %d\r\n\r\n" % len(content) + content

    with FakeServer(answer) as server:
        footage = described(run, caption_writer(["server", f"{server.url}/v1", "llava"]))
    assert captions(footage)[1] == "A disc rolls."
    assert (server.asked[0].body["model"], len(server.asked[0].pictures)) == ("llava", 6)


@pytest.mark.parametrize("words", [["server", "http://localhost:1"], ["local"], ["nobody", "x"], ["local", "a", "b"]])
def test_a_writer_that_is_none_is_refused_with_one_sentence(words: list[str]) -> None:
    with pytest.raises(BadInput, match=r"say server URL MODEL, or local FOLDER"):
        caption_writer(words)


def test_a_model_in_a_folder_is_named_after_it(tmp_path: Path) -> None:
    assert caption_writer(["local", str(tmp_path / "Qwen2.5-VL-7B-Instruct")]).name == "Qwen2.5-VL-7B-Instruct"
