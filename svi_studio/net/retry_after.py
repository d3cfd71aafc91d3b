"""When a busy server may be asked again, as its answer says."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_seconds(text: str) -> float | None:
    """Seconds from now, of a number of seconds or a date (RFC 9110, section 10.2.3); None for anything else."""
    if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text.strip()):
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max((when - datetime.now(UTC)).total_seconds(), 0.0)
