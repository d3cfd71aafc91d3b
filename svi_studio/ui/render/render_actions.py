"""Attaches the actions of the render menu to their commands, and keeps their greyness true."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.commands import HeldRender, RenderCommands, Scope
from svi_studio.ui.actions.window_actions import Actions

_SCOPES = {"render.selection": Scope.SELECTED, "render.from_here": Scope.FROM_HERE, "render.range": Scope.RANGE}


class RenderActions(QObject):
    """Lives as long as ``parent``."""

    def __init__(self, film: OpenFilm, commands: RenderCommands, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._film, self._commands, self._actions = film, commands, actions
        actions.connect_action("render.stale", commands.render)
        actions.connect_action("render.stale_first", lambda: commands.render(first=True))
        actions.connect_action("render.draft", lambda checked: commands.set_quality("draft" if checked else "final"))
        actions.connect_action("render.check", lambda: self._check(parent))
        for action_id, scope in _SCOPES.items():
            actions.connect_action(action_id, lambda scope=scope: commands.render_or_say(scope))
        commands.held.connect(lambda held: self._ask(held, parent))
        for signal in (commands.changed, film.selection.changed, film.playhead.range_changed):
            signal.connect(self._show_possible)

    def _ask(self, held: HeldRender, owner: QWidget) -> None:
        from svi_studio.ui.render.lora_dialog import LoraDialog  # noqa: PLC0415 - as below

        dialog = LoraDialog(self._film.lora_questions, held, owner.window())
        self._film.closing.connect(dialog.reject)
        dialog.open()

    def _check(self, owner: QWidget) -> None:
        from svi_studio.ui.render.check_dialog import CheckDialog  # noqa: PLC0415 - the window opens without it

        dialog = CheckDialog(self._film, owner.window())
        dialog.models_wanted.connect(self._actions.action("film.models").trigger)
        dialog.open()

    @Slot()
    def _show_possible(self) -> None:
        film, some = self._film, bool(self._commands.offer.spans)
        ready = not film.read_only and film.states.facts is not None and bool(film.document.storyboard.clips)
        in_or_out = film.playhead.in_frame is not None or film.playhead.out_frame is not None
        possible = {
            "render.stale": some,
            "render.stale_first": some,
            "render.draft": not film.read_only,
            "render.selection": ready and bool(film.selection.ids),
            "render.from_here": ready,
            "render.range": ready and in_or_out,
        }
        for action_id, is_possible in possible.items():
            self._actions.set_enabled(action_id, is_possible)
        self._actions.set_checked("render.draft", self._commands.quality == "draft")
