"""How large a model is, and what one training step of it computes: pure figures, from its configuration."""

from dataclasses import dataclass

from svi_studio.domain.film.encoder_operations import WAN_2_1_ENCODER, EncoderShape, encode_flops
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.family_footage import needed_inputs
from svi_studio.domain.training.recipe import LoraRecipe, TrainingRecipe

PATCH = 2  # latent pixels of a token each way, in every Wan model
TEXT_AND_PICTURE_TOKENS = 512 + 257
_MIXED = 3  # bytes of a value, of which some have two and some four
_ATTENTION_BACKWARD = 2.5  # products for the gradients of attention against those of attention itself


@dataclass(frozen=True, slots=True)
class ModelSize:
    """A Wan model. Parameters are counted, those of ``transformer`` for one of its ``experts``.

    ``width`` and ``feed_forward`` are channels, ``blocks`` layers. ``spatial`` pixels and ``temporal`` frames become
    one latent of ``channels`` values. ``text_width`` and ``picture_width``: values of one token of the encoders (0: the
    model takes no pictures), which make ``picture_tokens`` of a picture. ``hearing``: parameters of the layers by which
    the transformer follows a sound, whose ``sound_encoder`` makes ``sound_width`` values of each frame; all 0 without.
    ``vae_widths``: base channels of the autoencoder's encoder and decoder, which is ``residual`` or plain, and its
    ``encoder`` layer by layer.
    ``text_table``: values of the text encoder's largest tensor, its table of words.
    """

    transformer: int
    text_encoder: int
    image_encoder: int
    vae: int
    blocks: int
    width: int
    feed_forward: int
    text_width: int
    picture_width: int
    channels: int = 16
    spatial: int = 8
    temporal: int = 4
    picture_tokens: int = 257
    hearing: int = 0
    sound_encoder: int = 0
    sound_width: int = 0
    experts: int = 1
    vae_widths: tuple[int, int] = (96, 96)
    residual: bool = False
    text_table: int = 0
    encoder: EncoderShape = WAN_2_1_ENCODER

    @property
    def largest_matrix(self) -> int:
        """Values of the largest layer in a block."""
        return self.width * max(self.width, self.feed_forward)

    def narrowed_bytes(self) -> int:
        """One transformer with the matrices of its blocks in 8 bits: the rest is in 16 or 32, each row has a scale."""
        looks = 2 if self.picture_width else 0
        matrices = self.blocks * ((8 + looks) * self.width**2 + 2 * self.width * self.feed_forward)
        narrow = min(matrices, self.transformer)
        return narrow + _MIXED * (self.transformer - narrow)

    def bytes_in_memory(self, value_bytes: int, experts: int = 1) -> int:
        """What the networks take that make a film, with so many ``experts`` in memory at a time.

        The transformer and the text encoder have ``value_bytes`` a value, the picture encoders are in float32.
        """
        return value_bytes * (experts * self.transformer + self.text_encoder) + 4 * (self.vae + self.image_encoder)

    def latents(self, recipe: TrainingRecipe) -> int:
        """Places of a clip in the latent space; each has ``channels`` values."""
        frames = (recipe.num_frames - 1) // self.temporal + 1
        return frames * (recipe.height // self.spatial) * (recipe.width // self.spatial)

    def tokens(self, recipe: TrainingRecipe) -> int:
        """Tokens of a clip in the transformer."""
        return self.latents(recipe) // PATCH**2

    def lora_parameters(self, lora: LoraRecipe) -> int:
        """Values of the LoRA: A [rank, in] and B [out, rank] for every layer it touches."""
        narrow = 2 * sum(target in {"q", "k", "v", "o"} for target in lora.targets)  # self and cross-attention
        wide = sum(target.startswith("ffn") for target in lora.targets)
        sides = narrow * 2 * self.width + wide * (self.width + self.feed_forward)
        return lora.rank * sides * self.blocks

    def forward_flops(self, recipe: TrainingRecipe) -> float:
        """Floating-point operations of the transformer for one clip: 1,686e12 for Wan 14B at 832 x 480 x 81."""
        return self._linear(recipe) + self._attention(recipe)

    def encode_flops(self, recipe: TrainingRecipe) -> float:
        """Those of the autoencoder for one clip."""
        return encode_flops(self.encoder) * recipe.num_frames * recipe.width * recipe.height

    def step_flops(self, recipe: TrainingRecipe) -> float:
        """Those of one training step of one clip: forward, the same again with checkpointing, and backward.

        Backward computes gradients of inputs only, as the weights are frozen: 6.4e15 for Wan 14B at full size.
        """
        forwards = 2 if recipe.memory.gradient_checkpointing else 1
        backward = self._linear(recipe) + _ATTENTION_BACKWARD * self._attention(recipe)
        return forwards * self.forward_flops(recipe) + backward

    def _linear(self, recipe: TrainingRecipe) -> float:
        """Four square layers of self-attention, two of cross-attention, and the feed-forward layers, per token."""
        weights = 6 * self.width**2 + 2 * self.width * self.feed_forward
        weights += 2 * self.width**2 if self._hears(recipe) else 0
        return 2.0 * self.tokens(recipe) * weights * self.blocks

    def _hears(self, recipe: TrainingRecipe) -> bool:
        """Whether every block attends to a sound, too."""
        return self.hearing > 0 and InputKind.SOUND in needed_inputs(recipe.family)

    def heard(self, recipe: TrainingRecipe) -> int:
        """Values that are kept of the sound of a clip: of its frames and two on either side; 0 without."""
        return (recipe.num_frames + 4) * self.sound_width if self._hears(recipe) else 0

    def listening(self, recipe: TrainingRecipe) -> int:
        """Parameters that a training holds beside the transformer to follow a sound; 0 without."""
        return self.hearing if self._hears(recipe) else 0

    def _attention(self, recipe: TrainingRecipe) -> float:
        tokens = self.tokens(recipe)
        return 4.0 * tokens * (tokens + TEXT_AND_PICTURE_TOKENS) * self.width * self.blocks
