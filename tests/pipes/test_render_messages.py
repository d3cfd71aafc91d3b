"""Every message comes out of the pipe as it went in; what is no message is refused."""

import json
import os
from pathlib import Path
from typing import get_args

import pytest

from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.events import (
    ClipDone,
    MemoryPlanned,
    PreviewReady,
    RenderFailed,
    RenderStarted,
    StepDone,
)
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.story.answer import AnswerEnd, Precision
from svi_studio.pipes.packets import PacketError, PacketReader, pack
from svi_studio.pipes.render_messages import (
    REQUESTS,
    WORKER_MESSAGES,
    Alive,
    Cancelled,
    Failed,
    Finished,
    Hello,
    Loading,
    LoadingStep,
    Pause,
    Paused,
    Ping,
    Render,
    RenderMessage,
    Request,
    Resume,
    Shutdown,
    SkipClip,
    Skipped,
    Stop,
    WorkerMessage,
)
from svi_studio.pipes.story_messages import (
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

NO_TEXT = Path(os.fsdecode(b"/films/caf\xe9\xff.svi"))

ASKED: list[Request] = [
    Render(REQUEST, NO_TEXT),
    Ask("q2", NO_TEXT, (Turn("user", "Who is it?", (NO_TEXT / "a.png",)),), 900),
    Render(REQUEST, Path("some folder/Film.svi"), "cuda:1", skipped=(1,), paused=True),
    Pause(),
    Resume(),
    SkipClip(3),
    Stop(after_clip=True),
    Shutdown(),
    Ping(),
    Ask("q1", Path("Qwen2.5-VL-3B-Instruct"), TURNS, 900, seed=7, device="cpu", precision=Precision.FOUR_BIT),
    StopAnswer("q1"),
    ForgetModel(),
]

SAID: list[WorkerMessage] = [
    Hello(7, "processor", {"torch": "2.10"}),
    Alive(),
    Loading(LoadingStep.MODEL, "svi-mini"),
    RenderMessage("r1", RenderStarted(3, 2, 1)),
    RenderMessage("r1", StepDone(0, 1, 4)),
    RenderMessage("r1", StepDone(0, 2, 4, 1.5)),
    RenderMessage("r1", PreviewReady(0, 2, b"\xff\xd8 not really \x00")),
    RenderMessage("r1", ClipDone(0, "a" * 64, 2.0)),
    RenderMessage("r1", MemoryPlanned(MemoryPlan(resident_blocks=12), "Memory ran out.", smaller=True, index=1)),
    RenderMessage("r1", RenderFailed("The disk is full.", 1)),
    Skipped("r1", (1, 2)),
    Paused("r1"),
    Finished("r1"),
    Cancelled("r1"),
    Failed("r1", "The picture is gone."),
    ModelLoading("q1", "Qwen2.5-VL-3B-Instruct"),
    AnswerPiece("q1", " a 🎬\n"),
    AnswerDone("q1", AnswerEnd.TOO_LONG),
    AnswerFailed("q1", "The model does not fit."),
]


@pytest.mark.parametrize("request_", ASKED, ids=lambda each: each.kind)
def test_a_request_comes_out_as_it_went_in(request_: Request) -> None:
    assert list(REQUESTS.reader().feed(REQUESTS.encode(request_))) == [request_]


@pytest.mark.parametrize("message", SAID, ids=lambda each: each.kind)
def test_a_message_comes_out_as_it_went_in(message: WorkerMessage) -> None:
    assert list(WORKER_MESSAGES.reader().feed(WORKER_MESSAGES.encode(message))) == [message]


def test_every_kind_is_tried() -> None:
    assert {type(each) for each in ASKED} == set(get_args(Request))
    assert {type(each) for each in SAID} == set(get_args(WorkerMessage))


def test_a_preview_travels_behind_its_text() -> None:
    [packet] = PacketReader().feed(WORKER_MESSAGES.encode(RenderMessage("r1", PreviewReady(0, 2, b"\xff\xd8"))))
    assert packet.data == b"\xff\xd8"
    assert json.loads(packet.text) == {
        "kind": "event",
        "request_id": "r1",
        "event": {"kind": "preview_ready", "index": 0, "step": 2},
    }


def test_nobody_says_what_the_other_side_says() -> None:
    with pytest.raises(PacketError):
        list(REQUESTS.reader().feed(WORKER_MESSAGES.encode(Alive())))
    with pytest.raises(PacketError):
        list(WORKER_MESSAGES.reader().feed(REQUESTS.encode(Pause())))


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
    for messages in (REQUESTS, WORKER_MESSAGES):
        with pytest.raises(PacketError):
            list(messages.reader().feed(pack(text)))


def test_a_worker_that_says_too_much_at_once_is_refused() -> None:
    with pytest.raises(PacketError):
        list(WORKER_MESSAGES.reader().feed(WORKER_MESSAGES.encode(AnswerPiece("q1", "x" * (2 << 20)))))


def test_the_largest_storyboard_fits_into_a_message() -> None:
    clips = tuple(Clip(id=f"c{number}", prompt="word " * 100) for number in range(20_000))
    request = RenderRequest(id="r1", storyboard=Storyboard(clips=clips), first=0, last=19_999)
    film = Render(request, Path("Film.svi"))
    assert list(REQUESTS.reader().feed(REQUESTS.encode(film))) == [film]
