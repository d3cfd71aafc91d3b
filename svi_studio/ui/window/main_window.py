"""The frame of a film's window: a centre, panels around it that can be moved, banners, menus, a status line."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QToolBar, QVBoxLayout, QWidget

from svi_studio.document.pictures.dropped import dropped_paths
from svi_studio.document.preferences import Preferences
from svi_studio.ui.actions.menus import Menus
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.desktop.on_screen import keep_on_screen
from svi_studio.ui.window.banner import BannerStack
from svi_studio.ui.window.panel_title import PanelTitle
from svi_studio.ui.window.status_line import StatusLine

LAYOUT_VERSION = 1
_GEOMETRY, _STATE = "main.geometry", "main.state"
_FIRST_SIZE = QSize(1280, 800)
_RIGHT, _BELOW = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
_LOWER = 33  # percent of the window for the panels below: the picture needs the room more than the cards
_NARROW, _WIDE = 320, 440  # pixels for the panels at the right


class MainWindow(QMainWindow):
    """Give it a centre and panels, then ``restore_layout``. ``may_close`` decides whether closing goes on.

    Signals: ``dropped`` with the local paths that were dropped on the window; ``closed`` once it is going away.
    """

    dropped = Signal(list)
    closed = Signal()

    def __init__(self, actions: Actions, preferences: Preferences, open_film: Callable[[Path], object]) -> None:
        super().__init__()
        self.actions_table = actions
        self.preferences = preferences
        self.banners = BannerStack(self)
        self.status = StatusLine(self)
        self.may_close: Callable[[], bool] = lambda: True
        self.panels: dict[str, QDockWidget] = {}
        self._original = QByteArray()
        self._tidy_titles = QTimer(self, singleShot=True, interval=0)
        self._tidy_titles.timeout.connect(self._hide_double_titles)
        self._set_up()
        self.menus = Menus(
            self.menuBar(), actions, lambda: preferences.recent_films, open_film, preferences.forget_recent_films
        )
        actions.add_to(self)
        actions.connect_action("view.reset_layout", self.reset_layout)
        actions.connect_action("view.full_screen", self._set_full_screen)
        actions.connect_action("view.next_panel", lambda: self._go_to_panel(1))
        actions.connect_action("view.previous_panel", lambda: self._go_to_panel(-1))

    def set_centre(self, widget: QWidget) -> None:
        """Sets the widget in the middle, below the banners."""
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banners)
        column.addWidget(widget, 1)
        self.setCentralWidget(centre)

    def set_bar(self, name: str, title: str, widget: QWidget) -> None:
        """A bar under the menus that stays where it is."""
        bar = QToolBar(title, self)
        bar.setObjectName(name)
        bar.setMovable(False)
        bar.addWidget(widget)
        bar.toggleViewAction().setVisible(False)
        self.addToolBar(bar)

    def add_panel(
        self, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea, beside: str = ""
    ) -> QDockWidget:
        """A panel at an edge, or as a tab with the panel ``beside``. ``name`` is for the saved layout."""
        panel = QDockWidget(title, self)
        panel.setObjectName(name)
        panel.setAccessibleName(title)
        panel.setTitleBarWidget(PanelTitle(panel))
        panel.setWidget(widget)
        self.addDockWidget(area, panel)
        if beside:
            self.tabifyDockWidget(self.panels[beside], panel)
        for signal in (panel.dockLocationChanged, panel.topLevelChanged, panel.visibilityChanged):
            signal.connect(lambda *_: self._tidy_titles.start())
        self.panels[name] = panel
        self.menus.add_panel(self._panel_action(name))
        return panel

    def _panel_action(self, name: str) -> QAction:
        """Brings the panel to the front, also from behind another tab; closes it when it is there already."""
        panel = self.panels[name]
        action = QAction(panel.windowTitle(), self, checkable=True)
        panel.visibilityChanged.connect(action.setChecked)
        action.triggered.connect(lambda wanted: self.show_panel(name) if wanted else panel.close())
        return action

    def show_panel(self, name: str) -> None:
        """Brings a panel to the front and gives it the keyboard."""
        panel = self.panels[name]
        panel.show()
        panel.raise_()
        panel.widget().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def settle(self) -> None:
        """Shares out the panels' sizes; called once the window is on the screen, as Qt gives panels their sizes only
        then.
        """
        self._share_space()
        self.restore_layout()

    def _share_space(self) -> None:
        right = [panel for panel in self.panels.values() if self.dockWidgetArea(panel) is _RIGHT]
        below = [panel for panel in self.panels.values() if self.dockWidgetArea(panel) is _BELOW]
        if right:
            width = min(max(self.width() * 24 // 100, _NARROW), _WIDE)
            self.resizeDocks(right[:1], [width], Qt.Orientation.Horizontal)
        if below:
            self.resizeDocks(below[:1], [self.height() * _LOWER // 100], Qt.Orientation.Vertical)

    def restore_layout(self) -> None:
        """Remembers the present layout as the original, then brings back the one that the user left."""
        self._original = self.saveState(LAYOUT_VERSION)
        state = self.preferences.bytes(_STATE)
        if not state.isEmpty():
            self.restoreState(state, LAYOUT_VERSION)
            for panel in self.panels.values():
                if panel.isFloating():
                    keep_on_screen(panel)
        self._tidy_titles.start()

    def restore_geometry(self) -> None:
        """Brings back the size and place that the user left; on a first start a size that fits the screen."""
        if self.restoreGeometry(self.preferences.bytes(_GEOMETRY)):
            keep_on_screen(self)
            return
        screen = self.screen().availableSize()
        if screen.width() < 1.3 * _FIRST_SIZE.width() or screen.height() < 1.3 * _FIRST_SIZE.height():
            self.resize(_FIRST_SIZE.boundedTo(screen))
            self.setWindowState(Qt.WindowState.WindowMaximized)
        else:
            self.resize(screen * 0.85)

    def reset_layout(self) -> None:
        """Restores the layout of the first start."""
        self.preferences.forget_layout()
        for panel in self.panels.values():
            panel.setFloating(False)
            panel.show()
        self.restoreState(self._original, LAYOUT_VERSION)
        self._share_space()  # the window may be larger now than it was then
        self._tidy_titles.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks whether it may; keeps the layout."""
        if not self.may_close():
            event.ignore()
            return
        if not self._original.isEmpty():
            self.preferences.set_bytes(_STATE, self.saveState(LAYOUT_VERSION))
        self.preferences.set_bytes(_GEOMETRY, self.saveGeometry())
        event.accept()
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """The system may end full screen, too."""
        if event.type() == QEvent.Type.WindowStateChange:
            self.actions_table.set_checked("view.full_screen", self.isFullScreen())
        super().changeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hands the files on."""
        event.acceptProposedAction()
        self.dropped.emit(dropped_paths(event.mimeData()))

    def _set_up(self) -> None:
        self.setAcceptDrops(True)
        self.setStatusBar(self.status)
        self.setDockNestingEnabled(True)
        self.setDockOptions(
            QMainWindow.DockOption.AnimatedDocks
            | QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.GroupedDragging
        )
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def _set_full_screen(self, on: bool) -> None:
        if on:
            self.setWindowState(self.windowState() | Qt.WindowState.WindowFullScreen)
        else:
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowFullScreen)

    def _hide_double_titles(self) -> None:
        """A panel that is a tab already has its name on the tab, so its own head goes."""
        for panel in self.panels.values():
            title = panel.titleBarWidget()
            if isinstance(title, PanelTitle):
                title.fold(bool(self.tabifiedDockWidgets(panel)) and not panel.isFloating())

    def _go_to_panel(self, step: int) -> None:
        """The next of the centre and the visible panels gets the keyboard."""
        panels = (panel.widget() for panel in self.panels.values() if not panel.visibleRegion().isEmpty())
        stops = [stop for stop in (self.centralWidget(), *panels) if stop is not None]
        focus = self.focusWidget()
        here = next((i for i, stop in enumerate(stops) if (focus and stop.isAncestorOf(focus)) or stop is focus), 0)
        stop = stops[(here + step) % len(stops)]
        _first_that_takes_focus(stop).setFocus(Qt.FocusReason.TabFocusReason)


def _first_that_takes_focus(parent: QWidget) -> QWidget:
    """What the panel names itself, such as the cards of the timeline, or else its first control."""
    proxy = parent.focusProxy()
    if proxy is not None and proxy.isVisible() and proxy.isEnabled():
        return proxy
    if parent.focusPolicy() != Qt.FocusPolicy.NoFocus:
        return parent
    tab_stops = (child for child in parent.findChildren(QWidget) if child.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return next((child for child in tab_stops if child.isVisible() and child.isEnabled()), parent)
