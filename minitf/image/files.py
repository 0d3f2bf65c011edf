"""Bytes of image files to arrays and back: JPEG and GIF through Pillow, PNG and BMP without where
that is simple.

Pillow is an extra (`pip install minitf-tf1[image]`), imported when it is first needed.
"""
import io
import struct
import zlib

import numpy as np

SIGNATURES = {b"\xff\xd8\xff": "JPEG", b"\x89PN": "PNG", b"GIF": "GIF", b"BM": "BMP"}


def pillow(what):
    """The module PIL.Image. ImportError that says how to get it."""
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError(
            f"{what} needs Pillow, which is not installed: pip install minitf-tf1[image] "
            "(or pip install pillow)"
        ) from error
    return Image


def format_of(contents):
    """JPEG, PNG, GIF, BMP, or None."""
    return next((kind for sign, kind in SIGNATURES.items() if contents.startswith(sign)), None)


def opened(contents, what):
    """Pillow's image. ValueError for damaged bytes."""
    Image = pillow(what)
    try:
        return Image.open(io.BytesIO(contents))
    except (OSError, SyntaxError) as error:
        kind = format_of(contents)
        raise ValueError(f"Invalid {kind} data, size {len(contents)}: {error}") from None


def pixels(image, mode):
    """An array [height, width, channels] of Pillow's image. ValueError for damaged bytes."""
    try:
        array = np.array(image.convert(mode))
    except (OSError, SyntaxError, EOFError, struct.error) as error:
        raise ValueError(f"Invalid {image.format} data: {error}") from None
    return array.reshape(*array.shape[:2], -1)


# -- JPEG -----------------------------------------------------------------------------------------


