"""Asks which file prompts come from, or go to and in which format."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from svi_studio.domain.file_endings import PROMPT_ENDINGS
from svi_studio.domain.plain_name import plain_name
from svi_studio.storyline.text_formats import PROMPT_FORMATS, PromptFormat, prompt_format
from svi_studio.ui.storyline.choose_file import choose_file, choose_target

translate = QCoreApplication.translate


def ask_import(parent: QWidget, then: Callable[[Path], object]) -> QFileDialog:
    """``then`` gets a text file."""
    endings = " ".join(f"*{ending}" for ending in (*PROMPT_ENDINGS, ".json"))
    kinds = f"{translate('PromptFiles', 'Prompts')} ({endings})"
    return choose_file(parent, translate("PromptFiles", "Import prompts"), kinds, lambda file: then(Path(file)))


def ask_export(parent: QWidget, title: str, then: Callable[[Path, str], object]) -> QFileDialog:
    """``then`` gets the file to write and the name of its format: the one of its ending, else the one chosen."""
    kinds = {f"{_format_words(each.name)} (*{each.suffix})": each for each in PROMPT_FORMATS.values()}
    first = next(iter(kinds.values()))
    name = plain_name(title, translate("PromptFiles", "Prompts")) + first.suffix
    dialog = choose_target(parent, translate("PromptFiles", "Export prompts"), name, list(kinds))
    dialog.fileSelected.connect(lambda file: then(*target(Path(file), kinds.get(dialog.selectedNameFilter(), first))))
    return dialog


def target(path: Path, chosen: PromptFormat) -> tuple[Path, str]:
    """The file and its format when the user named ``path`` and chose the format ``chosen``."""
    ending = path.suffix.lower()
    if ending == chosen.suffix:
        return path, chosen.name
    if ending in {each.suffix for each in PROMPT_FORMATS.values()}:
        return path, prompt_format(None, path.name).name
    return path.with_name(path.name + chosen.suffix), chosen.name


def _format_words(name: str) -> str:
    words = {
        "lines": translate("PromptFiles", "One prompt per line"),
        "numbered": translate("PromptFiles", "Numbered list"),
        "python": translate("PromptFiles", "Python list, as the authors of SVI use"),
        "csv": translate("PromptFiles", "Table, for a spreadsheet"),
        "fountain": translate("PromptFiles", "Screenplay in Fountain"),
    }
    return words.get(name, name)
