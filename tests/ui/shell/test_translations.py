"""Words in other languages come from one folder, and Qt's own words never come alone."""

from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from svi_studio.ui.desktop import translations
from svi_studio.ui.desktop.translations import load_translations


def test_a_language_without_a_translation_changes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert application is not None
    before = len(application.findChildren(QTranslator))
    assert not load_translations(application, QLocale("xx"))
    assert all(each.isEmpty() for each in application.findChildren(QTranslator)[before:])


def test_translations_are_looked_for_among_the_resources(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def folder(*parts: str) -> Path:
        asked.append(parts)
        return tmp_path

    monkeypatch.setattr(translations, "resource_path", folder)
    application = QApplication.instance()
    assert application is not None
    load_translations(application, QLocale("de_DE"))
    assert asked == [("translations",)]
