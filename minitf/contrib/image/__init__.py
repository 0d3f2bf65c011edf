"""`tf.contrib.image`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.image.matching import bipartite_match, connected_components
from minitf.contrib.image.splines import interpolate_spline
from minitf.contrib.image.stereograms import single_image_random_dot_stereograms
from minitf.contrib.image.transforms import (
    angles_to_projective_transforms,
    compose_transforms,
    flat_transforms_to_matrices,
    matrices_to_flat_transforms,
    rotate,
    transform,
    translate,
    translations_to_projective_transforms,
)
from minitf.contrib.image.warping import dense_image_warp, sparse_image_warp
