"""Who writes captions for a training: the model that writes stories, unless those are written by templates."""

from svi_studio.document.preferences import Preferences
from svi_studio.document.story.writer_choice import WriterChoice, WriterKind, keep_choice, read_choice

_KIND = "caption_writer"


def read_caption_choice(preferences: Preferences) -> WriterChoice:
    """Returns the writer chosen last for captions, or else for stories; a server on a first start."""
    choice = read_choice(preferences)
    if preferences.text(_KIND) in (WriterKind.SERVER, WriterKind.LOCAL):
        return choice.but(kind=WriterKind(preferences.text(_KIND)))
    return choice if choice.kind is not WriterKind.TEMPLATES else choice.but(kind=WriterKind.SERVER)


def keep_caption_choice(preferences: Preferences, choice: WriterChoice) -> None:
    """Remembers the writer of captions; its server and folder are those of stories too, whose writer stays as it is."""
    if preferences.text(_KIND) != choice.kind.value:
        preferences.set_text(_KIND, choice.kind.value)
    keep_choice(preferences, choice.but(kind=read_choice(preferences).kind))


def captions_by(choice: WriterChoice) -> tuple[str, ...]:
    """The writer of a complete ``choice`` as the trainer's command line is told; templates see nothing: empty."""
    if choice.kind is WriterKind.SERVER:
        return ("server", choice.server.strip(), choice.model.strip())
    if choice.kind is WriterKind.LOCAL:
        return ("local", choice.folder.strip(), *(("4bit",) if choice.in_4_bits else ()))
    return ()
