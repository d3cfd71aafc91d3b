"""A path in a training recipe."""

from typing import Annotated

from pydantic import StringConstraints

PathText = Annotated[str, StringConstraints(max_length=4096)]
"""A path of this computer as people type it; a relative one counts from the folder of the recipe."""
