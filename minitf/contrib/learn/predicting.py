"""Errors of models that have learned nothing, and one of several predictions."""


class NotFittedError(ValueError, AttributeError):
    """A model is asked for something before it was trained."""


def one(found, key):
    """One of the predictions, by example or in an array."""
    return found[key] if isinstance(found, dict) else (each[key] for each in found)
