"""`tf.layers`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.layers.base import InputSpec, Layer
from minitf.layers.convolutional import Conv2D, conv2d
from minitf.layers.core import Dense, Dropout, Flatten, dense, dropout, flatten
from minitf.layers.normalization import BatchNormalization, batch_normalization
from minitf.layers.pooling import (
    AveragePooling2D,
    MaxPooling2D,
    average_pooling2d,
    max_pooling2d,
)
