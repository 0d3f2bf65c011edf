"""Where the names of TensorFlow's internal modules of distributions, bijectors and linear operators
are."""

_DISTRIBUTIONS = ("bernoulli", "beta", "categorical", "dirichlet", "dirichlet_multinomial",
                  "distribution", "distributions", "exponential", "gamma", "kullback_leibler",
                  "laplace", "multinomial", "normal", "student_t", "transformed_distribution",
                  "uniform")  # fmt: skip
_OPERATORS = ("adjoint", "block_diag", "circulant", "composition", "diag", "full_matrix",
              "householder", "identity", "inversion", "kronecker", "low_rank_update",
              "lower_triangular", "toeplitz", "zeros")  # fmt: skip

NAMESPACES: dict[str, str | tuple[str, ...]] = {
    "ops.distributions.bijector": "contrib.distributions.bijectors",
    "ops.distributions.bijector_impl": "contrib.distributions.bijectors",
    "ops.distributions.identity_bijector": "contrib.distributions.bijectors",
    "ops.distributions.special_math": "distributions.normal_integral",
    "ops.distributions.util": ("contrib.distributions.util", "distributions.probabilities"),
    "ops.linalg.linear_operator": "linalg",
    "ops.linalg.linear_operator_addition": "as_tensorflow.modules.linear_operator_addition",
    "ops.linalg.linear_operator_util": "as_tensorflow.modules.linear_operator_util",
} | {f"ops.distributions.{each}": ("contrib.distributions", "distributions.kullback_leibler")
     for each in _DISTRIBUTIONS} | {
    f"ops.linalg.linear_operator_{each}": "linalg" for each in _OPERATORS
}  # fmt: skip
