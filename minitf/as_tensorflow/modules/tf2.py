"""`tensorflow.python.tf2`: which version's behavior holds. It is the first one's."""
import minitf as tf

disable, enable = tf.disable_v2_behavior, tf.enable_v2_behavior


def enabled() -> bool:
    """False."""
    return False
