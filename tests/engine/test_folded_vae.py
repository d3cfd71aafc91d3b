import torch
from diffusers import AutoencoderKLWan

from svi_studio.engine.latents.vae import decode_frames, encode_video

FOLDED = {
    "base_dim": 8, "z_dim": 16, "dim_mult": [1, 1, 1], "num_res_blocks": 1, "temperal_downsample": [True, True],
    "in_channels": 12, "out_channels": 12, "patch_size": 2,
}  # fmt: skip


@torch.no_grad()
def test_a_vae_that_folds_pixels_into_channels_encodes_and_decodes_as_its_class_does() -> None:
    torch.manual_seed(0)
    vae = AutoencoderKLWan(**FOLDED).eval()
    video = torch.rand(1, 3, 9, 32, 48) * 2 - 1
    mean, std = (torch.tensor(v).view(1, -1, 1, 1, 1) for v in (vae.config.latents_mean, vae.config.latents_std))
    latents = vae.encode(video).latent_dist.mode()
    assert torch.allclose(encode_video(vae, video), (latents - mean) / std, atol=1e-5)
    frames = torch.from_numpy(decode_frames(vae, (latents - mean) / std)).int()
    expected = ((vae.decode(latents).sample[0] + 1) * 127.5).clamp(0, 255).permute(1, 2, 3, 0).int()
    assert (frames - expected).abs().max() <= 1
