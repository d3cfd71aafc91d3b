"""Asks which file prompts come from, or go to and in which format."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from svi_studio.document.story.prompt_files import file_to_write, prompt_kinds
from svi_studio.domain.text.file_endings import PROMPT_ENDINGS
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.ui.dialogs.choose_file import choose_file, choose_target

translate = QCoreApplication.translate


def ask_import(parent: QWidget, then: Callable[[Path], object]) -> QFileDialog:
    """``then`` gets a text file."""
    endings = " ".join(f"*{ending}" for ending in (*PROMPT_ENDINGS, ".json"))
    kinds = f"{translate('PromptFiles', 'Prompts')} ({endings})"
    return choose_file(parent, translate("PromptFiles", "Import prompts"), kinds, lambda file: then(Path(file)))


def ask_export(parent: QWidget, title: str, then: Callable[[Path, str], object]) -> QFileDialog:
    """``then`` gets the file to write and the name of its format: the one of its ending, else the one chosen."""
    kinds = prompt_kinds()
    first = next(iter(kinds.values()))
    name = plain_name(title, translate("PromptFiles", "Prompts")) + first.suffix
    dialog = choose_target(parent, translate("PromptFiles", "Export prompts"), name, list(kinds))
    dialog.fileSelected.connect(
        lambda file: then(*file_to_write(Path(file), kinds.get(dialog.selectedNameFilter(), first)))
    )
    return dialog
