"""Asks for files or a folder without blocking the window."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget


def choose_file(parent: QWidget, title: str, kinds: str, then: Callable[[str], object]) -> QFileDialog:
    """One file of ``kinds``, as Qt writes name filters; ``then`` gets its path."""
    dialog = _dialog(parent, title, QFileDialog.FileMode.ExistingFile, kinds)
    dialog.fileSelected.connect(then)
    return dialog


def choose_files(parent: QWidget, title: str, kinds: str, then: Callable[[list[str]], object]) -> QFileDialog:
    """One or more files of ``kinds``; ``then`` gets their paths."""
    dialog = _dialog(parent, title, QFileDialog.FileMode.ExistingFiles, kinds)
    dialog.filesSelected.connect(then)
    return dialog


def choose_folder(parent: QWidget, title: str, then: Callable[[str], object]) -> QFileDialog:
    """A folder; ``then`` gets its path."""
    dialog = _dialog(parent, title, QFileDialog.FileMode.Directory, "")
    dialog.fileSelected.connect(then)
    return dialog


def choose_target(parent: QWidget, title: str, name: str, kinds: Sequence[str]) -> QFileDialog:
    """A file to write, called ``name`` unless the user says otherwise; connect to its ``fileSelected``."""
    dialog = _dialog(parent, title, QFileDialog.FileMode.AnyFile, "")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(kinds))
    dialog.selectFile(name)
    return dialog


def _dialog(parent: QWidget, title: str, mode: QFileDialog.FileMode, kinds: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(mode)
    if kinds:
        dialog.setNameFilters([kinds, f"{QCoreApplication.translate('PictureFiles', 'All files')} (*)"])
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
