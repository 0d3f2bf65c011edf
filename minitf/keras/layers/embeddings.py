"""`tf.keras.layers.Embedding`."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras import constraints, initializers, regularizers
from minitf.keras.engine.base_layer import Layer
from minitf.keras.layers.described import config_of
from minitf.keras.utils.names import to_tuples


class Embedding(Layer):
    """A vector of `output_dim` numbers for each integer below `input_dim`.

    Variable: embeddings [input_dim, output_dim]. With `mask_zero` the integer 0 is padding, which
    later layers leave out; `input_length` is that of the sequences, if they have but one.
    """

    def __init__(
        self, input_dim, output_dim, embeddings_initializer="uniform", embeddings_regularizer=None,
        activity_regularizer=None, embeddings_constraint=None, mask_zero=False, input_length=None,
        **kwargs,
    ):  # fmt: skip
        if "input_shape" not in kwargs:
            kwargs["input_shape"] = (input_length or None,)
        dtype = kwargs.pop("dtype", K.floatx())
        super().__init__(dtype=dtype, **kwargs)
        self.input_dim, self.output_dim = input_dim, output_dim
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = self.supports_masking = mask_zero
        self.input_length = input_length

    def build(self, input_shape):
        """Make the table."""
        self.embeddings = self._weight_of("embeddings", (self.input_dim, self.output_dim))
        self.built = True

    def call(self, inputs):
        if K.dtype(inputs) not in ("int32", "int64"):
            inputs = tf.cast(inputs, tf.int32)
        return tf.nn.embedding_lookup(self.embeddings, inputs)

    def compute_mask(self, inputs, mask=None):
        return tf.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape):
        batch, *sizes = to_tuples(tf.TensorShape(input_shape))
        if self.input_length is None:
            return tf.TensorShape([batch, *sizes, self.output_dim])
        given = self.input_length
        lengths = list(given) if isinstance(given, (list, tuple)) else [given]
        fits = len(lengths) == len(sizes) and all(
            length is None or size is None or length == size
            for length, size in zip(lengths, sizes)
        )
        if not fits:
            raise ValueError(f'"input_length" is {given}, but received input has shape '
                             f"{input_shape}")  # fmt: skip
        known = [size if length is None else length for length, size in zip(lengths, sizes)]
        return tf.TensorShape([batch, *known, self.output_dim])

    def get_config(self):
        return super().get_config() | config_of(
            self, "input_dim", "output_dim", "embeddings_initializer", "embeddings_regularizer",
            "activity_regularizer", "embeddings_constraint", "mask_zero", "input_length",
        )  # fmt: skip
