"""The queue as a Qt list: whatever changes, views are told in order and the selection stays on its row."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from svi_studio.document.render.queue_row import QueueRow
from svi_studio.ui.render.queue_model import QueueModel

ids = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)
states = st.sampled_from(["Waits", "Done"])


def row(name: str, state: str) -> QueueRow:
    return QueueRow(name, "Film", "Clip 1", state, "text", None, None, is_waiting=True, is_over=False)


@given(st.lists(st.tuples(ids, states), min_size=1, max_size=6))
def test_any_change_of_the_queue_is_shown_right(changes: list[tuple[list[str], str]]) -> None:
    model = QueueModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for names, state in changes:
        model.show_rows([row(name, state) for name in names])
        assert [(shown.id, shown.state) for shown in model.rows] == [(name, state) for name in names]
    del tester


def test_the_selection_stays_on_its_row(qtbot: QtBot) -> None:
    model = QueueModel()
    model.show_rows([row(name, "Waits") for name in "abc"])
    chosen = QPersistentModelIndex(model.index(1))
    model.show_rows([row(name, "Waits") for name in "cxab"])
    assert chosen.row() == 3
    model.show_rows([row(name, "Waits") for name in "ca"])
    assert not chosen.isValid()
