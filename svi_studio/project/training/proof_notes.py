"""The notes that ship on what the proof found, from their one file."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from svi_studio.domain.training.proof_note import ProofNote, ProofNotes
from svi_studio.domain.training.recipe import Purpose
from svi_studio.resource_files import resource_path

_FILE = "training_findings.json"


@cache
def proof_notes() -> Mapping[Purpose, ProofNote]:
    """What was found about each purpose. A later proof changes the file, and nothing else."""
    found = ProofNotes.model_validate_json(resource_path(_FILE).read_bytes()).findings
    return MappingProxyType({note.purpose: note for note in found})
