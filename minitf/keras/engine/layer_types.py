"""The type that a layer computes in: the one it is given, or, where version 2 holds, floatx."""
import minitf as tf
from minitf.core.behavior import version_2
from minitf.keras import backend as K

WARNING = """\
Layer %s is casting an input tensor from dtype %s to the layer's dtype of %s, which is new
behavior in TensorFlow 2.  The layer has dtype %s because it's dtype defaults to floatx.

If you intended to run this layer in %s, you can safely ignore this warning. To change all layers
to have dtype %s by default, call `tf.keras.backend.set_floatx('%s')`. To change just this layer,
pass dtype='%s' to the layer constructor. If you are the author of this layer, you can disable
autocasting by passing autocast=False to the base Layer constructor."""


def type_of(dtype):
    """The type given, or the one that a layer has without; None leaves it to the first input."""
    if dtype is None:
        return tf.as_dtype(K.floatx()) if version_2() else None
    return tf.as_dtype(dtype)


def cast_to(layer, inputs):
    """Floats in the layer's type, if it casts its inputs."""
    dtype = layer._dtype and tf.as_dtype(layer._dtype)
    if not (layer._autocast and dtype is not None and dtype.is_floating):
        return inputs

    def cast(x):
        if not x.dtype.is_floating or x.dtype.base_dtype is dtype:
            return x
        if layer._dtype_defaulted_to_floatx:
            came, own = x.dtype.base_dtype.name, dtype.name
            tf.logging.warning(WARNING, layer.name, came, own, own, own, came, came, came)
            layer._quietly(_dtype_defaulted_to_floatx=False)  # it has been said
        return tf.cast(x, dtype)

    return tf.nest.map_structure(cast, inputs)
