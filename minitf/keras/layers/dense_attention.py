"""Attention layers of `tf.keras.layers`: what of `value` each query looks at."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import Layer
from minitf.keras.layers.described import config_of


class _Attention(Layer):
    """[query, value] or [query, value, key]: values, weighted by a softmax of scores.

    `causal` lets no time see a later one. Masks are of query and value. ValueError for inputs or
    masks that are not such lists.
    """

    def __init__(self, causal=False, **kwargs):
        super().__init__(**kwargs)
        self.causal, self.supports_masking = causal, True

    def build(self, input_shape):
        """Make the scale."""
        self.scale = None
        if self.use_scale:
            shape = self._scale_shape(tf.TensorShape(input_shape[1]))
            self.scale = self.add_weight(
                name="scale", shape=shape, initializer=self._scale_initializer(),
                dtype=self.dtype, trainable=True,
            )  # fmt: skip
        self.built = True

    def call(self, inputs, mask=None):
        self._check_lists(inputs, mask)
        query, value = inputs[:2]
        scores = self._scores(query, inputs[-1])
        query_mask, value_mask = mask or (None, None)
        seen = None if value_mask is None else tf.expand_dims(value_mask, axis=-2)
        if self.causal:
            earlier = _lower_triangle(scores)
            seen = earlier if seen is None else tf.logical_and(seen, earlier)
        if seen is not None:
            scores -= 1.0e9 * tf.cast(tf.logical_not(seen), K.floatx())
        result = tf.matmul(tf.nn.softmax(scores), value)
        if query_mask is not None:
            result *= tf.cast(tf.expand_dims(query_mask, axis=-1), result.dtype)
        return result

    def compute_mask(self, inputs, mask=None):
        self._check_lists(inputs, mask)
        return mask[0] if mask else None

    def _check_lists(self, inputs, mask):
        name, wanted = type(self).__name__, "[query, value] or [query, value, key]"
        if not isinstance(inputs, list):
            raise ValueError(f"{name} layer must be called on a list of inputs, namely {wanted}.")
        if not 2 <= len(inputs) <= 3:
            raise ValueError(f"{name} layer accepts inputs list of length 2 or 3, namely {wanted}. "
                             f"Given length: {len(inputs)}")  # fmt: skip
        if mask and not isinstance(mask, list):
            raise ValueError(
                f"{name} layer mask must be a list, namely [query_mask, value_mask]."
            )
        if mask and len(mask) != 2:
            raise ValueError(f"{name} layer mask must be a list of length 2, namely [query_mask, "
                             f"value_mask]. Given length: {len(mask)}")  # fmt: skip

    def get_config(self):
        return super().get_config() | config_of(self, "causal", "use_scale")


class Attention(_Attention):
    """Scores are products of query and key (Luong et al. 2015), times a learned `use_scale`."""

    def __init__(self, use_scale=False, **kwargs):
        super().__init__(**kwargs)
        self.use_scale = use_scale

    def _scale_shape(self, value):
        return ()

    def _scale_initializer(self):
        return tf.ones_initializer()

    def _scores(self, query, key):
        scores = tf.matmul(query, key, transpose_b=True)
        return scores if self.scale is None else scores * self.scale


class AdditiveAttention(_Attention):
    """Scores are sums of tanh(query + key) (Bahdanau et al. 2015), weighted by a learned scale."""

    def __init__(self, use_scale=True, **kwargs):
        super().__init__(**kwargs)
        self.use_scale = use_scale

    def _scale_shape(self, value):
        return [value[-1].value]

    def _scale_initializer(self):
        return tf.glorot_uniform_initializer()

    def _scores(self, query, key):
        found = tf.tanh(tf.expand_dims(query, axis=-2) + tf.expand_dims(key, axis=-3))
        return tf.reduce_sum(1.0 * found if self.scale is None else self.scale * found, axis=-1)


def _lower_triangle(scores):
    """True where a time looks at itself or an earlier one."""
    sizes = tf.shape(scores)
    ones = tf.ones(tf.concat([tf.ones_like(sizes[:-2]), sizes[-2:]], axis=0), dtype=tf.int32)
    return tf.greater_equal(tf.cumsum(ones, axis=-2), tf.cumsum(ones, axis=-1))
