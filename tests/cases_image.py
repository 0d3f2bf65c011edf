"""The rows of tests/cases.py for the ops of tf.image."""
import colorsys

import numpy as np
from cases import raw, row, scene
from domains import generator, real

import minitf as tf


def pictures(*shape, key=0):
    """float32 in [0, 1]."""
    return generator("pictures", shape, key).uniform(0, 1, shape).astype(np.float32)


# -- resizing -------------------------------------------------------------------------------------


def sampled(image, size, weigh):
    """Each pixel the sum of the image's, weighed by weigh(its distance in rows) * (in columns)."""
    _, height, width, _ = image.shape
    down, right = (
        np.array([[weigh(o * n / m - i) for i in range(n)] for o in range(m)])
        for n, m in ((height, size[0]), (width, size[1]))
    )
    return np.einsum("oi,bijc,pj->bopc", down, image, right)


def tent(distance):
    return max(0, 1 - abs(distance))


IMAGE = np.zeros((2, 5, 6, 2), np.float32)
IMAGE[:, :3, :4] = pictures(2, 3, 4, 2)  # nothing at the far edges, where a tent would be cut
row("ResizeBilinear", lambda x: tf.image.resize_bilinear(x, [10, 9]), IMAGE,
    want=lambda x: sampled(x, (10, 9), tent))  # fmt: skip
row("ResizeBilinearGrad", lambda dy, x: raw("ResizeBilinearGrad")(dy, x), pictures(1, 4, 4, 1),
    np.zeros((1, 2, 2, 1)), want=lambda dy, x: of_doubled(dy), grad=False)  # fmt: skip


def of_doubled(dy):
    """The gradient of an image of 2 by 2 that was doubled."""
    share = np.array([[1, 0.5, 0, 0], [0, 0.5, 1, 1]])
    return np.einsum("ij,bjkc,lk->bilc", share, dy, share)


def keys(distance, a=-0.75):
    x = abs(distance)
    if x <= 1:
        return (a + 2) * x**3 - (a + 3) * x**2 + 1
    return a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a if x < 2 else 0


INNER = np.zeros((1, 8, 8, 1), np.float32)
INNER[:, 2:6, 2:6] = pictures(1, 4, 4, 1)
row("ResizeBicubic", lambda x: tf.image.resize_bicubic(x, [16, 16]), INNER,
    want=lambda x: sampled(x, (16, 16), keys))  # fmt: skip
row("ResizeBicubicGrad", lambda dy, x: raw("ResizeBicubicGrad")(dy, x), pictures(1, 3, 3, 1),
    np.zeros((1, 3, 3, 1)), want=lambda dy, x: dy, grad=False)  # fmt: skip
row("ResizeNearestNeighbor", lambda x: tf.image.resize_nearest_neighbor(x, [6, 2]),
    real(2, 3, 4, 2), want=lambda x: np.repeat(x, 2, 1)[:, :, ::2], second=False)  # fmt: skip
row("ResizeNearestNeighborGrad",
    lambda dy: raw("ResizeNearestNeighborGrad")(dy, np.int32([3, 4])), real(2, 6, 4, 1),
    want=lambda dy: dy.reshape(2, 3, 2, 4, 1).sum(2), grad=False)  # fmt: skip
row("ResizeArea", lambda x: tf.image.resize_area(x, [2, 2]), pictures(2, 6, 4, 2),
    want=lambda x: x.reshape(2, 2, 3, 2, 2, 2).mean((2, 4)))  # fmt: skip

# -- parts ----------------------------------------------------------------------------------------

BOXES, OF = np.float32([[0, 0, 1, 1], [1, 0, 0, 0.5]]), np.int32([1, 0])


def crops(image, boxes, of):
    """Of images of 5 by 5, at the boxes above, whose places are whole pixels: 3 by 3."""
    return np.stack([image[1, ::2, ::2], image[0, ::-2, :3]])


FIVE = pictures(2, 5, 5, 2)
row("CropAndResize", lambda x, b, i: tf.image.crop_and_resize(x, b, i, [3, 3]), FIVE, BOXES, OF,
    want=crops)  # fmt: skip


def of_crops(dy, boxes, of):
    total = np.zeros((2, 5, 5, 2))
    total[1, ::2, ::2] += dy[0]
    total[0, ::-2, :3] += dy[1]
    return total


row("CropAndResizeGradImage",
    lambda dy, b, i: raw("CropAndResizeGradImage")(dy, b, i, np.int32([2, 5, 5, 2]), T=tf.float64),
    pictures(2, 3, 3, 2), BOXES, OF, want=of_crops)  # fmt: skip
