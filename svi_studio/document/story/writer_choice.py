"""Who shall write stories, as the user chose it: templates, a server of theirs, or a model on this computer."""

from dataclasses import dataclass, replace
from enum import StrEnum

from svi_studio.document.preferences import Preferences
from svi_studio.domain.errors import StudioError

_KIND, _SERVER, _MODEL, _FOLDER, _LOCAL_4BIT = (
    "story_writer",
    "story_server",
    "story_server_model",
    "story_model_folder",
    "story_model_4bit",
)


class WriterKind(StrEnum):
    """The three ways to get a story."""

    TEMPLATES = "templates"
    SERVER = "server"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class WriterChoice:
    """``server`` is a base URL and ``model`` a name it lists; ``folder`` holds a model. A key is never kept here."""

    kind: WriterKind = WriterKind.TEMPLATES
    server: str = ""
    model: str = ""
    folder: str = ""
    in_4_bits: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether a writer can be made of it."""
        if self.kind is WriterKind.SERVER:
            return bool(self.server.strip() and self.model.strip())
        return self.kind is WriterKind.TEMPLATES or bool(self.folder.strip())

    def but(self, **changes: object) -> "WriterChoice":
        """Returns the choice with other fields."""
        return replace(self, **changes)  # type: ignore[arg-type]


def read_choice(preferences: Preferences) -> WriterChoice:
    """What was chosen last; templates on a first start, because they need nothing."""
    kind = preferences.text(_KIND)
    return WriterChoice(
        WriterKind(kind) if kind in set(map(str, WriterKind)) else WriterKind.TEMPLATES,
        preferences.text(_SERVER),
        preferences.text(_MODEL),
        preferences.text(_FOLDER),
        preferences.flag(_LOCAL_4BIT),
    )


def keep_choice(preferences: Preferences, choice: WriterChoice) -> None:
    """Remembers the choice; of the server's address only what leads there, for the rest may be a key."""
    texts = {
        _KIND: choice.kind.value,
        _SERVER: _address_only(choice.server),
        _MODEL: choice.model,
        _FOLDER: choice.folder,
    }
    for name, text in texts.items():
        if preferences.text(name) != text:
            preferences.set_text(name, text)
    if preferences.flag(_LOCAL_4BIT) != choice.in_4_bits:
        preferences.set_flag(_LOCAL_4BIT, choice.in_4_bits)


def _address_only(server: str) -> str:
    if not server.strip():
        return ""
    from svi_studio.storyline.server.server_address import api_root  # noqa: PLC0415 - the window opens without HTTP

    try:
        return api_root(server)
    except StudioError:
        return ""
