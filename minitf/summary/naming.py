"""The tags of summaries, and the collections that they are put into."""
import contextlib
import re

from minitf import logging
from minitf.core.graph import add_to_collections, name_scope
from minitf.core.graph_keys import GraphKeys


def clean_tag(name):
    """A name without what a tag must not have; said in the log where that is another name."""
    if name is None:
        return None
    cleaned = re.sub(r"[^-/\w\.]", "_", name).lstrip("/")
    if cleaned != name:
        logging.info("Summary name %s is illegal; using %s instead.", name, cleaned)
    return cleaned


@contextlib.contextmanager
def summary_scope(name, family=None, default_name=None, values=None):
    """The tag of a summary and the name of its op; a family comes before both."""
    name, family = clean_tag(name), clean_tag(family)
    base = name if family is None else f"{family}/{name}"
    with name_scope(base, default_name, values) as scope:
        tag = scope.rstrip("/")
        yield tag if family is None else f"{family}/{tag}", scope


def collect(summary, collections, default=(GraphKeys.SUMMARIES,)):
    """Put it into the collections given, or else into `default`, and return it."""
    add_to_collections(list(default) if collections is None else collections, summary)
    return summary
