# ruff: noqa: N818 - the names say what happened; every one of them is a StudioError
"""What a hub can answer instead of a file: one sentence each, with what to do."""

from collections.abc import Mapping

from svi_studio.domain.errors import BadWeights, StudioError
from svi_studio.domain.text.wording import as_duration
from svi_studio.net.retry_after import retry_seconds

_BUSY = {408, 425, 429, 500, 502, 503, 504}
_MOST_WAIT_S = 600.0
_DAY_S = 86_400


class Offline(StudioError):
    """The user wants nothing to be asked."""


class Forbidden(StudioError):
    """The authors want their terms to be accepted first, or the key is wrong."""


class NoSuchFile(StudioError):
    """The hub has no such repository, version or file."""


class Busy(StudioError):
    """The server wants to be asked later: after ``seconds``, where it says so."""

    def __init__(self, sentence: str, seconds: float | None) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class Damaged(BadWeights):
    """A file that is not what its checksum says."""


def refusal(status: int, headers: Mapping[str, str], what: str) -> StudioError:
    """What to say about an answer that is no success; ``what`` is the repository or the file."""
    code = headers.get("x-error-code", "")
    if status in _BUSY:
        seconds = retry_seconds(headers.get("retry-after", ""))
        if seconds is not None and seconds > _MOST_WAIT_S:
            when = f"in {as_duration(seconds)}" if seconds <= _DAY_S else "another day"
            return StudioError(f"The hub is busy and asks for a long wait: get {what} {when}; what came is kept.")
        return Busy(f"The hub is busy ({status}).", seconds)
    if code == "GatedRepo" or status == 403:
        return Forbidden(
            f"{what} is given out only to those who accept its authors' terms: open its page on the hub, accept them "
            "there, make an access token under Settings, and enter it."
        )
    if status == 401:
        return Forbidden(f"The hub does not have {what}, or not for everybody: check the name, and the access token.")
    return NoSuchFile(f"The hub has no {what} (error {status}): see on its pages whether it has moved.")
