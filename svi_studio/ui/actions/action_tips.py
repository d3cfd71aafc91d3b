"""What an action will do, in a sentence, for those whose name leaves that open."""

from PySide6.QtCore import QT_TRANSLATE_NOOP


def _text(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("Actions", text))


TIPS: dict[str, str] = {
    "clip.fork": _text(
        "Puts copies of this clip and of those that go on from it behind them, to try something else. "
        "They show the same takes until you change one; the clips that are there stay as they are."
    ),
    "clip.untrim": _text("The film shows the clip to the end of its take. Nothing is rendered for it."),
    "clip.toggle_cut": _text(
        "The clip starts from a picture instead of the end of the clip before. It is then rendered again, "
        "and so are those that go on from it; their takes are kept."
    ),
    "clip.set_end_image": _text("The clip is made so that it ends on a picture, and the next one goes on from there."),
    "clip.go_on_from_video": _text(
        "The clip takes over the motion at the end of a video of yours, and the film goes on from there."
    ),
    "clip.render_between": _text(
        "Makes this clip once more with another seed: it starts where the clip before ends and ends where the next one "
        "begins, and both of those stay as they are."
    ),
    "take.end_on_frame": _text(
        "The selected clip is made so that it ends on this frame. It is then rendered again; its takes are kept."
    ),
    "sound.split": _text("While a sound is selected on the timeline, S does it too."),
    "sound.fill": _text("Adds cards at the end until the film is as long as its sound; no card is taken away."),
    "sound.speak": _text("A scratch voice, to hear how long a text is; a recording can take its place at any time."),
    "sound.clips": _text("Lets clips begin at sentences, silences or beats. Nothing is rendered anew for a trim."),
    "sound.subtitles": _text("Read them from a file, lay a script on the speech, write them; then export the film."),
    "sound.mute": _text("The sound is not heard, here and in exported films. Clips are made from it all the same."),
    "sound.level": _text("As loud as broadcasters bring everything. Nothing is rendered for it."),
    "clip.toggle_lock": _text("A locked clip keeps the take that it shows, and cannot be changed or deleted."),
    "take.continue_from_frame": _text(
        "The clip ends at this frame, and a new clip behind it goes on from there. The take stays whole."
    ),
    "take.use_as_anchor": _text(
        "This frame becomes the picture of the selected clip, in place of the one it has. It is then rendered again, "
        "and so are the clips that go on from it; their takes are kept."
    ),
}
