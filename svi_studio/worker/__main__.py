"""Runs the worker: `python -m svi_studio.worker`, with the protocol on its stdin and stdout."""

import os

from svi_studio import __version__
from svi_studio.pipes.outbox import Outbox
from svi_studio.pipes.own_process import end_now, stand_back, take_over_pipes, tell_crashes
from svi_studio.pipes.render_messages import WORKER_MESSAGES, Alive, Hello, Loading, LoadingStep, Render, WorkerMessage
from svi_studio.pipes.story_messages import Ask, ForgetModel
from svi_studio.settings import NO_REMOTE_CODE
from svi_studio.worker.control import Control
from svi_studio.worker.inbox import Inbox


def main() -> None:
    """Renders and answers what is asked for until the window says that it is enough, or is gone."""
    pipes = take_over_pipes()
    tell_crashes()
    outbox: Outbox[WorkerMessage] = Outbox(pipes.messages, WORKER_MESSAGES.encode)
    control = Control()
    inbox = Inbox(pipes.requests, control, outbox)
    outbox.start_heartbeat(Alive())
    inbox.start()
    stand_back()  # on Linux those two keep their priority then, and a busy computer does not look like a hang
    outbox.send(Loading(LoadingStep.LIBRARIES))
    _serve(control, inbox, outbox)
    end_now(0)


def _serve(control: Control, inbox: Inbox, outbox: Outbox[WorkerMessage]) -> None:
    """The libraries are imported here, when the window already hears that there is life."""
    NO_REMOTE_CODE.tell_library()
    from svi_studio.engine.chain.film import library_versions  # noqa: PLC0415 - imports torch
    from svi_studio.worker.answers import Answers  # noqa: PLC0415
    from svi_studio.worker.film_render import Renderer  # noqa: PLC0415
    from svi_studio.worker.loaded_models import device_name  # noqa: PLC0415

    renderer = Renderer(control, outbox)
    answers = Answers(control, outbox, make_room=renderer.forget)
    outbox.send(Hello(os.getpid(), device_name(), {"svi-studio": __version__, **library_versions()}))
    while (work := inbox.next_work()) is not None:
        match work:
            case Render():
                answers.forget()  # a film gets all the memory
                renderer.render(work)
            case Ask():
                answers.answer(work)
            case ForgetModel():
                answers.forget()


if __name__ == "__main__":
    main()
