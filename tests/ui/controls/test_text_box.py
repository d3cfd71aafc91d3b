from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QAction, QKeySequence, QTextCursor, QTextOption
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from svi_studio.ui.controls.text_box import TextBox


def shown(qtbot: QtBot, **sizes: int) -> TextBox:
    box = TextBox(**sizes)
    qtbot.addWidget(box)
    box.resize(260, 60)
    with qtbot.waitExposed(box):
        box.show()
    return box


def cursor_at(box: TextBox, position: int) -> None:
    cursor = box.textCursor()
    cursor.setPosition(position)
    box.setTextCursor(cursor)


def test_showing_words_tells_nobody(qtbot: QtBot) -> None:
    box = shown(qtbot)
    with qtbot.assertNotEmitted(box.edited):
        box.show_text("A puppet.")
    assert box.text() == "A puppet."


def test_typing_tells_every_change(qtbot: QtBot) -> None:
    box = shown(qtbot)
    heard: list[str] = []
    box.edited.connect(heard.append)
    qtbot.keyClicks(box, "Hi")
    assert heard == ["H", "Hi"]


def test_the_cursor_stays_where_it_was_when_words_change_before_it(qtbot: QtBot) -> None:
    box = shown(qtbot)
    box.show_text("one two three")
    cursor_at(box, len("one two "))
    box.show_text("zero one two three")
    assert box.text()[box.textCursor().position() :] == "three"


def test_the_cursor_counts_emoji_as_qt_does(qtbot: QtBot) -> None:
    box = shown(qtbot)
    box.show_text("👩‍🚀🎬 waves")
    cursor_at(box, box.document().characterCount() - 1)
    box.show_text("👩‍🚀🎬🎥 waves")
    assert box.text() == "👩‍🚀🎬🎥 waves"
    assert box.textCursor().atEnd()


def test_no_break_spaces_and_line_ends_come_back_as_they_went_in(qtbot: QtBot) -> None:
    box = shown(qtbot)
    box.show_text("Il dit\u00a0: «\u202foui\u202f»\nfin")
    assert box.text() == "Il dit\u00a0: «\u202foui\u202f»\nfin"


def test_right_to_left_words_begin_on_the_right(qtbot: QtBot) -> None:
    box = shown(qtbot)
    box.show_text("בובה אדומה")
    assert box.document().firstBlock().textDirection() == Qt.LayoutDirection.RightToLeft


def test_it_grows_with_its_words_up_to_a_bound(qtbot: QtBot) -> None:
    box = shown(qtbot, lines=2, most_lines=5)
    low = box.height()
    box.show_text("\n".join("line" for _ in range(4)))
    middle = box.height()
    box.show_text("\n".join("line" for _ in range(50)))
    assert low < middle < box.height() < 2 * middle


def test_undo_while_typing_goes_to_the_window(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    box = TextBox(parent=window)
    window.setCentralWidget(box)
    undo = QAction("Undo", window)
    undo.setShortcut(QKeySequence.StandardKey.Undo)
    window.addAction(undo)
    with qtbot.waitActive(window):
        window.show()
    box.setFocus()
    qtbot.keyClicks(box, "abc")
    with qtbot.waitSignal(undo.triggered, timeout=1000):
        qtbot.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert box.text() == "abc"


def test_only_words_can_be_pasted(qtbot: QtBot) -> None:
    box = shown(qtbot)
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("/tmp/a.png")])
    files.setText("/tmp/a.png")
    assert not box.canInsertFromMimeData(files)
    page = QMimeData()
    page.setHtml("<b>bold</b>")
    page.setText("bold")
    box.insertFromMimeData(page)
    assert box.text() == "bold"
    assert not box.textCursor().charFormat().font().bold()


def test_a_long_selection_is_replaced_without_touching_the_rest(qtbot: QtBot) -> None:
    box = shown(qtbot)
    box.show_text("aaa bbb ccc")
    cursor = box.textCursor()
    cursor.setPosition(8)
    cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    box.setTextCursor(cursor)
    box.show_text("aaa xxx ccc")
    assert box.textCursor().selectedText() == "ccc"


def test_a_hundred_thousand_letters_without_a_gap_hold_up_nobody(qtbot: QtBot) -> None:
    box = TextBox()
    qtbot.addWidget(box)
    mime = QMimeData()
    mime.setText("a" * 100_000)
    box.insertFromMimeData(mime)
    assert box.document().defaultTextOption().wrapMode() is QTextOption.WrapMode.WrapAnywhere
    box.show_text("A short prompt.")
    assert box.document().defaultTextOption().wrapMode() is QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
