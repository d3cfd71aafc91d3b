"""What the training window says about clips, runs and figures: short and plain."""

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.events import PreparationStage
from svi_studio.domain.training.family_footage import needed_inputs, video_frames
from svi_studio.domain.training.footage import FootageClip, Reason
from svi_studio.domain.training.recipe import TrainingRecipe


def _tr(text: str) -> str:
    return QCoreApplication.translate("Training", text)


def reason(left_out: Reason) -> str:
    """Why a clip is left out, in two words."""
    return {
        Reason.TOO_SHORT: _tr("Too short"),
        Reason.STILL: _tr("Nothing moves"),
        Reason.BLACK: _tr("Black"),
        Reason.DUPLICATE: _tr("Shown before"),
        Reason.UNREADABLE: _tr("Cannot be read"),
        Reason.CHOPPY: _tr("Choppy"),
        Reason.TOO_SMALL: _tr("Too small"),
        Reason.NO_SOUND: _tr("No sound"),
        Reason.SILENT: _tr("Silent"),
        Reason.NOBODY: _tr("Nobody found"),
        Reason.SEVERAL_PEOPLE: _tr("Several people"),
        Reason.GAPS: _tr("Lost at times"),
    }[left_out]


def standing(clip: FootageClip) -> str:
    """Whether the training gets the clip, and why or why not."""
    if clip.left_out is None:
        return _tr("Used") if clip.is_used else _tr("You left it out")
    said = reason(clip.left_out)
    return _tr("Used anyway: {reason}").format(reason=said.lower()) if clip.is_used else said


def held_out() -> str:
    """What a card says of a clip that is never trained on."""
    return _tr("For test films")


def needs_words(family: str) -> str:
    """What a training of ``family`` needs beside videos that move, before anything is chosen; empty for most."""
    words = {
        InputKind.SOUND: _tr(
            "Needs footage with sound, one speaker at a time: in the videos, or as sound files of the same name beside "
            "them. The model must follow sound."
        ),
        InputKind.SKELETON: _tr(
            "Needs footage of one person, best from head to foot. Their poses are found in it, about 10 frames a "
            "second on a processor; a pose file of the same name beside a video saves that. The model must follow "
            "skeletons."
        ),
    }
    return " ".join(words[kind] for kind in needed_inputs(family))


def scene_words(recipe: TrainingRecipe) -> str:
    """How long scenes must be where a clip is trained with the one before it; empty elsewhere."""
    frames = video_frames(recipe.family, recipe.num_frames)
    if frames == recipe.num_frames:
        return ""
    words = _tr(
        "Needs scenes of {seconds} seconds or longer without a cut: every sample is a clip and the one before it."
    )
    return words.format(seconds=f"{frames / recipe.fps:.1f}")


def beside_words(clip: FootageClip) -> str:
    """What was found of a clip beside its pictures: how loud it is, or how much of the person; empty without."""
    said = []
    if clip.sound is not None:
        place = _tr("its own") if clip.sound.source == clip.source else clip.sound.source
        said.append(_tr("Sound: {place}, {level} LUFS").format(place=place, level=f"{clip.sound.level:.0f}"))
    if clip.skeleton is not None:
        place = clip.skeleton.source or _tr("found in the video")
        seen = f"{clip.skeleton.seen:.0%}"
        said.append(_tr("Skeleton: {place}, seen in {share} of the frames").format(place=place, share=seen))
    return "\n".join(said)


def clip_count(count: int) -> str:
    """``1 clip``, ``1,204 clips``."""
    return _tr("1 clip") if count == 1 else _tr("{count} clips").format(count=f"{count:,}")


def place(clip: FootageClip) -> str:
    """From when to when in its video: ``0:12 to 0:17``."""
    return _tr("{start} to {end}").format(start=clock(clip.start), end=clock(clip.start + clip.seconds))


def clock(seconds: float) -> str:
    """``0:12``, ``1:02:03``."""
    whole = int(seconds)
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02}"
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def stage(which: PreparationStage) -> str:
    """Returns the words for a stage of the preparation."""
    return {
        PreparationStage.LIBRARIES: _tr("Starting the trainer"),
        PreparationStage.FOOTAGE: _tr("Reading the footage"),
        PreparationStage.SKELETON: _tr("Looking for people"),
        PreparationStage.CAPTIONS: _tr("Writing captions"),
        PreparationStage.MODEL: _tr("Loading the model"),
        PreparationStage.LATENTS: _tr("Preparing the clips, once"),
        PreparationStage.CHECKPOINT: _tr("Saving a checkpoint"),
        PreparationStage.TEST_FILM: _tr("Making a test film"),
        PreparationStage.CONTROL: _tr("Training without errors first, to compare with"),
    }[which]


def short_stage(which: PreparationStage) -> str:
    """Returns the words for it where there is room for few."""
    return {
        PreparationStage.LATENTS: _tr("Preparing clips"),
        PreparationStage.TEST_FILM: _tr("Test films"),
        PreparationStage.CONTROL: _tr("Without errors"),
    }.get(which) or stage(which)


def step_time(seconds: float) -> str:
    """How long one step takes: ``0.42 s``, ``38 s``, ``2.5 min``."""
    if seconds < 10:
        return _tr("{count} s").format(count=f"{seconds:.2f}")
    if seconds < 120:
        return _tr("{count} s").format(count=round(seconds))
    return _tr("{count} min").format(count=f"{seconds / 60:.1f}")


def rate(value: float) -> str:
    """A learning rate as trainers write it: ``2e-5``, ``0.001``."""
    if value >= 1e-3 or value == 0:
        return f"{value:g}"
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}"
