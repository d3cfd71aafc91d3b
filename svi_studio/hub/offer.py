"""From a plan of what would be fetched to what a user wants to know before agreeing to it."""

import shutil
from pathlib import Path

from svi_studio.domain.fetching.offer import FetchOffer
from svi_studio.hub.coming_file import Wanted
from svi_studio.hub.fetch import FetchPlan
from svi_studio.hub.part_file import bytes_come


def offer_of(plan: FetchPlan, root: str) -> FetchOffer:
    """What ``plan`` means; ``root`` is the hub's address. Files of the right size count as here, unread."""
    return FetchOffer(
        name=plan.model.name,
        title=plan.model.title,
        files=len(plan.files),
        total=plan.bytes,
        to_come=sum(_to_come(plan.folder, each) for each in plan.files),
        free=_free(plan.folder),
        licence=plan.listing.licence or plan.model.licence,
        gated=plan.listing.gated,
        folder=str(plan.folder),
        page=f"{root}/{plan.listing.repository}",
    )


def _to_come(folder: Path, wanted: Wanted) -> int:
    target, size = folder / wanted.save_as, wanted.file.size
    try:
        if target.stat().st_size == size:
            return 0
    except OSError:
        return max(size - bytes_come(target), 0)
    return size


def _free(folder: Path) -> int:
    """Bytes free on the disk of a folder that need not be there yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free