RAMP = np.float32(np.arange(5)[None, :, None, None] + np.zeros((2, 5, 5, 1)))
HALF = np.float32([[0.1, 0.1, 0.6, 0.9]])
row("CropAndResizeGradBoxes", lambda dy, x, b, i: raw("CropAndResizeGradBoxes")(dy, x, b, i),
    np.ones((1, 2, 3, 1), np.float32), RAMP, HALF, np.int32([0]),
    want=lambda dy, x, b, i: [[12, 0, 12, 0]])  # fmt: skip
row("ExtractGlimpse", lambda x: tf.image.extract_glimpse(x, [3, 3], [[0.0, 0.0]] * 2),
    FIVE, want=lambda x: x[:, 1:4, 1:4])  # fmt: skip

# -- colours --------------------------------------------------------------------------------------

COLOURS = generator("colours").permutation(36).reshape(2, 6, 3) / 36 + 0.01  # no two alike


def changed(change):
    """The function of three channels, at each pixel."""

    def reference(x):
        pixels = x.reshape(-1, 3).tolist()
        return np.array([change(*pixel) for pixel in pixels]).reshape(x.shape)

    return reference


def turned(red, green, blue, turns=0.3):
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    return colorsys.hsv_to_rgb((hue + turns) % 1, saturation, value)


def paled(red, green, blue):
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    return colorsys.hsv_to_rgb(hue, saturation / 2, value)


row("RGBToHSV", tf.image.rgb_to_hsv, COLOURS, want=changed(colorsys.rgb_to_hsv))
row("HSVToRGB", tf.image.hsv_to_rgb, COLOURS, want=changed(colorsys.hsv_to_rgb), grad=False)
SHOWN = COLOURS.astype(np.float32).reshape(1, 2, 6, 3)
row("AdjustHue", lambda x: tf.image.adjust_hue(x, 0.3), SHOWN, want=changed(turned), tolerance=1e-5)
row("AdjustSaturation", lambda x: tf.image.adjust_saturation(x, 0.5), SHOWN, want=changed(paled),
    tolerance=1e-5)  # fmt: skip
row("AdjustContrastv2", lambda x: tf.image.adjust_contrast(x, 3.0), SHOWN,
    want=lambda x: 3 * x - 2 * x.mean((1, 2), keepdims=True), tolerance=1e-5)  # fmt: skip

# -- boxes ----------------------------------------------------------------------------------------


def framed(colour):
    def draw(images, boxes):
        drawn = images.copy()
        drawn[0, 1, 1:4] = drawn[0, 3, 1:4] = drawn[0, 1:4, 1] = drawn[0, 1:4, 3] = colour
        return drawn

    return draw


ONE_BOX = np.float32([[[0.25, 0.25, 0.75, 0.75]]])
BLACK = np.zeros((1, 5, 5, 3), np.float32)
row("DrawBoundingBoxes", tf.image.draw_bounding_boxes, BLACK, ONE_BOX, want=framed([1, 1, 0]))
row("DrawBoundingBoxesV2",
    lambda x, b: tf.image.draw_bounding_boxes(x, b, colors=[[0.1, 0.2, 0.3]]), BLACK, ONE_BOX,
    want=framed([0.1, 0.2, 0.3]))  # fmt: skip
CORNERS = np.float32([[0, 0, 1, 1], [0, 0, 1, 1.1], [2, 2, 3, 3], [0, 0, 0.9, 1]])
SCORES = np.float32([0.5, 0.9, 0.8, 0.7])
row("NonMaxSuppressionV3", lambda b, s: tf.image.non_max_suppression(b, s, 4), CORNERS, SCORES,
    want=lambda b, s: [1, 2], known=False)  # fmt: skip
row("NonMaxSuppressionV4",
    lambda b, s: tf.image.non_max_suppression_padded(b, s, 4, pad_to_max_output_size=True),
    CORNERS, SCORES, want=lambda b, s: [[1, 2, 0, 0], 2])  # fmt: skip
row("NonMaxSuppressionV5", lambda b, s: tf.image.non_max_suppression_with_scores(b, s, 4),
    CORNERS, SCORES, want=lambda b, s: [[1, 2], [0.9, 0.8]], known=False)  # fmt: skip
row("NonMaxSuppressionWithOverlaps", lambda o, s: tf.image.non_max_suppression_overlaps(o, s, 4),
    np.eye(4, dtype=np.float32), SCORES, want=lambda o, s: [1, 2, 3, 0], known=False)  # fmt: skip
