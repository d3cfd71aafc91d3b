"""All commands of an open film, in groups."""

from svi_studio.document.commands.clip_loras import ClipLoraCommands
from svi_studio.document.commands.clipboard import ClipboardCommands
from svi_studio.document.commands.clips import ClipCommands
from svi_studio.document.commands.edits import Edits
from svi_studio.document.commands.ends import EndCommands
from svi_studio.document.commands.film import FilmCommands
from svi_studio.document.commands.markers import MarkerCommands
from svi_studio.document.commands.pictures import PictureCommands
from svi_studio.document.commands.sounds import SoundCommands
from svi_studio.document.commands.story import StoryCommands
from svi_studio.document.commands.subtitles import SubtitleCommands
from svi_studio.document.commands.takes import TakeCommands
from svi_studio.document.commands.tracks import TrackCommands
from svi_studio.document.film.picture_import import PictureImport
from svi_studio.document.film.piece_selection import PieceSelection
from svi_studio.document.film.playhead import Playhead
from svi_studio.document.sound.sounds import Sounds


class Commands:
    """Each command is one step of undo with a plain name, for the selected clips unless it names others.

    Ratings and deleted takes are no steps of undo: they change no storyboard.
    """

    def __init__(
        self, edits: Edits, playhead: Playhead, pictures: PictureImport, pieces: PieceSelection, sounds: Sounds
    ) -> None:
        self.clips = ClipCommands(edits)
        self.pictures = PictureCommands(edits, pictures)
        self.clipboard = ClipboardCommands(edits, self.pictures)
        self.takes = TakeCommands(edits, pictures)
        self.ends = EndCommands(edits, pictures)
        self.markers = MarkerCommands(edits, playhead)
        self.subtitles = SubtitleCommands(edits, playhead)
        self.tracks = TrackCommands(edits, playhead)
        self.sounds = SoundCommands(edits, playhead, self.tracks, pieces, sounds)
        self.story = StoryCommands(edits, pictures)
        self.film = FilmCommands(edits)
        self.clip_loras = ClipLoraCommands(edits)
