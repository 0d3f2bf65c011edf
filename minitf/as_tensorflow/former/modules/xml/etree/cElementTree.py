"""`xml.etree.cElementTree`, of before Python 3.9: what xml.etree.ElementTree is since."""
from xml.etree.ElementTree import *  # noqa: F403
