"""`tf.contrib.slim.nets`: networks for images, as they were published. Names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.slim.nets import (
    alexnet,
    inception,
    overfeat,
    resnet_utils,
    resnet_v1,
    resnet_v2,
    vgg,
)
