"""Ops on strings: parts, cases, numbers, joins, hashes, regular expressions, characters."""

from goldens.kit import error, run, said, shape, shapes

WORDS = [b"", b"a", b"Some text", "\u00e9t\u00e9 \u4e2d".encode("utf-8"), b" \t both\n ", b"x" * 40]


def _texts(tf, *rows):
    return tf.constant([list(row) for row in rows] if len(rows) > 1 else list(rows[0]))


def substr(tf, np):
    words = _texts(tf, [b"Hello", b"world", b"friends"], [b"abcdef", b"ghijkl", b"mnopqr"])
    found = [
        tf.substr(words, 1, 3),
        tf.substr(words, [[1, 2, 3], [0, 5, 6]], [[2, 9, 1], [0, 1, 1]]),
        tf.substr(words, -3, 2),
        tf.substr(words, [0, 1, 2], [1, 2, 3]),
        tf.substr("abc", 3, 1),
        tf.strings.substr(b"ab", tf.constant(1, tf.int64), tf.constant(9, tf.int64)),
        tf.substr(b"ab", [0, 1], [1, 1]),
    ]
    return [*shapes(*found), *run(tf, found)]


def substr_of_characters(tf, np):
    word = WORDS[3]
    found = [
        tf.strings.substr(word, 2, 3, unit="UTF8_CHAR"),
        tf.strings.substr(word, -2, 1, unit="UTF8_CHAR"),
        tf.strings.substr(word, 2, 3),
        tf.strings.substr(word, 5, 3, unit="UTF8_CHAR"),
    ]
    return run(tf, found)


def substr_refused(tf, np):
    return [
        error(lambda: run(tf, tf.substr("abc", 4, 1))),
        error(lambda: run(tf, tf.substr("abc", -4, 1))),
        error(lambda: tf.substr(["abc"], [1, 2], [1])),
        error(lambda: tf.substr(1, 0, 1)),
        error(lambda: tf.substr("abc", 0, 1, unit="WORD")),
        error(lambda: tf.substr("abc", 0.0, 1.0)),
        error(lambda: run(tf, tf.substr("abc", 6, 1, unit="UTF8_CHAR"))),
    ]


def lengths(tf, np):
    words = _texts(tf, WORDS)
    found = [
        tf.strings.length(words),
        tf.strings.length(words, unit="UTF8_CHAR"),
        tf.strings.length("abc"),
    ]
    return [*shapes(*found), *run(tf, found), error(lambda: tf.strings.length(words, unit="x"))]


def cases(tf, np):
    words = _texts(tf, WORDS)
    found = [
        tf.strings.lower(words),
        tf.strings.upper(words),
        tf.strings.lower(words, encoding="utf-8"),
        tf.strings.upper(words, encoding="utf-8"),
        tf.strings.strip(words),
        tf.string_strip(" a\v"),
    ]
    return [*shapes(*found), *run(tf, found)]


def joins(tf, np):
    words = _texts(tf, WORDS)
    found = [
        tf.string_join([words, words], "-"),
        tf.strings.join(["a", words, "b"]),
        tf.string_join(["a", "b"], " "),
        tf.string_join([["a", "b"], ["c", "d"]], separator=", "),
    ]
    return [
        *shapes(*found),
        *run(tf, found),
        error(lambda: tf.string_join([["a", "b"], ["c"]])),
        error(lambda: tf.string_join([1, 2])),
        shape(tf.string_join([tf.placeholder(tf.string), ["a"]])),
    ]


def reduced_joins(tf, np):
    words = _texts(tf, [b"a", b"b", b"c"], [b"d", b"e", b"f"])
    fed = tf.placeholder(tf.string)
    found = [
        tf.reduce_join(words, 0),
        tf.reduce_join(words, 1),
        tf.reduce_join(words, -2, separator="."),
        tf.reduce_join(words, [0, 1]),
        tf.reduce_join(words, [1, 0], separator="-"),
        tf.reduce_join(words),
        tf.reduce_join(words, 0, keepdims=True),
        tf.strings.reduce_join(words, [0, 1], keepdims=True),
        tf.reduce_join(words, []),
        tf.reduce_join("a"),
        tf.reduce_join(words, reduction_indices=1),
    ]
    late = tf.reduce_join(fed)
    return [
        *shapes(*found, late),
        *run(tf, found),
        run(tf, late, {fed: [["x", "y"]]}),
        error(lambda: tf.reduce_join(words, 2)),
        error(lambda: run(tf, tf.reduce_join(words, [0, 0]))),
    ]


