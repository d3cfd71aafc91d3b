from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.either_box import EitherBox
from svi_studio.ui.controls.elided_label import ElidedLabel, plain_tool_tip
from svi_studio.ui.controls.picture_well import PictureWell
from svi_studio.ui.controls.section import Section
from svi_studio.ui.controls.stars import SIDE, StarRating
from svi_studio.ui.controls.weight_slider import WeightSlider


def drop(well: PictureWell, *files: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    well.dropEvent(event)


def test_a_choice_that_is_refused_cannot_be_taken(qtbot: QtBot) -> None:
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.show_choices([Choice("film", "Film"), Choice("talk", "Talk", "Not in this version.")])
    box.show_value("film")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.shown() == "film"
    assert box.itemData(1, Qt.ItemDataRole.ToolTipRole) == "Not in this version."


def test_showing_a_choice_tells_nobody(qtbot: QtBot) -> None:
    box = ChoiceBox()
    qtbot.addWidget(box)
    with qtbot.assertNotEmitted(box.chosen):
        box.show_choices([Choice(1, "one"), Choice(2, "two")])
        box.show_value(2)
        box.show_choices([Choice(2, "two"), Choice(3, "three")])
    assert box.shown() == 2


def test_a_click_on_a_star_rates_and_a_second_takes_it_away(qtbot: QtBot) -> None:
    stars = StarRating()
    qtbot.addWidget(stars)
    heard: list[int] = []
    stars.rated.connect(heard.append)
    fourth = QPoint(3 * SIDE + SIDE // 2, 10)
    qtbot.mouseClick(stars, Qt.MouseButton.LeftButton, pos=fourth)
    qtbot.mouseClick(stars, Qt.MouseButton.LeftButton, pos=fourth)
    assert heard == [4, 0]


def test_number_keys_and_arrows_rate(qtbot: QtBot) -> None:
    stars = StarRating()
    qtbot.addWidget(stars)
    qtbot.keyClicks(stars, "3")
    qtbot.keyClick(stars, Qt.Key.Key_Right)
    assert stars.value == 4
    assert "4 of 5" in stars.accessibleDescription()


def test_a_dropped_file_is_handed_on(qtbot: QtBot, tmp_path: Path) -> None:
    well = PictureWell()
    qtbot.addWidget(well)
    with qtbot.waitSignal(well.dropped) as told:
        drop(well, tmp_path / "a.png")
    assert told.args == [tmp_path / "a.png"]


def test_several_files_at_once_are_not_for_one_well(qtbot: QtBot, tmp_path: Path) -> None:
    well = PictureWell()
    qtbot.addWidget(well)
    with qtbot.assertNotEmitted(well.dropped):
        drop(well, tmp_path / "a.png", tmp_path / "b.png")


def test_a_closed_well_neither_opens_nor_empties(qtbot: QtBot) -> None:
    well = PictureWell()
    qtbot.addWidget(well)
    well.show_picture(QImage(8, 8, QImage.Format.Format_RGB888))
    well.set_open(False)
    with qtbot.assertNotEmitted(well.pressed), qtbot.assertNotEmitted(well.removed):
        qtbot.mouseClick(well, Qt.MouseButton.LeftButton)
        qtbot.keyClick(well, Qt.Key.Key_Delete)


def test_delete_takes_the_picture_out(qtbot: QtBot) -> None:
    well = PictureWell()
    qtbot.addWidget(well)
    with qtbot.waitSignal(well.removed):
        qtbot.keyClick(well, Qt.Key.Key_Delete)


def test_a_section_folds(qtbot: QtBot) -> None:
    section = Section("More")
    qtbot.addWidget(section)
    inside = QLabel("inside")
    section.body.addWidget(inside)
    section.show()
    assert not inside.isVisible()
    qtbot.mouseClick(section.heading, Qt.MouseButton.LeftButton)
    assert inside.isVisible()


def test_a_weight_beyond_the_slider_keeps_its_number(qtbot: QtBot) -> None:
    weight = WeightSlider()
    qtbot.addWidget(weight)
    with qtbot.assertNotEmitted(weight.edited):
        weight.show_value(-3.5)
    assert weight.box.value == -3.5


def test_sliding_tells_the_weight(qtbot: QtBot) -> None:
    weight = WeightSlider()
    qtbot.addWidget(weight)
    with qtbot.waitSignal(weight.edited) as told:
        weight.slider.setValue(80)
    assert told.args == [0.8]


def test_the_first_press_of_a_pair_tells_once(qtbot: QtBot) -> None:
    pair = EitherBox("Follow on", "Start fresh")
    qtbot.addWidget(pair)
    heard: list[bool] = []
    pair.chosen.connect(heard.append)
    qtbot.mouseClick(pair.yes, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(pair.yes, Qt.MouseButton.LeftButton)
    assert heard == [True]
    assert pair.yes.isChecked()


def test_what_does_not_fit_is_in_the_tool_tip(qtbot: QtBot) -> None:
    label = ElidedLabel("A name that is far too long for its place <b>here</b>")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    label.grab()
    assert label.toolTip() == plain_tool_tip(label.text())
    assert "<b>" not in label.toolTip()


def test_enter_with_ctrl_on_a_picture_is_the_windows(qtbot: QtBot) -> None:
    well = PictureWell()
    qtbot.addWidget(well)
    for keys, is_own in ((Qt.KeyboardModifier.NoModifier, True), (Qt.KeyboardModifier.ControlModifier, False)):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Return, keys)
        event.ignore()
        QApplication.sendEvent(well, event)
        assert event.isAccepted() is is_own


def test_a_choice_that_cannot_be_taken_says_why_in_its_line(qtbot: QtBot) -> None:
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.show_choices([Choice("a", "Shot"), Choice("b", "Dance", "The film's model follows no skeleton.")])
    delegate = box.itemDelegate()
    assert isinstance(delegate, QStyledItemDelegate)
    drawn = []
    for row in range(2):
        option = QStyleOptionViewItem()
        delegate.initStyleOption(option, box.model().index(row, 0))
        drawn.append(option.text)
    assert drawn == ["Shot", "Dance\u2028The film's model follows no skeleton."]
    heights = [delegate.sizeHint(QStyleOptionViewItem(), box.model().index(row, 0)).height() for row in range(2)]
    assert heights[1] > heights[0]
    assert box.itemText(1) == "Dance", "what is shown when the list is closed"
