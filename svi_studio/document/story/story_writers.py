"""Makes the writer that the user chose: templates for the film's model, their server, or a model on this computer."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from svi_studio.document.preferences import Preferences
from svi_studio.document.story.writer_choice import WriterChoice, WriterKind, read_choice
from svi_studio.domain.errors import StudioError
from svi_studio.domain.story.answer import Precision
from svi_studio.jobs.render.render_service import RenderService
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.story.local_story_model import LocalStoryModel
from svi_studio.jobs.story.story_service import MakeWriter
from svi_studio.net.keys import KeyStore
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.story_models import story_model

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm
    from svi_studio.storyline.chat import StoryWriter
    from svi_studio.storyline.known_words import KnownWords


class StoryWriters(QObject):
    """For one open film. ``maker_for`` gives a function for the story's thread: it reads files and the keyring.

    ``loading`` brings the name of a model on this computer that is being read into memory.
    """

    loading = Signal(str)

    def __init__(
        self, film: "OpenFilm", service: RenderService, turn: RenderTurn | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.keys = KeyStore()
        self._film = film
        self._local = LocalStoryModel(service, turn, self)
        self._local.loading.connect(self.loading)

    def choice(self, preferences: Preferences) -> WriterChoice:
        """What was chosen last; the templates when that is not complete."""
        chosen = read_choice(preferences)
        return chosen if chosen.is_complete else WriterChoice()

    def maker_for(self, choice: WriterChoice) -> MakeWriter:
        """Makes the writer that ``choice`` means, for the model that the film has now."""
        if choice.kind is WriterKind.SERVER:
            return lambda: self._server_writer(choice)
        if choice.kind is WriterKind.LOCAL:
            return lambda: self._local_writer(choice)
        model, folder = self._film.document.storyboard.model, self._film.path
        return lambda: _template_writer(model, folder)

    def known_words(self) -> "KnownWords | None":
        """The words that the film's model knows; None when it knows any. Reads the disk: for a thread."""
        return words_of_model(self._film.document.storyboard.model, self._film.path)

    def close(self) -> None:
        """Ends the answer that a model on this computer is still giving."""
        self._local.close()

    def _server_writer(self, choice: WriterChoice) -> "StoryWriter":
        from svi_studio.document.story.story_server import origin_of  # noqa: PLC0415 - the window opens without HTTP
        from svi_studio.storyline.server.server_chat import ServerChat  # noqa: PLC0415
        from svi_studio.storyline.writers.chat_writer import ChatWriter  # noqa: PLC0415

        key = self.keys.key_for(origin_of(choice.server))
        return ChatWriter(ServerChat(choice.server, choice.model, key))

    def _local_writer(self, choice: WriterChoice) -> "StoryWriter":
        from svi_studio.storyline.writers.chat_writer import ChatWriter  # noqa: PLC0415 - only when it is wanted

        folder = Path(choice.folder).expanduser()
        story_model(folder)  # half a download is told at once, not after the renderer has let go of the film's model
        precision = Precision.FOUR_BIT if choice.in_4_bits else Precision.AUTO
        return ChatWriter(self._local.chat(folder, precision=precision))


def words_of_model(model: str, beside: Path | None = None) -> "KnownWords | None":
    """The words that the model called ``model`` knows; None when it knows any, or is not on this computer."""
    from svi_studio.storyline.known_words import known_words_of  # noqa: PLC0415 - only when it is wanted

    try:
        return known_words_of(find_model(model, beside=beside))
    except StudioError:
        return None  # the film says by itself what is wrong with its model


def _template_writer(model: str, folder: Path) -> "StoryWriter":
    from svi_studio.storyline.writers.template_writer import template_writer  # noqa: PLC0415 - only when it is wanted

    return template_writer(words_of_model(model, folder))
