from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListView, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.ui.inspector import InspectorPanel


def by_tab(start: QWidget, page: QWidget) -> list[QWidget]:
    """The widgets of ``page`` that Tab reaches from ``start`` on, in order, each once."""
    found = [start]
    widget = start.nextInFocusChain()
    while widget is not start:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and page.isAncestorOf(widget) and widget.isVisibleTo(page):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def test_everything_that_takes_the_focus_has_a_name(film: OpenFilm, panel: InspectorPanel) -> None:
    panel.clip_page.more.set_open(True)
    panel.film_page.more.set_open(True)
    nameless = [
        widget
        for widget in panel.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget, QScrollArea | QListView)
        and not (isinstance(widget, QLineEdit) and widget.objectName() == "qt_spinbox_lineedit")
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
    ]
    assert nameless == []


def test_tab_goes_down_the_page(qtbot: QtBot, film: OpenFilm, panel: InspectorPanel) -> None:
    page = panel.clip_page
    page.more.set_open(True)
    film.selection.select(["c2"])
    order = by_tab(page.prompt.prompt.box, page)
    wanted = [
        page.prompt.prompt.box,
        page.start.start.no,
        page.seed.box,
        page.seed.roll,
        page.more.heading,
        page.more.note.box,
        page.more.negative.box,
        page.more.steps,
    ]
    assert [widget for widget in order if widget in wanted] == wanted
