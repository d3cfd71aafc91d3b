"""What can be done about something that was fetched: check it, mend it, remove it."""

from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from svi_studio.document import words
from svi_studio.document.models.fetch_desk import FetchDesk
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.controls.confirm import ask
from svi_studio.ui.controls.key_menu import KeyMenu

_MOST = 6  # titles


def add_entry_actions(menu: KeyMenu, fetches: FetchDesk, name: str, owner: QWidget) -> None:
    """Adds them for the entry ``name`` of the catalogue to ``menu``; questions open over ``owner``."""
    busy = name in fetches.checking
    check = menu.addAction(_text("Checking its files…") if busy else _text("Check its files"))
    check.setEnabled(not busy)
    check.triggered.connect(partial(fetches.check, name))
    repair = menu.addAction(_text("Repair"))
    repair.triggered.connect(lambda: fetches.fetch([name], mend=True))
    menu.addSeparator()
    menu.addAction(_text("Remove…")).triggered.connect(partial(_ask_to_remove, fetches, name, owner))


def _ask_to_remove(fetches: FetchDesk, name: str, owner: QWidget) -> None:
    title = fetches.models[name].title
    size = fetches.sizes.get(name, 0)
    freed = _text("{size} are freed.").format(size=words.size(size)) + " " if size else ""
    rest = _text("Films that use it keep their takes; to render more, it has to come again.")
    if users := fetches.users.get(name, ()):
        told = ", ".join(users[:_MOST]) + (" …" if len(users) > _MOST else "")
        made = _text("These models are made with it, and can film no more without it: {models}.")
        rest = visible(made.format(models=told)) + " " + rest
    ask(
        owner,
        _text("Remove {title}?").format(title=title),
        freed + rest,
        _text("Remove it"),
        partial(fetches.remove, name),
    )


def _text(text: str) -> str:
    return QCoreApplication.translate("EntryMenu", text)
