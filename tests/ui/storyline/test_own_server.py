"""From the film's window to a real local server and back: its models, a story with the film's picture, the cards."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.story.writer_choice import WriterKind
from svi_studio.ui.storyline.film_story import FilmStory
from svi_studio.ui.storyline.window import StoryWindow
from svi_studio.ui.window.film_window import FilmWindow
from tests.storyline.chat_replies import Storyteller, whole
from tests.storyline.fake_server import Asked, FakeServer, Sent
from tests.ui.storyline.conftest import WAIT, write


class Server(Storyteller):
    """Has one model, and that writes stories."""

    def __call__(self, asked: Asked) -> Sent:
        if asked.path.endswith("/models"):
            yield whole(200, {"object": "list", "data": [{"id": "storyteller", "object": "model"}]})
        else:
            yield from super().__call__(asked)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(Server()) as running:
        yield running


@pytest.fixture
def own_window(qtbot: QtBot, story: FilmStory, server: FakeServer) -> StoryWindow:
    """The window "Write a story" with the server chosen, once its models are known."""
    window = story.open()
    form = window.writer.server
    window.writer.kind.show_value(WriterKind.SERVER)
    window.writer.kind.chosen.emit(WriterKind.SERVER)
    form.address.setText(server.url)
    form.address.editingFinished.emit()
    form.test.click()
    qtbot.waitUntil(lambda: form.model.currentText() == "storyteller", timeout=WAIT)
    return window


def test_its_story_comes_into_the_film(qtbot: QtBot, own_window: StoryWindow, film_window: FilmWindow) -> None:
    write(qtbot, own_window, "a dog, a street", clips=4)
    own_window.panel.accept.click()
    qtbot.waitUntil(lambda: len(film_window.film.document.storyboard.clips) == 7, timeout=WAIT)
    assert "step 4 " in film_window.film.document.storyboard.clips[-1].prompt


def test_a_whole_film_is_written_to_its_picture(qtbot: QtBot, own_window: StoryWindow, server: FakeServer) -> None:
    own_window.begin_at("whole")
    write(qtbot, own_window, "a dog, a street", clips=2)
    assert [picture.partition(",")[0] for picture in server.asked[-1].pictures] == ["data:image/jpeg;base64"]
