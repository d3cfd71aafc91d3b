"""The names of a Wan VAE in its authors' layout: the one of 16 channels or of 48."""

from svi_studio.weights.key_names import NameTable, residual_vae_table, vae_table
from svi_studio.weights.network_config import Shapes
from svi_studio.weights.vae_config import is_residual, plain_blocks, residual_blocks


def vae_names(shapes: Shapes) -> NameTable:
    """How the original names become those of `AutoencoderKLWan`."""
    return residual_vae_table(residual_blocks(shapes)) if is_residual(shapes) else vae_table(plain_blocks(shapes))
