"""Every action of the window in one table: its name, its words, its keys, its menu and its icon."""

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action. ``id`` is ``menu.name``; ``keys`` are portable key texts, the first is shown in the menu."""

    id: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False

    @property
    def menu(self) -> str:
        """The menu of the action: film, edit, clip, take, play, sound, view, render or help."""
        return self.id.partition(".")[0]


SEPARATOR = ActionRow("", "")


def _a(action_id: str, text: str, keys: str = "", icon: str = "", *, checkable: bool = False) -> ActionRow:
    return ActionRow(action_id, text, tuple(keys.split()), icon, checkable)


def _text(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("Actions", text))


ROWS: tuple[ActionRow, ...] = (
    _a("film.new_from_picture", _text("New film from a picture…"), "Ctrl+N", "picture"),
    _a("film.new_from_words", _text("New film from a few words…"), "Ctrl+Shift+N", "text"),
    _a("film.new_from_example", _text("New film from an example…"), "", "film"),
    _a("film.open", _text("Open a film…"), "Ctrl+O", "folder"),
    _a("film.open_storyboard", _text("Open a storyboard file…")),
    SEPARATOR,
    _a("film.save", _text("Save now"), "Ctrl+S", "save"),
    _a("film.export", _text("Export…"), "Ctrl+E", "export"),
    SEPARATOR,
    _a("film.story", _text("Write a story…"), "Ctrl+Shift+W", "text"),
    _a("film.ready_made", _text("Start from a ready-made picture…"), "", "picture"),
    _a("film.import_prompts", _text("Import prompts…")),
    _a("film.export_prompts", _text("Export prompts…")),
    SEPARATOR,
    _a("film.add_skeleton", _text("Add a skeleton…"), "", "dance"),
    SEPARATOR,
    _a("film.models", _text("Models…"), "Ctrl+Shift+G", "model"),
    _a("film.loras", _text("LoRA library…"), "", "layers"),
    _a("film.train", _text("Train a LoRA…"), "Ctrl+T", "model"),
    _a("film.other_model", _text("Choose the model…"), "", "model"),
    _a("film.relink", _text("Find missing files…"), "", "search"),
    _a("film.show_folder", _text("Show the film's folder"), "", "external"),
    SEPARATOR,
    _a("film.close", _text("Close the film"), "Ctrl+W"),
    _a("film.quit", _text("Quit"), "Ctrl+Q"),
    _a("edit.undo", _text("Undo"), "Ctrl+Z", "undo"),
    _a("edit.redo", _text("Redo"), "Ctrl+Shift+Z Ctrl+Y", "redo"),
    SEPARATOR,
    _a("edit.cut", _text("Cut"), "Ctrl+X"),
    _a("edit.copy", _text("Copy"), "Ctrl+C"),
    _a("edit.paste", _text("Paste"), "Ctrl+V"),
    SEPARATOR,
    _a("edit.select_all", _text("Select all clips"), "Ctrl+A"),
    _a("edit.select_none", _text("Deselect all"), "Ctrl+Shift+A"),
    SEPARATOR,
    _a("edit.shortcuts", _text("Keyboard shortcuts…"), "Ctrl+K F1", "key"),
    _a("edit.preferences", _text("Preferences…"), "Ctrl+,", "settings"),
    _a("clip.insert_before", _text("Insert clip before"), ",", "plus"),
    _a("clip.insert_after", _text("Insert clip after"), ". Ins"),
    _a("clip.duplicate", _text("Duplicate"), "Ctrl+D", "duplicate"),
    _a("clip.delete", _text("Delete"), "Del Shift+Del Backspace", "trash"),
    SEPARATOR,
    _a("clip.move_left", _text("Move earlier"), "Alt+Left", "arrow-left"),
    _a("clip.move_right", _text("Move later"), "Alt+Right", "arrow-right"),
    SEPARATOR,
    _a("clip.toggle_cut", _text("Start fresh here"), "B", "scissors", checkable=True),
    _a("clip.toggle_lock", _text("Lock"), "Ctrl+L", "lock", checkable=True),
    _a("clip.reroll", _text("Re-roll the seed"), "R", "dice"),
    _a("clip.edit_prompt", _text("Write the prompt"), "Return F2", "text"),
    _a("clip.rewrite", _text("Rewrite with a story writer…"), "Ctrl+Shift+E", "refresh"),
    _a("clip.story_after", _text("Write a story after it…")),
    SEPARATOR,
    _a("clip.set_image", _text("Choose a picture…"), "", "picture"),
    _a("clip.clear_image", _text("Remove the picture")),
    _a("clip.set_end_image", _text("Choose a picture to end on…"), "", "skip-end"),
    _a("clip.clear_end_image", _text("Remove the end picture")),
    _a("clip.go_on_from_video", _text("Go on from a video…"), "", "film"),
    SEPARATOR,
    _a("clip.render_between", _text("Render again, keep the neighbours"), "", "refresh"),
    _a("clip.fork", _text("What if: try another version from here"), "Ctrl+Shift+D", "branch"),
    _a("clip.untrim", _text("Show the whole clip again")),
    SEPARATOR,
    _a("clip.at_playhead", _text("Go to the clip under the playhead"), "F"),
    _a("clip.select_previous", _text("Select the previous clip"), "Shift+Up"),
    _a("clip.select_next", _text("Select the next clip"), "Shift+Down"),
    _a("take.previous", _text("Newer take"), "["),
    _a("take.next", _text("Older take"), "]"),
    _a("take.choose", _text("Use this take"), "", "check"),
    _a("take.release", _text("Follow the settings again"), "", "link"),
    _a("take.compare", _text("Compare two takes"), "C", "compare"),
    SEPARATOR,
    _a("take.rate_1", _text("Rate 1 star"), "1"),
    _a("take.rate_2", _text("Rate 2 stars"), "2"),
    _a("take.rate_3", _text("Rate 3 stars"), "3"),
    _a("take.rate_4", _text("Rate 4 stars"), "4"),
    _a("take.rate_5", _text("Rate 5 stars"), "5", "star"),
    _a("take.rate_0", _text("No stars"), "0"),
    SEPARATOR,
    _a("take.continue_from_frame", _text("Continue from this frame"), "Ctrl+Shift+C", "arrow-right"),
    _a("take.use_as_anchor", _text("Use this frame as anchor"), "Ctrl+Shift+F", "pin"),
    _a("take.end_on_frame", _text("End the clip on this frame"), "", "skip-end"),
    _a("take.save_frame", _text("Save this frame…"), "Ctrl+Shift+S", "camera"),
    SEPARATOR,
    _a("take.delete", _text("Delete takes…"), "", "trash"),
    _a("take.delete_unused", _text("Delete unused takes…")),
    _a("play.toggle", _text("Play or pause"), "Space", "play"),
    _a("play.forward", _text("Play forward (again: faster)"), "L"),
    _a("play.stop", _text("Stop"), "K", "stop"),
    _a("play.backward", _text("Play backward (again: faster)"), "J"),
    _a("play.loop", _text("Play in a loop"), "Ctrl+Shift+L", "loop", checkable=True),
    SEPARATOR,
    _a("play.previous_frame", _text("One frame back"), "Left", "step-back"),
    _a("play.next_frame", _text("One frame forward"), "Right", "step-forward"),
    _a("play.second_back", _text("One second back"), "Shift+Left"),
    _a("play.second_on", _text("One second forward"), "Shift+Right"),
    _a("play.previous_edit", _text("Start of this clip, or the previous one"), "Up"),
    _a("play.next_edit", _text("Start of the next clip"), "Down"),
    _a("play.start", _text("Start of the film"), "Home", "skip-start"),
    _a("play.end", _text("End of the film"), "End", "skip-end"),
    SEPARATOR,
    _a("play.set_in", _text("Set the in point"), "I", "in-point"),
    _a("play.set_out", _text("Set the out point"), "O", "out-point"),
    _a("play.go_to_in", _text("Go to the in point"), "Shift+I"),
    _a("play.go_to_out", _text("Go to the out point"), "Shift+O"),
    _a("play.clear_in", _text("Clear the in point"), "Alt+I"),
    _a("play.clear_out", _text("Clear the out point"), "Alt+O"),
    _a("play.clear_range", _text("Clear both points"), "Alt+X"),
    SEPARATOR,
    _a("play.add_marker", _text("Add a marker"), "M", "flag"),
    _a("play.previous_marker", _text("Previous marker"), "Ctrl+Shift+M"),
    _a("play.next_marker", _text("Next marker"), "Shift+M"),
    _a("play.rename_marker", _text("Rename the marker…")),
    _a("play.remove_marker", _text("Remove the marker")),
    _a("sound.add", _text("Add sound…"), "Ctrl+I", "sound"),
    _a("sound.record", _text("Record from the microphone"), "", "microphone", checkable=True),
    _a("sound.speak", _text("Speak a text…"), "", "text"),
    SEPARATOR,
    _a("sound.select", _text("Select the sound under the playhead"), "Shift+S"),
    _a("sound.split", _text("Split the sound at the playhead"), "", "scissors"),
    _a("sound.remove", _text("Remove the sound"), "", "trash"),
    _a("sound.settings", _text("Loudness and fades…"), "", "waveform"),
    _a("sound.level", _text("Bring the sound to −23 LUFS")),
    SEPARATOR,
    _a("sound.fill", _text("As many clips as the sound is long"), "", "clip"),
    _a("sound.clips", _text("Clips from sound…"), "", "scissors"),
    _a("sound.mute", _text("Mute the film's sound"), "Ctrl+Alt+M", "sound-off", checkable=True),
    _a("sound.subtitles", _text("Subtitles…"), "Ctrl+Shift+T", "text"),
    SEPARATOR,
    _a("sound.scrub", _text("Hear the sound while the playhead is pulled"), "", "", checkable=True),
    _a("view.zoom_in", _text("Zoom in"), "= +", "zoom-in"),
    _a("view.zoom_out", _text("Zoom out"), "-", "zoom-out"),
    _a("view.fit", _text("Show the whole film"), "\\", "fit"),
    _a("view.snap", _text("Snap"), "S", "magnet", checkable=True),
    _a("view.grid", _text("Clips as a grid"), "G", "grid", checkable=True),
    SEPARATOR,
    _a("view.picture_fit", _text("Fit the picture"), "Ctrl+0"),
    _a("view.picture_full_size", _text("Picture at 100 %"), "Ctrl+1"),
    _a("view.onion_skin", _text("Skeleton over the picture"), "Y", "dance", checkable=True),
    _a("view.follow_render", _text("Follow the render in the preview"), "", "eye", checkable=True),
    _a("view.preview_full_screen", _text("Preview in full screen"), "Shift+F", "fullscreen"),
    _a("view.full_screen", _text("Window in full screen"), "F11", "", checkable=True),
    SEPARATOR,
    _a("view.theme_light", _text("Light"), "", "sun", checkable=True),
    _a("view.theme_dark", _text("Dark"), "", "moon", checkable=True),
    _a("view.theme_system", _text("Follow the system"), "", "", checkable=True),
    SEPARATOR,
    _a("view.next_panel", _text("Go to the next panel"), "F6"),
    _a("view.previous_panel", _text("Go to the previous panel"), "Shift+F6"),
    _a("view.reset_layout", _text("Reset the layout"), "", "refresh"),
    _a("render.stale", _text("Render what is missing"), "Ctrl+Return Ctrl+Enter", "play"),
    _a("render.stale_first", _text("Render it first"), "Ctrl+Shift+Return Ctrl+Shift+Enter"),
    _a("render.selection", _text("Render the selected clips"), "Ctrl+R"),
    _a("render.from_here", _text("Render from here to the end"), "Ctrl+Alt+R"),
    _a("render.range", _text("Render between in and out")),
    _a("render.draft", _text("Draft quality"), "Ctrl+Shift+P", "", checkable=True),
    SEPARATOR,
    _a("render.check", _text("Check before rendering…"), "", "check"),
    SEPARATOR,
    _a("render.pause", _text("Pause"), "Ctrl+P", "pause", checkable=True),
    _a("render.skip_clip", _text("Skip this clip"), "", "skip-end"),
    _a("render.stop", _text("Stop rendering"), "Ctrl+Alt+Return Ctrl+Alt+Enter", "stop"),
    SEPARATOR,
    _a("render.show_queue", _text("Show the queue"), "Ctrl+Shift+R", "queue"),
    _a("help.welcome", _text("Welcome"), "", "film"),
    _a("help.hardware", _text("This computer and its models…"), "", "gpu"),
    SEPARATOR,
    _a("help.crash_logs", _text("Show the crash logs"), "", "folder"),
    _a("help.about", _text("About SVI Studio"), "", "info"),
)

MENUS: tuple[tuple[str, str], ...] = (
    ("film", _text("&File")),
    ("edit", _text("&Edit")),
    ("clip", _text("&Clip")),
    ("take", _text("&Take")),
    ("play", _text("&Play")),
    ("sound", _text("&Sound")),
    ("view", _text("&View")),
    ("render", _text("&Render")),
    ("help", _text("&Help")),
)


def rows_by_id() -> dict[str, ActionRow]:
    """Every row but the separators."""
    return {row.id: row for row in ROWS if row.id}
