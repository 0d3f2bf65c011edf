"""`pipes`, of before Python 3.13, of which programs took this."""
from shlex import quote  # noqa: F401
