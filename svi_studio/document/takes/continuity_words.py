"""How a take holds together, in plain words: its colours, its sharpness, how much moves, how it joins."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

_LEVELS = 255
_BRIGHTNESS, _TINT = 6.0, 12.0  # levels that an eye notices between two pictures
_SOFT, _SHARP = 0.85, 1.3  # against the start picture; decoded frames of good takes lie between
_CALM, _CLEAR, _LIVELY = 1.0, 3.5, 8.0  # levels a frame: a puppet that rests, one that dances, a change of scene
_LITTLE, _MUCH = 0.65, 1.6  # against the film's first clips
_SMOOTH, _SLIGHT = 5.0, 10.0  # levels at the join

translate = QCoreApplication.translate


def continuity_words(figures: Mapping[str, float], usual: float | None = None) -> tuple[str, ...]:
    """One sentence for each figure of a take's ``continuity`` that is there.

    ``usual``: how much the film's first clips move, None while there is nothing to compare with.
    """
    words = []
    if {"red", "green", "blue"} <= figures.keys():
        words.append(_colours(figures["red"], figures["green"], figures["blue"]))
    if "sharpness" in figures:
        words.append(_sharpness(figures["sharpness"]))
    if usual and "movement" in figures:
        words.append(_movement(figures["movement"], usual))
    elif "motion" in figures:
        words.append(_motion(figures["motion"]))
    if "seam" in figures:
        words.append(_seam(figures["seam"]))
    return tuple(words)


def _colours(red: float, green: float, blue: float) -> str:
    light, warmth = (red + green + blue) / 3, red - blue
    parts = []
    if abs(light) >= _BRIGHTNESS:
        brighter = translate("Takes", "{percent} % brighter")
        darker = translate("Takes", "{percent} % darker")
        parts.append((brighter if light > 0 else darker).format(percent=round(abs(light) / _LEVELS * 100)))
    if abs(warmth) >= _TINT:
        parts.append(translate("Takes", "warmer") if warmth > 0 else translate("Takes", "cooler"))
    if not parts:
        return translate("Takes", "Ends in the colours of the start picture.")
    how = translate("Takes", " and ").join(parts)
    return translate("Takes", "Ends {how} than the start picture.").format(how=how)


def _sharpness(ratio: float) -> str:
    if ratio < _SOFT:
        percent = round((1 - ratio) * 100)
        return translate("Takes", "{percent} % softer than the start picture.").format(percent=percent)
    if ratio > _SHARP:
        return translate("Takes", "More detail than the start picture.")
    return translate("Takes", "As sharp as the start picture.")


def _motion(levels: float) -> str:
    if levels < _CALM:
        return translate("Takes", "Hardly anything moves.")
    if levels < _CLEAR:
        return translate("Takes", "Moves calmly.")
    return translate("Takes", "Moves clearly.") if levels < _LIVELY else translate("Takes", "Moves a lot.")


def _movement(figure: float, usual: float) -> str:
    """Slow motion as a number: most films lose motion after their first clips."""
    if figure < _LITTLE * usual:
        words = translate("Takes", "Moves little: {figure}, and the film's first clips {usual}.")
    elif figure > _MUCH * usual:
        words = translate("Takes", "Moves a lot: {figure}, and the film's first clips {usual}.")
    else:
        words = translate("Takes", "Moves as usual: {figure}, and the film's first clips {usual}.")
    return words.format(figure=movement_number(figure), usual=movement_number(usual))


def movement_words(figures: Mapping[str, float]) -> str:
    """``moves 3.4``, for a caption; empty for a take that was made before that was measured."""
    if "movement" not in figures:
        return ""
    return translate("Takes", "moves {figure}").format(figure=movement_number(figures["movement"]))


def movement_number(figure: float) -> str:
    """Two digits that count."""
    return f"{figure:.1f}" if figure < 10 else f"{figure:.0f}"


def _seam(levels: float) -> str:
    if is_smooth_join(levels):
        return translate("Takes", "Joins the clip before smoothly.")
    if is_slight_jump(levels):
        return translate("Takes", "A slight jump from the clip before.")
    return translate("Takes", "A clear jump from the clip before.")


def is_smooth_join(levels: float) -> bool:
    """Whether an eye sees nothing of a change of so many levels from one take to the next."""
    return levels < _SMOOTH


def is_slight_jump(levels: float) -> bool:
    """Whether a change of so many levels is seen only by who looks for it."""
    return levels < _SLIGHT
