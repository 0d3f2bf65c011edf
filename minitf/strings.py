"""`tf.strings`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.ops.text import string_join as join
from minitf.ops.text import string_length as length
from minitf.ops.text import string_lower as lower
from minitf.ops.text import string_strip as strip
from minitf.ops.text import string_upper as upper
from minitf.ops.text import substr
