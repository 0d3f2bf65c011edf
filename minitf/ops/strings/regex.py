"""Regular expressions: `tf.regex_replace`, `tf.strings.regex_full_match`.

TensorFlow's are RE2's; here Python's `re` reads them after a translation of what differs. What RE2
refuses (looking around, references in the pattern) or `re` lacks (\\p{Greek}) raises.
"""
import functools
import re

from minitf.core.dtypes import bool_, string
from minitf.core.ragged import takes_ragged
from minitf.ops.strings.text import each, on_text, only

_POSIX = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": r"\x00-\x7f", "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f", "digit": "0-9", "graph": "!-~", "lower": "a-z", "print": " -~",
    "punct": r"!-/:-@\[-`{-~", "space": r"\t\n\v\f\r ", "upper": "A-Z", "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_TOKENS = re.compile(
    r"\\Q(?P<quoted>.*?)(?:\\E|$)|(?P<escape>\\(?:x\{[0-9a-fA-F]+\}|.))|(?P<group>\(\?[^\s:>)]*)"
    r"|(?P<posix>\[:\^?\w+:\])|(?P<end>\$)|.", re.DOTALL,
)  # fmt: skip
_LINES = re.compile(r"\(\?[a-z]*m[a-z]*\)")  # the flag with which `$` is the end of a line


@functools.lru_cache(256)
def compiled(pattern):
    """Python's pattern for RE2's. ValueError for one that is wrong or cannot be had."""
    text = pattern.decode("utf-8", "surrogateescape") if isinstance(pattern, bytes) else pattern
    try:
        return re.compile(_translated(text), re.ASCII)
    except re.error as error:
        raise ValueError(f"Invalid pattern: {text}, error: {error}") from None


def _translated(text):
    return "".join(_token(match, text) for match in _TOKENS.finditer(text))


def _token(match, pattern):
    found = match.group()
    if match["quoted"] is not None:
        return re.escape(match["quoted"])
    if match["escape"]:
        return _escape(found, pattern)
    if match["posix"]:
        return _posix(found, pattern)
    if match["group"]:
        return _group(found, pattern)
    # RE2's `$` is the very end; Python's is also before a line feed at the end.
    if match["end"] and not _in_brackets(match) and not _LINES.match(pattern):
        return r"\Z"
    return found


def _in_brackets(match):
    """Whether the place is inside [...]."""
    before = re.sub(r"\\.", "", match.string[: match.start()], flags=re.DOTALL)
    return before.rfind("[") > before.rfind("]")


def _escape(found, pattern):
    kind = found[1]
    if kind in "pPC" or kind in "123456789":
        raise ValueError(f"Invalid pattern: {pattern}, error: minitf has no {found} (RE2's or "
                         "another's) in regular expressions")  # fmt: skip
    if kind == "z":
        return r"\Z"
    return f"\\U{int(found[3:-1], 16):08x}" if found.startswith("\\x{") else found


def _posix(found, pattern):
    name = found[2:-2].removeprefix("^")
    if name not in _POSIX:
        raise ValueError(f"Invalid pattern: {pattern}, error: no character class {found}")
    return _others(_POSIX[name]) if found[2] == "^" else _POSIX[name]


def _others(kind):
    """All characters that are not of a kind."""
    others = [code for code in range(128) if not re.match(f"[{kind}]", chr(code))]
    return "".join(f"\\x{code:02x}" for code in others) + "\x80-\U0010ffff"


def _group(found, pattern):
    if found[2:3] in ("=", "!") or found.startswith(("(?<=", "(?<!", "(?P=", "(?#")):
        raise ValueError(f"Invalid pattern: {pattern}, error: invalid perl operator: {found}")
    if "U" in found[2:].split("P<")[0]:
        raise ValueError(f"Invalid pattern: {pattern}, error: minitf has no flag U")
    if "m" in found[2:].split("P<")[0] and not _LINES.match(pattern):
        raise ValueError(f"Invalid pattern: {pattern}, error: minitf has (?m) at the start only")
    return found


def _text(data):
    return data.decode("utf-8", "surrogateescape")


def _bytes(text):
    return text.encode("utf-8", "surrogateescape")


# -- replacing ------------------------------------------------------------------------------------


