"""`tensorflow.python.tf2`: which version's behavior holds."""
import minitf as tf
from minitf.core.behavior import version_2 as enabled  # noqa: F401  a public name

disable, enable = tf.disable_v2_behavior, tf.enable_v2_behavior
