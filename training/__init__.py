"""The recipe of `gaze` and `gaze-fast`: what makes the weights that `saliency` predicts with."""
