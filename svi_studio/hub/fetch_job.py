"""Brings files of one repository here: several ranges at once, taken up where they were left, checked, then renamed."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.domain.fetching.events import (
    FetchEvent,
    FetchProgress,
    FetchWaiting,
    FileAnew,
    FileChecking,
    FileFetched,
)
from svi_studio.domain.text.wording import as_duration
from svi_studio.hub.byte_ranges import ByteRanges, Range
from svi_studio.hub.checksum import is_whole
from svi_studio.hub.coming_file import ComingFile, Wanted, coming
from svi_studio.hub.control import FetchControl
from svi_studio.hub.fetch_pace import Pace
from svi_studio.hub.hub import Hub
from svi_studio.hub.hub_errors import Busy, Damaged
from svi_studio.hub.listing import HubFile, Listing, read_listing
from svi_studio.hub.speed import Speed
from svi_studio.hub.transfer import Changed, InOnePiece, transfer
from svi_studio.net.net_errors import BadAddress, NetError, Redirected, Untrusted

Emit = Callable[[FetchEvent], None]

_LASTING = (BadAddress, Redirected, Untrusted)
"""What a second try does not mend."""


class FetchJob:
    """One run. Raises what ends it; what came by then is kept and noted."""

    def __init__(
        self,
        hub: Hub,
        listing: Listing,
        revision: str,
        folder: Path,
        fs: FsOps,
        *,
        emit: Emit,
        control: FetchControl,
        pace: Pace,
    ) -> None:
        self._hub, self._listing, self._revision = hub, listing, revision
        self._folder, self._fs, self._pace, self._control = folder, fs, pace, control
        self._tell, self._telling = emit, threading.Lock()
        self._files: list[ComingFile] = []
        self._changed = threading.Condition()
        self._error: BaseException | None = None
        self._not_before = 0.0
        self._speed = Speed()
        self._noted = self._told = time.monotonic()

    @property
    def received(self) -> int:
        """Bytes that came over the network."""
        return self._speed.received

    def files_as_fetched(self) -> dict[str, HubFile]:
        """By name here, what each file turned out to be on the hub."""
        return {file.wanted.save_as: file.wanted.file for file in self._files}

    def run(self, wanted: Sequence[Wanted]) -> None:
        """Brings all of ``wanted``; raises NetError, Forbidden, NoSuchFile, Damaged, DiskFull, StudioError, Stopped."""
        for each in sorted(wanted, key=lambda one: one.file.size):
            file = coming(each, self._listing.repository, self._listing.commit, self._folder, self._fs)
            with plain_errors(file.part.target.parent):
                self._fs.make_folder(file.part.target.parent)
            why = file.part.open()
            if why is not None:
                self._emit(FileAnew(each.save_as, f"{each.save_as} begins anew: {why}."))
            self._files.append(file)
        with ThreadPoolExecutor(self._pace.parallel, thread_name_prefix="fetch") as threads:
            for _ in range(self._pace.parallel):
                threads.submit(self._work)
        if self._error is not None:
            with suppress(StudioError):  # the disk may be what is wrong
                self._save_all()
            raise self._error
        self._save_all()
        if self._control.is_stopped:
            raise Stopped("Stopped; what came is kept. The same command goes on.")

    def _work(self) -> None:
        try:
            while (claim := self._claim()) is not None:
                self._bring(*claim)
        except BaseException as error:  # the one who started this shall hear of it, whatever it is
            with self._changed:
                self._error = self._error or error
                self._changed.notify_all()

    def _is_over(self) -> bool:
        return self._error is not None or self._control.is_stopped

    def _claim(self) -> tuple[ComingFile, Range, int] | None:
        """The next range for a thread; waits while others may still leave one; None when there will be none."""
        with self._changed:
            while not self._is_over():
                for file in self._files:
                    span = file.next_range(self._pace.range_bytes)
                    if span is not None or file.can_end:
                        span = span or Range(0, 0)
                        file.asked.add(span.start, span.end)
                        file.is_ending = not span.size
                        return file, span, file.turn
                if all(file.is_ending for file in self._files):
                    return None
                self._changed.wait(0.1)
        return None

    def _bring(self, file: ComingFile, span: Range, turn: int) -> None:
        try:
            if span.size:
                self._persist(file, span, turn)
        except Changed as change:
            self._begin_anew(file, turn, change.why)
        except InOnePiece:
            with self._changed:
                file.in_one_piece = True
        finally:
            with self._changed:
                if turn == file.turn:
                    file.asked.remove(span.start, span.end)
                self._changed.notify_all()
        if not span.size:
            self._end(file)

    def _persist(self, file: ComingFile, span: Range, turn: int) -> None:
        """Brings a range, however often the connection breaks, as long as something comes now and then."""
        at, failures = span.start, 0
        while at < span.end and turn == file.turn and not self._is_over():
            self._control.rest(max(self._not_before - time.monotonic(), 0.0))
            begun = at = span.start if file.in_one_piece else at
            try:
                for size in transfer(
                    self._hub, file, Range(at, span.end), turn=turn, ends=self._ends, changed=self._changed
                ):
                    at += size
                    self._count(size)
            except Stopped:
                if self._control.is_stopped or self._error is not None:
                    return
                self._save_all()
            except (NetError, Busy) as error:
                failures = 1 if at > begun and not file.in_one_piece else failures + 1
                if isinstance(error, _LASTING) or failures > self._pace.tries:
                    raise error if not isinstance(error, Busy) else StudioError(f"{error} Try again later.") from None
                self._wait_after(error, failures)

    def _ends(self) -> bool:
        return self._control.interrupts or self._error is not None

    def _wait_after(self, error: StudioError, failures: int) -> None:
        own = self._pace.first_wait_s * 2 ** (failures - 1) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads requests
        asked = error.seconds if isinstance(error, Busy) else None
        seconds = min(own, 60.0) if asked is None else asked
        with self._changed:
            is_news = time.monotonic() + seconds > self._not_before + 0.2
            self._not_before = max(self._not_before, time.monotonic() + seconds)
        if is_news:
            self._emit(FetchWaiting(round(seconds, 1), f"{error} Asking again in {as_duration(seconds)}."))

    def _end(self, file: ComingFile) -> None:
        """All bytes of a file are here: it gets its name if they are the right ones, else it begins anew, once."""
        name = file.wanted.save_as
        file.part.save()
        self._emit(FileChecking(name))
        want = file.wanted.file
        if is_whole(file.part.path, want.checksum, want.size, self._is_over):
            file.part.publish()
            self._emit(FileFetched(name))
        else:
            self._begin_anew(file, file.turn, "its checksum is wrong")

    def _begin_anew(self, file: ComingFile, turn: int, why: str) -> None:
        """Asks the hub again what the file is. Raises Damaged when it began anew already."""
        with self._changed:
            if turn != file.turn:
                return
            file.turn += 1
            file.is_in_doubt = True
        name = file.wanted.save_as
        if file.turn > self._pace.beginnings:
            file.part.drop()
            raise Damaged(f"{name} came damaged twice, or changes while it is fetched ({why}): try again later.")
        now = read_listing(self._hub, self._listing.repository, self._revision, self._ends)
        found = next((each for each in now.files if each.path == file.wanted.file.path), None)
        if found is None:
            raise StudioError(f"The hub has no {file.wanted.file.path} any more: see on its pages what has changed.")
        with self._changed, file.part.lock:
            file.part.forget()
            file.part.checksum, file.part.size, file.part.commit = found.checksum, found.size, now.commit
            file.wanted, file.commit = Wanted(found, name), now.commit
            file.asked, file.is_known_good, file.is_ending = ByteRanges(), False, False
            file.is_in_doubt = False
            file.part.open()
        self._emit(FileAnew(name, f"{name} begins anew: {why}."))

    def _count(self, size: int) -> None:
        with self._changed:
            self._speed.count(size)
            now = time.monotonic()
            tells, saves = now - self._told >= self._pace.tell_s, now - self._noted >= self._pace.save_s
            saves = saves or sum(file.part.unsaved for file in self._files) >= self._pace.save_bytes
            self._told = now if tells else self._told
            self._noted = now if saves else self._noted
        if tells:
            self._emit(self._progress())
        if saves:
            self._save_all()

    def _progress(self) -> FetchProgress:
        total = sum(file.wanted.file.size for file in self._files)
        done = sum(file.part.done.size for file in self._files)
        return FetchProgress(done, total, self._speed.bytes_a_second(), self._speed.seconds_for(total - done))

    def _save_all(self) -> None:
        for file in self._files:
            if not file.is_ending and file.part.unsaved > 0:
                file.part.save()

    def _emit(self, event: FetchEvent) -> None:
        with self._telling:
            self._tell(event)
