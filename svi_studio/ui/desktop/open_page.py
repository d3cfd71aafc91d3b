"""Opens a page of the internet in the user's browser."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_page(address: str) -> bool:
    """Shows the page at ``address``, which has to begin with https:// or http://; returns whether somebody does."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    return url.isValid() and url.scheme() in ("https", "http") and bool(QDesktopServices.openUrl(url))
