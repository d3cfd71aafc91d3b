"""How fast a scratch voice speaks, in words a minute."""

from typing import Final

SLOWEST: Final = 80
USUAL: Final = 160
FASTEST: Final = 450