def decode_jpeg(contents, channels, ratio=1):
    """uint8 [height, width, channels], scaled down by a ratio of 1, 2, 4 or 8."""
    image = opened(contents, "Decoding JPEG")
    mode = {0: "L" if image.mode == "L" else "RGB", 1: "L", 3: "RGB"}[channels]
    if ratio > 1 or mode == "L":
        wanted = tuple(-(-n // ratio) for n in image.size)
        image.draft(mode, tuple(max(n // ratio, 1) for n in image.size))
        if image.size != wanted:
            raise NotImplementedError(
                f"an image of {image.size} cannot be scaled down by {ratio} through Pillow"
            )
    return pixels(image, mode)


def encode_jpeg(image, quality=95, **options):
    """The bytes of uint8 [height, width, 1 or 3] as a JPEG file."""
    Image, stream = pillow("Encoding JPEG"), io.BytesIO()
    picture = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
    picture.save(stream, "JPEG", quality=max(int(quality), 1), **options)
    return stream.getvalue()


def jpeg_shape(contents):
    """(height, width, channels) from the header of a JPEG file. ValueError when there is none."""
    at = 2
    while contents[at : at + 1] == b"\xff" and at + 9 < len(contents):
        marker, length = contents[at + 1], int.from_bytes(contents[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width, channels = struct.unpack(">HHB", contents[at + 5 : at + 10])
            return height, width, channels
        at += 1 if marker == 0xFF else 2 + length
    raise ValueError(f"Invalid JPEG data, size {len(contents)}: no header of a frame")


# -- GIF ------------------------------------------------------------------------------------------


def decode_gif(contents):
    """uint8 [frames, height, width, 3], each frame drawn on the one before."""
    image = opened(contents, "Decoding GIF")
    frames = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        frames.append(pixels(image, "RGB"))
    return np.stack(frames)


# -- BMP ------------------------------------------------------------------------------------------


def decode_bmp(contents, channels):
    """uint8 [height, width, channels] of a BMP file of 8, 24 or 32 bits a pixel."""
    if len(contents) < 32:
        raise ValueError(f"Incomplete bmp content, requires at least 32 bytes to find the header "
                         f"size, width, height, and bpp, got {len(contents)} bytes")  # fmt: skip
    start, (width, height) = *struct.unpack_from("<i", contents, 10), struct.unpack_from(
        "<ii", contents, 18)  # fmt: skip
    depth = struct.unpack_from("<H", contents, 28)[0] // 8
    if channels and channels != depth:
        raise ValueError(f"channels attribute {channels} does not match bits per pixel from file "
                         f"{depth}")  # fmt: skip
    if depth not in (1, 3, 4):
        raise ValueError(f"Number of channels must be 1, 3 or 4, was {depth}")
    line = (width * depth + 3) // 4 * 4
    if len(contents) < start + line * abs(height):
        raise ValueError(f"Incomplete bmp content, requires at least {start + line * abs(height)} "
                         f"bytes, got {len(contents)} bytes")  # fmt: skip
    rows = np.frombuffer(contents, np.uint8, line * abs(height), start).reshape(-1, line)
    found = rows[:, : width * depth].reshape(-1, width, depth)
    found = found if height < 0 else found[::-1]
    order = {1: [0], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[depth]  # the file has blue first
    return np.ascontiguousarray(found[..., order])


# -- PNG ------------------------------------------------------------------------------------------

_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}  # by the colour type of the header; 3 is a palette
_COLOURS = {1: 0, 2: 4, 3: 2, 4: 6}


def decode_png(contents, channels, dtype):
    """[height, width, channels] of uint8 or uint16."""
    if len(contents) < 26:
        raise ValueError(f"Invalid PNG header, data size {len(contents)}")
    depth, colour, interlaced = contents[24], contents[25], contents[28]
    if depth == 16 and colour != 0:
        found = _sixteen_bits(contents, _CHANNELS[colour], interlaced)
    else:
        found = _through_pillow(contents, depth, colour, channels)
    # In TensorFlow, pixels of few bits get an opaque of as few.
    found = with_channels(found, channels, opaque=(1 << depth) - 1)
    if dtype == np.uint16 and found.dtype == np.uint8:
        found = found.astype(np.uint16) * np.uint16(257)
    elif dtype == np.uint8 and found.dtype == np.uint16:
        found = (found >> 8).astype(np.uint8)
    return np.ascontiguousarray(found)


def _through_pillow(contents, depth, colour, channels):
    image = opened(contents, "Decoding PNG")
    if depth == 16:
        return pixels(image, image.mode).astype(np.uint16)
    # A palette's transparency makes a fourth channel; that of one colour only where it is wanted.
    if "transparency" in image.info and (colour == 3 or channels == 4):
        return pixels(image, "RGBA")
    return pixels(image, {0: "L", 2: "RGB", 3: "RGB", 4: "LA", 6: "RGBA"}[colour])


def with_channels(found, channels, opaque):
    """With 1, 3 or 4 channels, or (0) as they are: grey is spread, colours are weighed, alpha is
    dropped or `opaque`."""
    count = found.shape[2]
    if channels in (0, count):
        return found
    alpha = found[..., -1:] if count in (2, 4) else np.full_like(found[..., :1], opaque)
    colours = found[..., : count - (count in (2, 4))]
    if channels == 1:
        return _grey(colours) if colours.shape[2] == 3 else colours
    colours = np.repeat(colours, 3, axis=2) if colours.shape[2] == 1 else colours
    return colours if channels == 3 else np.concatenate([colours, alpha], axis=2)


def _grey(colours):
    """As libpng weighs: in parts of 32768, cut off in 8 bits and rounded in 16."""
    weights = np.array([9797, 19234, 3737], np.int64)
    half = 16384 if colours.dtype == np.uint16 else 0
    weighed = (colours.astype(np.int64) @ weights + half) >> 15
    same = (colours[..., 0] == colours[..., 1]) & (colours[..., 1] == colours[..., 2])
    return np.where(same, colours[..., 0], weighed).astype(colours.dtype)[..., None]


def _chunks(contents):
    at = 8
    while at + 8 <= len(contents):
        length, kind = struct.unpack_from(">I4s", contents, at)
        yield kind, contents[at + 8 : at + 8 + length]
        at += length + 12


def _sixteen_bits(contents, channels, interlaced):
    """uint16 of a PNG file with colours or alpha, which Pillow would cut to 8 bits."""
    if interlaced:
        raise NotImplementedError("interlaced PNG files of 16 bits with colours or alpha")
    width, height = struct.unpack_from(">II", contents, 16)
    try:
        lines = zlib.decompress(b"".join(d for kind, d in _chunks(contents) if kind == b"IDAT"))
    except zlib.error as error:
        raise ValueError(f"Invalid PNG data: {error}") from None
    step, length = 2 * channels, 2 * channels * width
    if len(lines) < (length + 1) * height:
        raise ValueError("Invalid PNG data: it ends early")
    rows, above = [], bytearray(length)
    for start in range(0, (length + 1) * height, length + 1):
        above = _unfiltered(lines[start], bytearray(lines[start + 1 : start + 1 + length]), above,
                            step)  # fmt: skip
        rows.append(bytes(above))
    return np.frombuffer(b"".join(rows), ">u2").reshape(height, width, channels).astype(np.uint16)


def _unfiltered(kind, line, above, step):
    """A line of bytes, what PNG's filter took from them put back."""
    for i in range(len(line)) if kind else ():
        left = line[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        guess = (0, left, above[i], (left + above[i]) // 2)[kind] if kind < 4 else _paeth(
            left, above[i], corner)  # fmt: skip
        line[i] = (line[i] + guess) & 0xFF
    return line


def _paeth(left, above, corner):
    guess = left + above - corner
    return min((left, above, corner), key=lambda near: abs(guess - near))


def encode_png(image, compression=-1):
    """The bytes of uint8 or uint16 [height, width, 1 to 4] as a PNG file."""
    height, width, channels = image.shape
    depth = 8 * image.dtype.itemsize
    header = struct.pack(">IIBBBBB", width, height, depth, _COLOURS[channels], 0, 0, 0)
    rows = image.astype(">u2" if depth == 16 else np.uint8).reshape(height, -1).view(np.uint8)
    lines = _filtered(rows, channels * image.dtype.itemsize).tobytes()
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(lines, compression)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _filtered(rows, step):
    """Each line as differences from its neighbours, behind the number of the filter: the one that
    leaves the least, which is what is best to compress. [PNG specification, 12.8]"""
    above = np.pad(rows, ((1, 0), (0, 0)))[:-1]
    left, corner = (np.pad(each, ((0, 0), (step, 0)))[:, :-step] for each in (rows, above))
    mean = (left.astype(np.int16) + above) // 2
    nearest = _nearest(*(each.astype(np.int16) for each in (left, above, corner)))
    guesses = [np.zeros_like(rows), left, above, mean, nearest]
    lines = np.stack([rows - guess.astype(np.uint8) for guess in guesses])
    best = np.abs(lines.view(np.int8).astype(np.int16)).sum(2).argmin(0)
    return np.column_stack([best.astype(np.uint8), lines[best, np.arange(len(rows))]])


def _nearest(left, above, corner):
    """Which of the three is next to left + above - corner: Paeth's guess."""
    far = abs(above - corner), abs(left - corner), abs(left + above - 2 * corner)
    takes_left = (far[0] <= far[1]) & (far[0] <= far[2])
    return np.where(takes_left, left, np.where(far[1] <= far[2], above, corner))


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