def replaced(text, pattern, rewrite, everywhere):
    """`text` with the matches rewritten. After a match RE2 takes no empty one in the same place."""
    text, parts, done, last = _text(text), [], 0, None
    plain = "\\" not in rewrite
    for match in pattern.finditer(text):
        start, end = match.span()
        if start == end == last:
            continue
        parts += text[done:start], rewrite if plain else _rewritten(match, rewrite)
        done = last = end
        if not everywhere:
            break
    return _bytes("".join([*parts, text[done:]]))


def _rewritten(match, rewrite):
    return re.sub(r"\\(.)", lambda part: _reference(match, part[1]), rewrite, flags=re.DOTALL)


def _reference(match, letter):
    return match[int(letter)] or "" if letter.isdigit() else letter


def _checked_rewrite(rewrite, pattern):
    """As text. ValueError for a reference to no group, or a lone backslash."""
    text = _text(rewrite) if isinstance(rewrite, bytes) else rewrite
    for letter in re.findall(r"\\(.|$)", text, re.DOTALL):
        if not (letter == "\\" or (letter.isdigit() and int(letter) <= pattern.groups)):
            raise ValueError(f"Invalid rewrite: {text} for a pattern of {pattern.groups} groups")
    return text


@functools.lru_cache(256)
def _takes_some(pattern):
    """Whether each match has a character: then Python replaces as RE2 does. How wide matches are is
    known to the parser, which has another name in each version of Python."""
    parser = getattr(re, "_parser", None) or getattr(re, "sre_parse", None)
    return parser is not None and parser.parse(pattern.pattern, pattern.flags).getwidth()[0] > 0


def _template(rewrite):
    """A rewrite as Python has it: \\g<1> for \\1, after which a digit may stand."""
    return re.sub(r"\\(.)", lambda part: f"\\g<{part[1]}>" if part[1].isdigit() else r"\\",
                  rewrite, flags=re.DOTALL)  # fmt: skip


def _replace(texts, pattern, rewrite, everywhere):
    pattern = compiled(pattern)
    rewrite = _checked_rewrite(rewrite, pattern)
    if not _takes_some(pattern):
        return each(lambda text: replaced(text, pattern, rewrite, everywhere), texts)
    replace, template, count = pattern.sub, _template(rewrite), 0 if everywhere else 1
    return each(lambda text: _bytes(replace(template, _text(text), count)), texts)


@on_text("RegexReplace", shape=lambda input, *_, **__: input)
def regex_replace_op(
    xp, input: string, pattern: string, rewrite: string, *, replace_global=True
) -> string:
    """The matches rewritten."""
    parts = only(pattern, "Pattern"), only(rewrite, "Rewrite")
    return _replace(input, *parts, replace_global)


@on_text("StaticRegexReplace")
def static_regex_replace(xp, input: string, *, pattern, rewrite, replace_global=True) -> string:
    """The matches of a pattern that is known, rewritten."""
    return _replace(input, pattern, rewrite, replace_global)


@takes_ragged
def regex_replace(input, pattern, rewrite, replace_global=True, name=None):
    """Each string with the parts that match `pattern` replaced by `rewrite`.

    In `rewrite` \\1 to \\9 are the pattern's groups and \\0 all of the match. All matches are
    replaced, or the first only. InvalidArgumentError in the run for a wrong pattern.
    """
    if isinstance(pattern, (str, bytes)) and isinstance(rewrite, (str, bytes)):
        return static_regex_replace(input, pattern=pattern, rewrite=rewrite,
                                    replace_global=replace_global, name=name)  # fmt: skip
    return regex_replace_op(input, pattern, rewrite, replace_global=replace_global, name=name)


# -- matching -------------------------------------------------------------------------------------


def _matches(texts, pattern):
    pattern = compiled(pattern)
    return each(lambda text: pattern.fullmatch(_text(text)) is not None, texts).astype(bool)


@on_text("RegexFullMatch", shape=lambda input, pattern: input)
def regex_full_match_op(xp, input: string, pattern: string) -> bool_:
    """Whether all of each string matches."""
    return _matches(input, only(pattern, "Pattern"))


@on_text("StaticRegexFullMatch")
def static_regex_full_match(xp, input: string, *, pattern) -> bool_:
    """Whether all of each string matches a pattern that is known."""
    return _matches(input, pattern)


@takes_ragged
def regex_full_match(input, pattern, name=None):
    """Whether all of each string matches `pattern`. InvalidArgumentError for a wrong pattern."""
    if isinstance(pattern, (str, bytes)):
        return static_regex_full_match(input, pattern=pattern, name=name)
    return regex_full_match_op(input, pattern, name=name)