row("CombinedNonMaxSuppression",
    lambda b, s: tf.image.combined_non_max_suppression(b, s, 4, 3), CORNERS[None, :, None],
    SCORES[None, :, None], want=lambda b, s: [
        [[[0, 0, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0]]], [[0.9, 0.8, 0]], [[0, 0, 0]], [2]],
)  # fmt: skip


@scene("SampleDistortedBoundingBoxV2")
def distorted(run):
    begin, size, box = tf.image.sample_distorted_bounding_box(
        [40, 60, 3], [[[0.1, 0.1, 0.9, 0.9]]], seed=3, min_object_covered=0.5
    )
    (top, left, _), (height, width, rest), corners = run([begin, size, box])
    inside = top >= 0 and left >= 0 and top + height <= 40 and left + width <= 60
    want = [top / 40, left / 60, (top + height) / 40, (left + width) / 60]
    return [(inside, True), (rest, -1), (corners[0, 0], want)]


# -- files ----------------------------------------------------------------------------------------

STEPS = 64 * np.add.outer(np.arange(4), np.arange(3))[..., None] % 256
PICTURE = (STEPS + np.array([0, 3, 9])).astype(np.uint8)


def bitmap(image):
    """The bytes of a BMP file."""
    height, width, _ = image.shape
    rows = np.pad(image[::-1, :, ::-1].reshape(height, -1), ((0, 0), (0, -3 * width % 4)))
    header = np.int32([54 + rows.size, 0, 54, 40, width, height, 24 << 16 | 1]).tobytes()
    return b"BM" + header + bytes(24) + rows.tobytes()


SMOOTH = np.repeat(np.arange(0, 160, 10, np.uint8)[:, None], 16, 1)[..., None]


def near(run, op, build, want=SMOOTH, off=3):
    """(whether all pixels are near, True)."""
    got = run(build).astype(int)
    return [(got.shape, want.shape), (np.abs(got - want).max() <= off, True)]


scene("DecodePng")(lambda run: [(run(tf.image.decode_png(tf.image.encode_png(PICTURE))), PICTURE)])
scene("EncodePng")(
    lambda run: [(run(tf.image.encode_png(PICTURE))[:8] == b"\x89PNG\r\n\x1a\n", True)]
)
scene("DecodeBmp")(lambda run: [(run(tf.image.decode_bmp(bitmap(PICTURE))), PICTURE)])
scene("DecodeImage")(
    lambda run: [(run(tf.image.decode_image(bitmap(PICTURE), dtype=tf.float32)), PICTURE / 255)]
)
scene("EncodeJpeg")(lambda run: [(run(tf.image.encode_jpeg(SMOOTH))[:3] == b"\xff\xd8\xff", True)])
scene("DecodeJpeg")(
    lambda run: near(run, "DecodeJpeg", tf.image.decode_jpeg(tf.image.encode_jpeg(SMOOTH)))
)
scene("DecodeAndCropJpeg")(lambda run: near(
    run, "DecodeAndCropJpeg",
    tf.image.decode_and_crop_jpeg(tf.image.encode_jpeg(SMOOTH), [2, 3, 8, 9]), SMOOTH[2:10, 3:12],
))  # fmt: skip
scene("EncodeJpegVariableQuality")(
    lambda run: near(run, "", tf.image.adjust_jpeg_quality(SMOOTH, tf.constant(90)))
)
scene("ExtractJpegShape")(
    lambda run: [(run(tf.image.extract_jpeg_shape(tf.image.encode_jpeg(SMOOTH))), [16, 16, 1])]
)


@scene("DecodeGif")
def gif(run):
    flat = np.repeat(PICTURE[:, :1, :1] & 192, 3, 2)
    return [(run(tf.image.decode_gif(gif_file([flat[..., 0], 255 - flat[..., 0]]))),
             np.stack([flat, 255 - flat]))]  # fmt: skip


def gif_file(frames):
    """The bytes of a GIF file of grey frames, uncompressed: each pixel is a code of its own."""
    height, width = frames[0].shape
    screen = int.to_bytes(width, 2, "little") + int.to_bytes(height, 2, "little")
    palette = bytes(np.repeat(np.arange(0, 256, dtype=np.uint8), 3))
    data = b"GIF89a" + screen + b"\xf7\x00\x00" + palette
    for frame in frames:
        codes = [code for pixel in frame.ravel().tolist() for code in (256, pixel)] + [257]
        bits = sum(code << 9 * i for i, code in enumerate(codes))
        packed = bits.to_bytes(-(-9 * len(codes) // 8), "little")
        data += b"\x2c" + bytes(4) + screen + b"\x00\x08" + bytes([len(packed)]) + packed + b"\x00"
    return data + b"\x3b"