def segments_joined(tf, np):
    words = _texts(tf, [b"a", b"b", b"c", b"d"])
    found = [
        tf.strings.unsorted_segment_join(words, [2, 0, 2, 1], 4, ":"),
        tf.strings.unsorted_segment_join(tf.reshape(words, [2, 2]), [1, 1], 2),
    ]
    return [
        *shapes(*found),
        *run(tf, found),
        error(lambda: run(tf, tf.strings.unsorted_segment_join(words, [0, 1, 2, 3], 2))),
    ]


def numbers_as_text(tf, np):
    floats = np.array([0.0, -1.5, 3.14159265, 1e-7, 123456789.0, np.inf, -np.inf, np.nan])
    found = []
    for dtype in (np.float32, np.float64):
        values = tf.constant(floats.astype(dtype))
        found += [
            tf.as_string(values),
            tf.as_string(values, 2),
            tf.as_string(values, scientific=True),
            tf.as_string(values, shortest=True),
            tf.as_string(values, 3, width=12, fill="0"),
            tf.as_string(values, 1, shortest=True, width=8),
            tf.as_string(values, 2, width=9, fill="-"),
            tf.as_string(values, 2, fill="+", width=9),
            tf.strings.as_string(values, 0, width=7, fill=" "),
        ]
    return [*shapes(*found[:2]), *run(tf, found)]


def integers_as_text(tf, np):
    found = []
    for dtype in ("int8", "int16", "int32", "int64"):
        values = tf.constant(np.array([0, -5, 127], dtype))
        found += [
            tf.as_string(values),
            tf.as_string(values, width=5),
            tf.as_string(values, width=5, fill="0"),
            tf.as_string(values, width=5, fill="-"),
            tf.as_string(values, width=5, fill="+"),
        ]
    found += [
        tf.as_string([True, False]),
        tf.as_string(tf.constant([1 + 2j, -0.5j], tf.complex64)),
        tf.as_string(tf.constant([1 + 2j], tf.complex128), 2, width=6),
    ]
    return run(tf, found)


def as_string_refused(tf, np):
    return [
        error(lambda: run(tf, tf.as_string([1.0], scientific=True, shortest=True))) != "no error",
        error(lambda: run(tf, tf.as_string([1.0], fill="xx", width=3))) != "no error",
        error(lambda: run(tf, tf.as_string([1.0], fill="x", width=3))) != "no error",
        error(lambda: run(tf, tf.as_string([1], precision=2))) != "no error",
        error(lambda: run(tf, tf.as_string([1], scientific=True))) != "no error",
        error(lambda: run(tf, tf.as_string([True], width=9))) != "no error",
        error(lambda: tf.as_string(["a"])),
        error(lambda: tf.as_string(tf.constant([1], tf.uint8))),
    ]


def text_to_numbers(tf, np):
    words = ["1", " -2.5 ", "1e3", "3.0e-2", "inf", "-Inf", "nan", "+7", ".5", "5.", "1e400"]
    whole = ["1", " -2 ", "0012", "2147483647", "-2147483648"]
    found = [
        tf.string_to_number(words),
        tf.string_to_number(words, tf.float64),
        tf.string_to_number(whole, tf.int32),
        tf.strings.to_number(whole, tf.int64),
        tf.string_to_number(input="7"),
    ]
    return [*shapes(*found), *run(tf, found)]


def text_to_numbers_refused(tf, np):
    def fails(text, dtype):
        return error(lambda: run(tf, tf.string_to_number(text, dtype)))

    texts = ["", "x", "1_0", "1 2", "0x10", "1.0", "2147483648", "--1", "1e", "+5", "infinity"]
    return [[fails(text, dtype) for text in texts] for dtype in (tf.float32, tf.int32)] + [
        fails("1", tf.int16),
        fails("1", tf.string),
    ]


def formats(tf, np):
    rows, many = tf.reshape(tf.range(100), [10, 10]), tf.constant(np.linspace(0, 1, 11))
    found = [
        tf.strings.format("tensor: {}, suffix", tf.range(10)),
        tf.strings.format("{} and {}", (rows, many)),
        tf.strings.format("{}", rows, summarize=1),
        tf.strings.format("{}", rows[:3, :4], summarize=-1),
        tf.strings.format("%t", tf.constant(["a", "b c"]), placeholder="%t"),
        tf.strings.format("{}", tf.constant(1.5)),
        tf.strings.format("{}", tf.constant([True, False])),
        tf.strings.format("{}", tf.zeros([2, 2, 2])),
        tf.strings.format("{}", tf.constant("word")),
        tf.strings.format("{}", tf.constant([1.1, 1e10, 1e-5, 3.0])),
    ]
    return [
        *shapes(*found),
        *run(tf, found),
        error(lambda: tf.strings.format("{} {}", [tf.range(2)])),
    ]


