"""Who will write the story of a film that is made from a few words, and where: in one line."""

from PySide6.QtCore import QCoreApplication

from svi_studio.document.story.writer_choice import WriterChoice, WriterKind


def writer_words(choice: WriterChoice) -> str:
    """For example ``Written by qwen2.5vl on localhost:11434``; the templates when ``choice`` is not complete."""
    translate = QCoreApplication.translate
    if choice.is_complete and choice.kind is WriterKind.SERVER:
        words = translate("WriterWords", "Written by {model} on {server}")
        return words.format(model=choice.model, server=choice.server)
    if choice.is_complete and choice.kind is WriterKind.LOCAL:
        return translate("WriterWords", "Written by a model on this computer")
    return translate("WriterWords", "Written from templates, on this computer")
