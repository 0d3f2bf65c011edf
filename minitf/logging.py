"""`tf.logging`: messages to standard error, by Python's logger "tensorflow"."""
import logging
import os
import sys
import threading
from logging import DEBUG, ERROR, FATAL, INFO, WARN

_lock = threading.Lock()
_counts = {}  # how often log_every_n and log_first_n were called, by file and line
_ready = False


def get_logger():
    """The logger, which writes `INFO:tensorflow:message` unless Python's root logger is set up."""
    global _ready
    logger = logging.getLogger("tensorflow")
    with _lock:
        if not _ready:
            _ready = True
            if not logging.getLogger().handlers:
                _set_up(logger)
    return logger


def _set_up(logger):
    interactive = hasattr(sys, "ps1") or bool(sys.flags.interactive)
    handler = logging.StreamHandler(sys.stdout if interactive else sys.stderr)
    handler.setFormatter(logging.Formatter(logging.BASIC_FORMAT))
    logger.addHandler(handler)
    if interactive:
        logger.setLevel(INFO)


def log(level, msg, *args, **kwargs):
    """Log `msg % args` at a level."""
    kwargs.setdefault("stacklevel", 2)
    get_logger().log(level, msg, *args, **kwargs)


def _at(level, name):
    def function(msg, *args, **kwargs):
        kwargs.setdefault("stacklevel", 2)
        get_logger().log(level, msg, *args, **kwargs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Log `msg % args` at level {logging.getLevelName(level)}."
    return function


debug = _at(DEBUG, "debug")
info = _at(INFO, "info")
warn = _at(WARN, "warn")
warning = _at(WARN, "warning")
error = _at(ERROR, "error")
fatal = _at(FATAL, "fatal")


def vlog(level, msg, *args, **kwargs):
    """`log`."""
    kwargs.setdefault("stacklevel", 2)
    get_logger().log(level, msg, *args, **kwargs)


def TaskLevelStatusMessage(msg):
    get_logger().error(msg, stacklevel=2)


def flush():
    """NotImplementedError, as in TensorFlow: the handlers of Python's logging flush."""
    raise NotImplementedError("tf.logging.flush: use tf.get_logger().handlers[0].flush()")


def log_every_n(level, msg, n, *args):
    """Log the first and then each n-th time that this line is reached."""
    if _count() % n == 0:
        get_logger().log(level, msg, *args, stacklevel=2)


def log_first_n(level, msg, n, *args):
    """Log the first n times that this line is reached."""
    if _count() < n:
        get_logger().log(level, msg, *args, stacklevel=2)


def log_if(level, msg, condition, *args):
    """Log if the condition holds."""
    if condition:
        get_logger().log(level, msg, *args, stacklevel=2)


def _count():
    frame = sys._getframe(2)
    line = os.path.abspath(frame.f_code.co_filename), frame.f_lineno
    _counts[line] = _counts.get(line, -1) + 1
    return _counts[line]


def get_verbosity():
    """The level from which on messages are written: WARN at the start."""
    return get_logger().getEffectiveLevel()


def set_verbosity(v):
    """Write messages from this level on, such as `tf.logging.INFO`."""
    get_logger().setLevel(v)