# -- hashes ---------------------------------------------------------------------------------------


def _many(np):
    random = np.random.RandomState(0)
    sizes = [*range(0, 70), 95, 127, 128, 129, 191, 192, 193, 500, 1000]
    return [bytes(bytearray(random.randint(0, 256, size).astype(np.uint8))) for size in sizes]


MOST = 2**63 - 1


def hashed_fast(tf, np):
    return run(tf, [tf.string_to_hash_bucket_fast(_many(np), count) for count in (10, MOST)])


def hashed(tf, np):
    return run(tf, [tf.string_to_hash_bucket(_many(np), count) for count in (10, MOST)])


def hashed_strong(tf, np):
    keys = [0, 0], [123456789, 987654321], [MOST, -1]
    return run(tf, [tf.string_to_hash_bucket_strong(_many(np), MOST, key) for key in keys])


def hash_buckets(tf, np):
    found = [
        tf.strings.to_hash_bucket_fast("a", 7),
        tf.strings.to_hash_bucket([["a", "b"]], 7),
        tf.strings.to_hash_bucket_strong(["a"], 7, key=[1, 2]),
        tf.string_to_hash_bucket(input=["a"], num_buckets=3),
    ]
    return [
        *shapes(*found),
        *run(tf, found),
        found[0].dtype.name,
        error(lambda: tf.string_to_hash_bucket_fast("a", 0)),
        error(lambda: tf.string_to_hash_bucket_fast(1, 5)),
    ]


# -- regular expressions --------------------------------------------------------------------------


def replaced(tf, np):
    text = [
        "aab abb baac",
        "a.b-c_d 12 345",
        "line\nother\n",
        "\u00e9t\u00e9 \u4e2d x".encode("utf-8"),
        "",
    ]
    rules = [
        ("a", "x"),
        ("a*", "x"),
        ("(a+)(b)", r"\2<\1>\0"),
        (r"\d+", "#"),
        (r"[[:alpha:]]", "."),
        (".", "x"),
        (r"\.", r"\\"),
        ("^", "> "),
        ("$", "!"),
        (r"(?m)$", "!"),
        ("(?i)A", "x"),
        (r"\w", "w"),
        (r"\s+", ""),
        ("[^a]", "_"),
        (r"\Qa.b\E", "q"),
        ("a{2}", "2"),
        ("(?P<n>b)c?", r"[\1]"),
        ("a|ab", "x"),
        (r"\x62", "B"),
        (r"\bab", "X"),
        ("x?", "-"),
        (r"[$^]", "s"),
        (r"\z", "Z"),
        ("(q)?a", r"<\1>"),
    ]
    found = [tf.regex_replace(text, *rule) for rule in rules]
    found += [tf.regex_replace(text, rule[0], rule[1], replace_global=False) for rule in rules[:6]]
    return run(tf, found)


def replaced_by_tensors(tf, np):
    pattern, rewrite = tf.placeholder(tf.string), tf.placeholder(tf.string)
    found = tf.strings.regex_replace(["abc", "bcd"], pattern, rewrite)
    return [
        shape(found),
        run(tf, found, {pattern: "b.", rewrite: "<\\0>"}),
        error(lambda: run(tf, found, {pattern: "(", rewrite: ""})),
        error(lambda: run(tf, found, {pattern: ["a"], rewrite: ""})),
        found.op.type,
        tf.regex_replace("a", "b", "c").op.type,
    ]


def replaced_refused(tf, np):
    def fails(*rule):
        return error(lambda: run(tf, tf.regex_replace(["abc"], *rule)))

    return [
        fails("(", "x"),
        fails("[", "x"),
        fails("*", "x"),
        fails("(?=a)b", "x"),
        fails(r"(a)\1", "x"),
        fails("(?<=a)b", "x"),
    ]


def matched(tf, np):
    text = ["a.b", "ab", "", "aab\n", "\u00e9".encode("utf-8")]
    patterns = ["a.b", r"a\.b", ".*", "a|ab", "", ".", r"a+b\n", "[[:^alpha:]]+", "ab$"]
    found = [tf.strings.regex_full_match(text, pattern) for pattern in patterns]
    late = tf.strings.regex_full_match(text, tf.constant("a+b"))
    return [*shapes(found[0], late), *run(tf, found), run(tf, late), late.op.type, found[0].op.type]


