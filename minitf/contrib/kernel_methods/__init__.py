"""`tf.contrib.kernel_methods`: a kernel's features, so that linear models do what kernels do."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.kernel_methods.kernel_estimators import KernelLinearClassifier
from minitf.contrib.kernel_methods.mappers import (
    RandomFourierFeatureMapper,
    sparse_multiclass_hinge_loss,
)
