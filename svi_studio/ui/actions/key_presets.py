"""Keys as in other editors: what each preset changes of the program's own, as an editor's hands know them."""

from collections.abc import Iterable, Mapping

from PySide6.QtGui import QKeySequence

from svi_studio.ui.actions.action_table import rows_by_id

Keys = tuple[str, ...]

PRESETS: Mapping[str, Mapping[str, Keys]] = {
    "Studio": {},
    "Like Premiere": {
        "clip.toggle_cut": ("Ctrl+Shift+K",),
        "take.compare": ("Ctrl+Alt+C",),
        "play.clear_in": ("Ctrl+Shift+I",),
        "play.clear_out": ("Ctrl+Shift+O",),
        "play.clear_range": ("Ctrl+Shift+X",),
        "play.next_edit": ("Down", "PgDown"),
        "play.previous_edit": ("Up", "PgUp"),
        "play.loop": ("Ctrl+Alt+L",),
        "play.next_marker": ("Shift+M",),
        "play.previous_marker": ("Ctrl+Shift+M",),
        "edit.select_none": ("Ctrl+Shift+A",),
        "clip.duplicate": ("Ctrl+Shift+/",),
        "film.export": ("Ctrl+M",),
        "edit.shortcuts": ("Ctrl+Alt+K",),
        "view.preview_full_screen": ("Ctrl+`",),
    },
    "Like Resolve": {
        "view.snap": ("N",),
        "view.fit": ("Shift+Z",),
        "view.zoom_in": ("Ctrl+=", "Ctrl++"),
        "view.zoom_out": ("Ctrl+-",),
        "clip.toggle_cut": ("Ctrl+B",),
        "play.clear_range": ("Alt+X",),
        "play.loop": ("Ctrl+/",),
        "view.preview_full_screen": ("P",),
        "play.next_marker": ("Shift+Down",),
        "play.previous_marker": ("Shift+Up",),
        "clip.select_previous": (),
        "clip.select_next": (),
        "edit.shortcuts": ("Ctrl+Alt+K",),
    },
    "Like Shotcut": {
        "clip.toggle_cut": ("S",),
        "view.snap": ("Ctrl+Alt+S",),
        "view.fit": ("0",),
        "take.rate_0": (),
        "clip.insert_before": ("Ctrl+,",),
        "edit.preferences": (),
        "clip.delete": ("Del", "Shift+Del", "X", "Z"),
        "play.next_edit": ("Alt+Right", "Down"),
        "play.previous_edit": ("Alt+Left", "Up"),
        "clip.move_left": ("Ctrl+Left",),
        "clip.move_right": ("Ctrl+Right",),
        "play.second_on": ("PgDown", "Shift+Right"),
        "play.second_back": ("PgUp", "Shift+Left"),
        "play.next_marker": (">",),
        "play.previous_marker": ("<",),
        "play.loop": ("Ctrl+\\",),
    },
}
"""Name of a preset -> action id -> its keys there. What a preset does not name keeps the program's own keys."""


def preset_keys(name: str) -> dict[str, Keys]:
    """The keys of every action in the preset called ``name``; KeyError when there is none."""
    changes = PRESETS[name]
    return {action_id: changes.get(action_id, row.keys) for action_id, row in rows_by_id().items()}


def preset_of(keys: Mapping[str, Keys]) -> str | None:
    """The preset that has exactly these keys, None when they are the user's own."""
    return next((name for name in PRESETS if preset_keys(name) == dict(keys)), None)


def owner_of(key: str, keys: Mapping[str, Keys], but: str = "") -> str | None:
    """The action that has ``key``, other than ``but``."""
    wanted = plain_key(key)
    owners = (action_id for action_id, own in keys.items() if wanted in map(plain_key, own) and action_id != but)
    return next(owners, None)


def plain_key(key: str) -> str:
    """One way to write a key, so that two can be compared: portable, with the same key always named the same."""
    return QKeySequence(key, QKeySequence.SequenceFormat.PortableText).toString(
        QKeySequence.SequenceFormat.PortableText
    )


def shown_keys(keys: Iterable[str]) -> str:
    """Keys as this system writes them, for people."""
    native = QKeySequence.SequenceFormat.NativeText
    portable = QKeySequence.SequenceFormat.PortableText
    return ",  ".join(QKeySequence(key, portable).toString(native) for key in keys)
