"""The real worker with the bundled model, at the other end of two pipes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from svi_studio.domain.editing.edits import change_clip, change_film
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.events import ClipDone, ClipReused, ClipStarted, PreviewReady, RenderStarted, StepDone
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.takes.take_files import LATENTS
from svi_studio.pipes.render_messages import (
    Cancelled,
    Failed,
    Finished,
    Loading,
    LoadingStep,
    Pause,
    Paused,
    Render,
    RenderMessage,
    Resume,
    SkipClip,
    Skipped,
    Stop,
)
from svi_studio.project.takes.take_store import TakeStore
from tests.worker.piped_worker import PipedWorker, example_project

Project = tuple[Path, Storyboard]


@pytest.fixture(scope="module")
def worker() -> Iterator[PipedWorker]:
    """One process for all tests here, because it takes seconds to start."""
    worker = PipedWorker()
    yield worker
    assert worker.close() == 0, "it ends by itself when its window is gone"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return example_project(tmp_path)


def render(project: Project, first: int = 0, last: int = 0, **options: Any) -> Render:
    quality = options.pop("quality", "final")
    request = RenderRequest(id="r1", storyboard=project[1], first=first, last=last, quality=quality)
    return Render(request, project[0], "cpu", **options)


def events(messages: list[Any], kind: type) -> list[Any]:
    return [each.event for each in messages if isinstance(each, RenderMessage) and isinstance(each.event, kind)]


def test_a_film_comes_with_its_steps_pictures_and_takes(worker: PipedWorker, project: Project) -> None:
    worker.send(render(project, last=1))
    heard = worker.until_over()
    assert heard[-1] == Finished("r1")
    assert [(event.index, event.step) for event in events(heard, StepDone)] == [(0, 1), (0, 2), (1, 1), (1, 2)]
    assert all(event.jpeg.startswith(b"\xff\xd8") for event in events(heard, PreviewReady))
    assert {event.total for event in events(heard, ClipStarted)} == {10}
    store = TakeStore(project[0] / "takes")
    assert [store.load(event.take_hash).take_hash for event in events(heard, ClipDone)]


def test_the_next_film_finds_the_model_loaded(worker: PipedWorker, project: Project) -> None:
    worker.send(render(project))
    worker.until_over()
    worker.send(render((project[0], change_film(project[1], seed=5))))
    heard = worker.until_over()
    assert len(events(heard, ClipDone)) == 1
    assert [message.step for message in heard if isinstance(message, Loading)] == [LoadingStep.FILM]


def test_takes_that_exist_are_not_made_again(worker: PipedWorker, project: Project) -> None:
    worker.send(render(project))
    worker.until_over()
    worker.send(render(project))
    heard = worker.until_over()
    assert events(heard, RenderStarted) == [RenderStarted(total=1, to_render=0, reused=1)]
    assert len(events(heard, ClipReused)) == 1


def test_a_damaged_take_is_not_gone_on_from_but_made_again(worker: PipedWorker, project: Project) -> None:
    worker.send(render(project))
    (made,) = events(worker.until_over(), ClipDone)
    latents = project[0] / "takes" / made.take_hash / LATENTS
    sound = latents.read_bytes()
    latents.write_bytes(bytes(len(sound)))
    worker.send(render(project, first=1, last=1))
    heard = worker.until_over()
    assert heard[-1] == Finished("r1")
    assert [event.index for event in events(heard, ClipDone)] == [0, 1]
    assert latents.read_bytes() == sound


def test_a_draft_is_quicker_and_a_take_of_its_own(worker: PipedWorker, project: Project) -> None:
    project = project[0], change_film(project[1], num_inference_steps=9)
    worker.send(render(project, quality="draft"))
    assert {event.steps for event in events(worker.until_over(), StepDone)} == {8}
    worker.send(render(project))
    assert len(events(worker.until_over(), ClipDone)) == 1


def test_only_the_clips_that_are_needed_must_be_fit_to_render(worker: PipedWorker, project: Project) -> None:
    folder, film = project
    worker.send(render((folder, change_clip(film, "c3", prompt=""))))
    assert worker.until_over()[-1] == Finished("r1")


def test_a_clip_given_up_takes_its_chain_along_and_the_film_goes_on_behind_the_cut(
    worker: PipedWorker, project: Project
) -> None:
    folder, film = project
    worker.send(render((folder, change_clip(film, "c3", cut=True)), last=2, paused=True))
    worker.until(lambda message: isinstance(message, Paused))
    worker.send(SkipClip(0))
    heard = worker.until_over()
    assert [message.clips for message in heard if isinstance(message, Skipped)] == [(0, 1)]
    assert [event.index for event in events(heard, ClipDone)] == [2]
    assert heard[-1] == Finished("r1")


def test_a_pause_waits_at_a_step_and_a_stop_ends_it(worker: PipedWorker, project: Project) -> None:
    worker.send(render(project))
    worker.send(Pause())
    worker.until(lambda message: isinstance(message, Paused))
    worker.send(Stop())
    heard = worker.until_over()
    assert heard[-1] == Cancelled("r1")
    assert events(heard, ClipDone) == []


def test_a_pause_ends_and_the_film_goes_on(worker: PipedWorker, project: Project) -> None:
    worker.send(render(project, paused=True))
    worker.until(lambda message: isinstance(message, Paused))
    worker.send(Resume())
    assert worker.until_over()[-1] == Finished("r1")


def test_a_stop_after_the_clip_finishes_it(worker: PipedWorker, project: Project) -> None:
    worker.send(render(project, last=1))
    worker.until(lambda message: isinstance(message, RenderMessage) and isinstance(message.event, StepDone))
    worker.send(Stop(after_clip=True))
    heard = worker.until_over()
    assert [event.index for event in events(heard, ClipDone)] == [0]
    assert heard[-1] == Cancelled("r1")


def test_a_film_that_cannot_be_rendered_says_why(worker: PipedWorker, project: Project) -> None:
    worker.send(render((project[0], change_film(project[1], model="no-such-model"))))
    end = worker.until_over()[-1]
    assert isinstance(end, Failed)
    assert 'There is no model called "no-such-model"' in end.sentence
