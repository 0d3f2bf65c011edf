"""`tf.contrib.distributions.ConditionalTransformedDistribution`."""
from minitf.contrib.distributions.conditional_distribution import ConditionalDistribution
from minitf.contrib.distributions.transformed_distribution import TransformedDistribution


class ConditionalTransformedDistribution(ConditionalDistribution, TransformedDistribution):
    """A transformed distribution whose functions take `bijector_kwargs` and `distribution_kwargs`,
    which are passed on."""
