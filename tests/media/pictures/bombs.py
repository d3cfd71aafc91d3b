"""Small files that would take hours."""

from io import BytesIO

from PIL import Image

_START_OF_SCAN, _END = b"\xff\xda", b"\xff\xd9"


def scan_bomb(side: int = 4000, scans: int = 3000) -> bytes:
    """A JPEG whose last scan is repeated ``scans`` times: each is decoded anew, and adds next to no bytes."""
    file = BytesIO()
    Image.new("L", (side, side), 128).save(file, "JPEG", progressive=True)
    content = file.getvalue()
    last = content.rindex(_START_OF_SCAN)
    scan = content[last : content.rindex(_END)]
    return content[:last] + scan * scans + _END
