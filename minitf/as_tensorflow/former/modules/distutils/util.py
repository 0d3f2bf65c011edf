"""`distutils.util`, of which programs took this."""


def strtobool(val):
    """1 for "yes", "true", "on" and the like, 0 for "no", "false", "off"; else ValueError."""
    word = val.lower()
    if word in ("y", "yes", "t", "true", "on", "1"):
        return 1
    if word in ("n", "no", "f", "false", "off", "0"):
        return 0
    raise ValueError(f"invalid truth value {word!r}")