# -- characters -----------------------------------------------------------------------------------


def characters_decoded(tf, np):
    good, bad = WORDS[3], b"a\xc3(\xe4\xb8b\xff\x01"
    decode = tf.strings.unicode_decode
    found = [
        decode(good, "UTF-8"),
        decode(bad, "UTF-8"),
        decode(bad, "UTF-8", errors="ignore"),
        decode(bad, "UTF-8", replacement_char=63),
        decode(bad, "UTF-8", replace_control_characters=True),
        decode(good.decode("utf-8").encode("utf-16-be"), "UTF-16-BE"),
        decode("\U0001f60a\u00e9".encode("utf-8"), "UTF-8"),
        *tf.strings.unicode_decode_with_offsets(good, "UTF-8"),
        *tf.strings.unicode_decode_with_offsets(bad, "UTF-8"),
        tf.strings.unicode_split(good, "UTF-8"),
        *tf.strings.unicode_split_with_offsets(good, "UTF-8"),
    ]
    return [
        *shapes(*found[:9]),
        *run(tf, found),
        error(lambda: run(tf, decode(bad, "UTF-8", errors="strict"))),
    ]


def characters_encoded(tf, np):
    rows = tf.constant([[97, 233, 0x4E2D], [0x1F60A, 98, 99]])
    encode = tf.strings.unicode_encode
    found = [
        encode(rows, "UTF-8"),
        encode(rows[0], "UTF-16-BE"),
        encode(rows, "UTF-32-BE"),
        encode([97, 0xD800, 0x110000, 98], "UTF-8"),
        encode([97, 0xD800, 98], "UTF-8", errors="ignore"),
        encode(rows[None], "UTF-8"),
        encode([97, 0x110000], "UTF-8", replacement_char=63),
    ]
    return [
        *shapes(*found),
        *run(tf, found),
        error(lambda: run(tf, encode([0xD800], "UTF-8", errors="strict"))),
        error(lambda: encode(97, "UTF-8")),
        error(lambda: encode([97], "latin1")),
    ]


def characters_transcoded(tf, np):
    change, texts = tf.strings.unicode_transcode, [WORDS[3], b"a\xffb\x02"]
    found = [
        change(texts, "UTF-8", "UTF-16-BE"),
        change(texts, "UTF-8", "UTF-8"),
        change(texts, "UTF-8", "UTF-8", errors="ignore"),
        change(texts, "UTF-8", "UTF-32-BE"),
        change(texts, "UTF-8", "UTF-8", replacement_char=32, replace_control_characters=True),
        change([b"\xe9t\xe9"], "latin1", "UTF-8"),
    ]
    return [
        *shapes(*found),
        *run(tf, found),
        error(lambda: run(tf, change(texts, "UTF-8", "UTF-8", errors="strict"))),
        error(lambda: run(tf, change(texts, "nothing", "UTF-8"))),
    ]


# -- n-grams --------------------------------------------------------------------------------------


def ngrams(tf, np):
    row, rows = tf.constant(["a", "b", "c", "d"]), tf.constant([["a", "b", "c"], ["d", "e", "f"]])
    make = tf.strings.ngrams
    found = [
        make(row, 2),
        make(rows, 2),
        make(row, [1, 3]),
        make(row, 3, "|", ("<", ">")),
        make(row, 3, pad_values="_"),
        make(rows, 3, pad_values="_", padding_width=1),
        make(row, 2, "", pad_values=("L", "R"), padding_width=5),
        make(rows, 5),
        make(rows, 5, preserve_short_sequences=True),
        make(rows[None], 2),
        make(row, 9),
        make(row, [7, 6], pad_values="p", padding_width=1, preserve_short_sequences=True),
    ]
    return [
        *run(tf, found),
        error(lambda: make(row, 0)),
        error(lambda: make("a", 1)),
        error(lambda: make(row, 1, pad_values=1)),
        error(lambda: make(row, 2, padding_width=1)),
    ]


def equality(tf, np):
    words = tf.constant(["a", "b"])
    return run(
        tf,
        [
            tf.equal(words, ["a", "c"]),
            tf.not_equal(words, "a"),
            tf.image.is_jpeg(b"\xff\xd8\xff\xe0..."),
            tf.image.is_jpeg("no"),
        ],
    )


def base64_refused(tf, np):
    parts = "1 modulo 4", "Invalid character"
    return [
        said(lambda text=text: run(tf, tf.decode_base64(text)), *parts)
        for text in (b"aaaaa", b"a", b"a?aa", b"a+aa", b"a b_")
    ]
