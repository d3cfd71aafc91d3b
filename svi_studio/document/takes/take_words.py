"""A take in plain words: when and how it was made, and why it is not the clip's present one."""

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QDateTime, QLocale, Qt

from svi_studio.document import words
from svi_studio.document.takes.continuity_words import movement_words
from svi_studio.document.takes.take_look import TakeLook
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_difference import Difference, Differs
from svi_studio.domain.text.wording import as_duration

translate = QCoreApplication.translate


def _noop(text: str) -> str:
    """``text`` for ``translate``, when somebody reads it."""
    return str(QT_TRANSLATE_NOOP("Takes", text))


def when_words(take: Take) -> str:
    """The time of day, with the day when that is not today; empty for a take that does not know."""
    made = QDateTime.fromString(take.created_at, Qt.DateFormat.ISODateWithMs).toLocalTime()
    if not made.isValid():
        return ""
    time = QLocale().toString(made.time(), QLocale.FormatType.ShortFormat)
    today = QDateTime.currentDateTime().date()
    if made.date() == today:
        return translate("Takes", "today, {time}").format(time=time)
    day = QLocale().toString(made.date(), "d MMM" if made.date().year() == today.year() else "d MMM yyyy")
    return f"{day}, {time}"


def seed_words(take: Take) -> str:
    """The seed, or that there was none."""
    seed = take.job.seed
    return translate("Takes", "Random seed") if seed is None else translate("Takes", "Seed {seed}").format(seed=seed)


def made_words(look: TakeLook) -> str:
    """Steps, how much it moves where that was measured, duration and size in one line, of which the end may be cut."""
    count = look.take.job.num_inference_steps
    steps = translate("Takes", "1 step") if count == 1 else translate("Takes", "{count} steps").format(count=count)
    motion = movement_words(look.take.continuity)
    parts = (steps, motion, as_duration(look.take.render_seconds), words.size(look.bytes))
    return " · ".join(filter(None, parts))


def standing_words(look: TakeLook) -> str:
    """Whether the clip shows this take and why, in a few words."""
    if look.is_kept:
        return translate("Takes", "Kept by you")
    if look.is_draft:
        return translate("Takes", "Draft of these settings")
    if look.fits:
        return translate("Takes", "Fits the settings")
    if not look.differs:
        return translate("Takes", "From other settings")
    names = [difference_name(each.kind) for each in look.differs]
    first = names[0][0].upper() + names[0][1:]
    return ", ".join([first, *names[1:3]]) + ("…" if len(names) > 3 else "")


def difference_name(kind: Differs) -> str:
    """What differs, as part of a list."""
    names: Mapping[Differs, str] = {
        Differs.PROMPT: translate("Takes", "other prompt"),
        Differs.SEED: translate("Takes", "other seed"),
        Differs.PICTURE: translate("Takes", "other picture"),
        Differs.FRAME: translate("Takes", "other crop"),
        Differs.END: translate("Takes", "other end picture"),
        Differs.END_FRAME: translate("Takes", "other crop of the end picture"),
        Differs.VIDEO: translate("Takes", "other video before it"),
        Differs.INPUTS: translate("Takes", "other track"),
        Differs.START: translate("Takes", "other start"),
        Differs.PARENT: translate("Takes", "follows another take"),
        Differs.NEGATIVE_PROMPT: translate("Takes", "other negative prompt"),
        Differs.STEPS: translate("Takes", "other steps"),
        Differs.GUIDANCE: translate("Takes", "other guidance"),
        Differs.GUIDANCE_LOW: translate("Takes", "other guidance of the details"),
        Differs.BOUNDARY: translate("Takes", "experts change elsewhere"),
        Differs.SHIFT: translate("Takes", "other shift"),
        Differs.MOTION: translate("Takes", "other motion"),
        Differs.SIZE: translate("Takes", "other size"),
        Differs.FRAMES: translate("Takes", "other length"),
        Differs.FAMILY: translate("Takes", "other family"),
        Differs.MODEL: translate("Takes", "other model"),
        Differs.LORAS: translate("Takes", "other LoRAs"),
        Differs.ENGINE: translate("Takes", "older program"),
    }
    return names[kind]


def difference_sentence(difference: Difference) -> str:
    """The whole sentence for one thing that differs; empty for the prompt, whose words are shown apart."""
    sentences: Mapping[Differs, str] = {
        Differs.SEED: translate("Takes", "Its seed is {take}, the clip now has {now}."),
        Differs.PICTURE: translate("Takes", "It was made from another picture."),
        Differs.FRAME: translate("Takes", "It shows another part of the picture, or other colours of it."),
        Differs.END_FRAME: translate("Takes", "It ends on another part of its end picture, or on other colours of it."),
        Differs.INPUTS: translate("Takes", "Another part of a track lay under it."),
        Differs.PARENT: translate("Takes", "It goes on from another take of the clip before."),
        Differs.NEGATIVE_PROMPT: translate("Takes", "It had another negative prompt."),
        Differs.STEPS: translate("Takes", "It was made with {take} steps, now there are {now}."),
        Differs.GUIDANCE: translate("Takes", "Its guidance was {take}, now it is {now}."),
        Differs.GUIDANCE_LOW: translate("Takes", "The guidance of its low-noise expert was {take}, now it is {now}."),
        Differs.BOUNDARY: translate("Takes", "Its experts changed places at {take}, now they do at {now}."),
        Differs.SHIFT: translate("Takes", "The shift of its noise was {take}, now it is {now}."),
        Differs.MOTION: translate("Takes", "Its motion was widened by {take}, now it is by {now}."),
        Differs.SIZE: translate("Takes", "It is {take} pixels, the film is now {now}."),
        Differs.FRAMES: translate("Takes", "It has {take} frames, clips now have {now}."),
        Differs.FAMILY: translate("Takes", "It was made for the family {take}, the film is now {now}."),
        Differs.MODEL: translate("Takes", "It was made with another model."),
        Differs.LORAS: translate("Takes", "It was made with other LoRAs, other weights or another stability."),
        Differs.ENGINE: translate("Takes", "It was made by another version of the program, which drew differently."),
    }
    told = _PRESENCE.get((difference.kind, bool(difference.take), bool(difference.now)))
    if told is not None:
        return translate("Takes", told)
    empty = _NOTHING.get(difference.kind, "random")
    take, now = (each or translate("Takes", empty) for each in (difference.take, difference.now))
    return sentences.get(difference.kind, "").format(take=take, now=now)


_NOTHING: Mapping[Differs, str] = {
    Differs.GUIDANCE_LOW: str(QT_TRANSLATE_NOOP("Takes", "that of the other expert")),
    Differs.BOUNDARY: str(QT_TRANSLATE_NOOP("Takes", "no noise level")),
}
"""What stands in a sentence for a value that is not there."""

_PRESENCE: Mapping[tuple[Differs, bool, bool], str] = {
    (Differs.START, True, False): _noop("It follows the clip before, but the clip now starts fresh."),
    (Differs.START, False, True): _noop("It starts from a picture, but the clip now follows on."),
    (Differs.END, False, True): _noop("It ends freely, but the clip now ends on a picture."),
    (Differs.END, True, False): _noop("It ends on a picture, but the clip now ends freely."),
    (Differs.END, True, True): _noop("It ends on another picture."),
    (Differs.VIDEO, False, True): _noop("The clip now goes on from a video."),
    (Differs.VIDEO, True, False): _noop("It goes on from a video, but the clip now does not."),
    (Differs.VIDEO, True, True): _noop("It goes on from another video, or from another part of it."),
}
"""Sentences for what only one of them has, by whether the take and the clip now have it."""
