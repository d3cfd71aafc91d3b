"""Which of ffmpeg's demuxers reads a file: told by the file's content, never by its name, and never left to ffmpeg.

ffmpeg itself would follow a playlist, whatever its ending and whatever stands before it, to any file that it names.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadInput, Refused
from svi_studio.media.pictures.kinds import HEIC_BRANDS

HEAD_BYTES = 4096
_MOST_BYTES = 1 << 40
_ID3_BYTES = 10

_QUICKTIME = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"uuid"}
_STARTS = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x00\x00\x01\xb3", "mpegvideo"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01", "mxf"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b".RMF", "rm"),
    (b"DKIF", "ivf"),
    (b"YUV4MPEG2 ", "yuv4mpegpipe"),
    (b"\x1f\x07\x00", "dv"),
    (b"fLaC", "flac"),
    (b"riff\x2e\x91\xcf\x11", "w64"),
    (b"caff\x00\x01", "caf"),
    (b".snd", "au"),
    (b"#!AMR", "amr"),
    (b"wvpk", "wv"),
    (b"MAC ", "ape"),
    (b"TTA1", "tta"),
    (b"\x0b\x77", "ac3"),
)
_RIFF = {b"AVI ": "avi", b"AVIX": "avi", b"WAVE": "wav"}
_SOUND_ONLY = {"wav", "w64", "flac", "mp3", "aac", "aiff", "caf", "au", "amr", "wv", "ape", "tta", "ac3"}
_PACKETS = (188, 192, 204)  # bytes of a packet of an MPEG transport stream: plain, with times, with check bytes
_PLAYLIST = re.compile(
    rb"#EXTM3U|ffconcat version|<MPD[\s>]|<SmoothStreamingMedia|<asx[\s>]|<smil[\s>]|\[playlist\]|\[Reference\]"
    rb"|xmlns=.http://xspf|^v=0\r?\no=",
    re.IGNORECASE,
)
A_PICTURE: Final = "a picture"
_OTHERS = (
    (rb"\x89PNG|\xff\xd8\xff|BM|II\*\x00|MM\x00\*|RIFF.{4}WEBP|8BPS|\x00\x00\x01\x00", A_PICTURE),
    (rb"PK\x03\x04|PK\x05\x06|Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ|.{257}ustar", "an archive: unpack it first"),
    (rb"%PDF", "a PDF document"),
    (rb"MThd", "a MIDI file, which has notes and no sound"),
)
_PICTURE_BRANDS = HEIC_BRANDS | {b"avif", b"avis", b"crx "}


def demuxer_of(path: Path) -> str:
    """The name of the demuxer that reads the video or sound at ``path``.

    Raises BadInput when there is no such file, when it cannot be read, and for a playlist or anything else that is
    neither a video nor a sound inside.
    """
    head = read_head(path)
    found = sniff(head)
    if found is None:
        raise BadInput(f'"{path}" is {what_it_is(head)}: use an MP4, MOV, MKV, WebM or AVI video, or a sound file.')
    return found


def read_head(path: Path) -> bytes:
    """The first bytes of a file, after an ID3 tag if it begins with one. Raises BadInput for anything but a file."""
    try:
        with open_plain(path, _MOST_BYTES) as file:
            head = file.read(HEAD_BYTES)
            if head.startswith(b"ID3") and len(head) > _ID3_BYTES:
                file.seek(_ID3_BYTES + _id3_length(head))
                return file.read(HEAD_BYTES) or head
            return head
    except Refused as error:
        raise BadInput(str(error)) from error
    except (FileNotFoundError, ValueError) as error:
        raise BadInput(f'There is no file "{path}": check the name.') from error
    except OSError as error:
        raise BadInput(f'"{path}" could not be read ({error.strerror}): check its permissions.') from error


def sniff(head: bytes) -> str | None:
    """The demuxer for a file that begins with ``head``, its first 4,096 bytes; None for none that is read here."""
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    found = _by_place(head)
    return found or next((name for is_it, name in _BY_PATTERN if is_it(head)), None)


def has_pictures(demuxer: str) -> bool:
    """Whether files of that kind may have pictures, and not only sound."""
    return demuxer not in _SOUND_ONLY


def what_it_is(head: bytes) -> str:
    """Words for a file that no demuxer reads, after "it is"."""
    if _PLAYLIST.search(head, 0, HEAD_BYTES):
        return "a playlist, which names other files, and no video or sound itself"
    for start, words in _OTHERS:
        if re.match(start, head, re.DOTALL):
            return words
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        return A_PICTURE
    return "an empty file" if not head else "no video or sound of a kind that can be read"


def _by_place(head: bytes) -> str | None:
    """Kinds whose name does not stand at the very beginning."""
    if head[:4] in (b"RIFF", b"RIFX", b"RF64", b"BW64"):
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[4:8] in _QUICKTIME and not (head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS):
        return "mov"
    return None


def _is_transport_stream(head: bytes) -> bool:
    """Every packet begins with the same byte; the first one may be cut off."""
    return any(
        all(head[start + size * number : start + size * number + 1] == b"G" for number in range(5))
        for size in _PACKETS
        for start in range(size)
    )


def _is_mp3(head: bytes) -> bool:
    """A frame of MPEG sound, layer 2 or 3, whose header holds nothing impossible; UTF-16 text looks like layer 1."""
    at = len(head) - len(head.lstrip(b"\0"))
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE0 != 0xE0:
        return False
    second, third = head[at + 1], head[at + 2]
    return second & 0x18 != 0x08 and second & 0x06 in (2, 4) and third >> 4 not in (0, 15) and third & 0x0C != 0x0C


def _is_adts(head: bytes) -> bool:
    return len(head) > 7 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0 and (head[2] >> 2) & 15 < 13


_BY_PATTERN: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (_is_adts, "aac"),
    (_is_mp3, "mp3"),
    (_is_transport_stream, "mpegts"),
)


def _id3_length(head: bytes) -> int:
    """The length of an ID3 tag's content: four bytes of seven bits each."""
    length = 0
    for byte in head[6:10]:
        length = length << 7 | byte & 0x7F
    return length
