"""Counts, durations, sizes and clip ranges as the window says them: short, plain, never more exact than known."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.text.wording import runs


def _tr(text: str) -> str:
    return QCoreApplication.translate("Words", text)


def clips(count: int) -> str:
    """``1 clip``, ``4 clips``."""
    return _tr("1 clip") if count == 1 else _tr("{count} clips").format(count=count)


def clip_range(indexes: Iterable[int], total: int) -> str:
    """Clips counted from 0, out of ``total``: ``clip 3``, ``clips 3 to 7``, ``clips 1, 3 and 8``, ``all 12 clips``.

    More than three stretches become their number and their ends: ``6 clips between 3 and 40``.
    """
    numbers = sorted(index + 1 for index in set(indexes))
    if len(numbers) == total and total > 1:
        return _tr("all {count} clips").format(count=total)
    found = runs(numbers)
    if len(found) > 3:
        between = _tr("{clips} between {first} and {last}")
        return between.format(clips=clips(len(numbers)), first=numbers[0], last=numbers[-1])
    parts = [str(first) if first == last else _span(first, last) for first, last in found]
    listed = (
        parts[0] if len(parts) == 1 else _tr("{some} and {last}").format(some=", ".join(parts[:-1]), last=parts[-1])
    )
    return (_tr("clip {number}") if len(numbers) == 1 else _tr("clips {number}")).format(number=listed)


def clip_span(first: int, last: int, total: int) -> str:
    """The same for the clips ``first`` to ``last``, both from 0 and inclusive."""
    if first == last:
        return _tr("clip {number}").format(number=first + 1)
    if last - first + 1 == total:
        return _tr("all {count} clips").format(count=total)
    return _tr("clips {number}").format(number=_span(first + 1, last + 1))


def _span(first: int, last: int) -> str:
    return _tr("{first} to {last}").format(first=first, last=last)


def about(seconds: float) -> str:
    """An estimate: ``a few seconds``, ``about 40 s``, ``about 3 min``, ``about 2 h 10 min``, ``about 3 days``."""
    if seconds < 7.5:
        return _tr("a few seconds")
    return _tr("about {time}").format(time=_rounded(seconds))


def left(seconds: float) -> str:
    """Returns the time that a render still takes: ``about 3 min left``."""
    return _tr("{time} left").format(time=about(seconds))


def _rounded(seconds: float) -> str:
    """A duration as coarse as people say it: ``40 s``, ``3 min``, ``2 h 10 min``, ``3 days``."""
    if seconds < 57.5:
        return _tr("{count} s").format(count=max(5, round(seconds / 5) * 5))
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return _tr("{count} min").format(count=minutes)
    if minutes < 60 * 48:
        hours, rest = divmod(round(minutes / 10) * 10 if minutes > 120 else minutes, 60)
        return _tr("{hours} h {minutes} min").format(hours=hours, minutes=rest) if rest else _hours(hours)
    return _tr("{count} days").format(count=round(minutes / 60 / 24))


def _hours(count: int) -> str:
    return _tr("{count} h").format(count=count)


def film_length(seconds: float) -> str:
    """How long a film plays: ``2.5 s``, ``1:05 min``, ``1:02:03 h``."""
    if seconds < 60:
        return _tr("{seconds} s").format(seconds=f"{seconds:.1f}")
    whole = round(seconds)
    if whole < 3600:
        return _tr("{minutes} min").format(minutes=f"{whole // 60}:{whole % 60:02}")
    return _tr("{hours} h").format(hours=f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}")


def size(count: float) -> str:
    """Bytes in powers of ten: ``40 KB``, ``1.4 MB``, ``512 MB``, ``1.5 GB``, ``120 GB``."""
    if count < 1e6:
        return _tr("{count} KB").format(count=max(1, round(count / 1e3)))
    if count < 1e9:
        return _tr("{count} MB").format(count=f"{count / 1e6:.1f}" if count < 1e7 else round(count / 1e6))
    return _tr("{count} GB").format(count=f"{count / 1e9:.1f}" if count < 1e10 else f"{count / 1e9:.0f}")


def capital(text: str) -> str:
    """Returns ``text`` with a capital first letter, for the start of a sentence."""
    return text[:1].upper() + text[1:]
