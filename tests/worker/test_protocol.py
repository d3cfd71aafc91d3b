"""Every message comes out of the pipe as it went in; what is no message is refused."""

from pathlib import Path

import pytest

from svi_studio.domain.events import ClipDone, PreviewReady, RenderFailed, RenderStarted, StepDone
from svi_studio.domain.render_request import RenderRequest
from svi_studio.domain.story_answer import AnswerEnd, Precision
from svi_studio.domain.storyboard import Clip, Storyboard
from svi_studio.pipes.packets import pack
from svi_studio.worker.protocol import (
    Alive,
    Cancelled,
    Failed,
    Finished,
    Hello,
    Loading,
    LoadingStep,
    MessageReader,
    PacketError,
    Pause,
    Paused,
    Ping,
    Render,
    RenderMessage,
    Resume,
    Shutdown,
    SkipClip,
    Skipped,
    Stop,
    encode,
    messages_of_worker,
)
from svi_studio.worker.story_messages import (
    AnswerDone,
    AnswerFailed,
    AnswerPiece,
    Ask,
    ForgetModel,
    ModelLoading,
    StopAnswer,
    Turn,
)

STORYBOARD = Storyboard(
    title="שלום 🎬", clips=(Clip(id="c1", prompt="\u202egnipeels a cat\n"), Clip(id="c2", cut=True))
)
REQUEST = RenderRequest(id="r1", storyboard=STORYBOARD, first=0, last=1, quality="draft")

TURNS = (Turn("system", "You write."), Turn("user", "שלום 🎬", (Path("a.png"), Path("b.webp"))))

MESSAGES = [
    Render(REQUEST, Path("some folder/Film.svi"), "cuda:1", skipped=(1,), paused=True),
    Pause(),
    Resume(),
    SkipClip(3),
    Stop(after_clip=True),
    Shutdown(),
    Ping(),
    Hello(7, "processor", {"torch": "2.10"}),
    Alive(),
    Loading(LoadingStep.MODEL, "svi-mini"),
    RenderMessage("r1", RenderStarted(3, 2, 1)),
    RenderMessage("r1", StepDone(0, 1, 4)),
    RenderMessage("r1", StepDone(0, 2, 4, 1.5)),
    RenderMessage("r1", PreviewReady(0, 2, b"\xff\xd8 not really \x00")),
    RenderMessage("r1", ClipDone(0, "a" * 64, 2.0)),
    RenderMessage("r1", RenderFailed("The disk is full.", 1)),
    Skipped("r1", (1, 2)),
    Paused("r1"),
    Finished("r1"),
    Cancelled("r1"),
    Failed("r1", "The picture is gone."),
    Ask("q1", Path("Qwen2.5-VL-3B-Instruct"), TURNS, 900, seed=7, device="cpu", precision=Precision.FOUR_BIT),
    StopAnswer("q1"),
    ForgetModel(),
    ModelLoading("q1", "Qwen2.5-VL-3B-Instruct"),
    AnswerPiece("q1", " a 🎬\n"),
    AnswerDone("q1", AnswerEnd.TOO_LONG),
    AnswerFailed("q1", "The model does not fit."),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_comes_out_as_it_went_in(message: object) -> None:
    assert list(MessageReader().feed(encode(message))) == [message]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b'{"kind": "unknown"}',
        b'{"kind": "skip_clip", "index": "3"}',
        b'{"kind": "event", "request_id": "r", "event": {"kind": "step_done"}}',
        b'{"kind": "finished"}',
        b'{"kind": "ask", "id": "q", "model": "m", "turns": [], "max_tokens": 5}',
        b'{"kind": "ask", "id": "q", "model": "m", "turns": [{"role": "user", "text": ""}], "max_tokens": 99999999}',
        b'{"kind": "ask", "id": "q", "model": "m", "turns": [{"role": "tool", "text": ""}], "max_tokens": 5}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_message_is_refused(text: bytes) -> None:
    with pytest.raises(PacketError):
        list(MessageReader().feed(pack(text)))


def test_a_worker_that_says_too_much_at_once_is_refused() -> None:
    with pytest.raises(PacketError):
        list(messages_of_worker().feed(encode(Failed("r1", "x" * (2 << 20)))))


def test_the_largest_storyboard_fits_into_a_message() -> None:
    clips = tuple(Clip(id=f"c{number}", prompt="word " * 100) for number in range(20_000))
    request = RenderRequest(id="r1", storyboard=Storyboard(clips=clips), first=0, last=19_999)
    assert list(MessageReader().feed(encode(Render(request, Path("Film.svi"))))) == [Render(request, Path("Film.svi"))]
