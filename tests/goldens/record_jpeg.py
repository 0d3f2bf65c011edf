"""Records the pixels that TensorFlow 1.15.5 decodes from JPEG files into jpeg.json (see record.py
for the oracle):

    python tests/goldens/record_jpeg.py
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from goldens.pictures import HERE, picture

CASES = [
    {"name": name, "channels": channels, "ratio": ratio}
    for name in ("rgb", "low", "full", "progressive", "grey", "cmyk")
    for channels in (0, 1, 3)
    for ratio in (1, 2, 4, 8)
    if (ratio == 1 or (name == "rgb" and channels != 1)) and (name, channels) != ("cmyk", 1)
]


def decoded(case, tf, **options):
    """[height, width, channels] of a case."""
    data = picture(case["name"] + ".jpg")
    image = tf.image.decode_jpeg(data, case["channels"], case["ratio"], **options)
    with tf.Session() as sess:
        return sess.run(image)


def main():
    from goldens.record import quiet_tensorflow

    tf, found = quiet_tensorflow(), []
    for case in CASES:
        image = decoded(case, tf, dct_method="INTEGER_ACCURATE")
        found.append(dict(case, shape=image.shape, pixels=image.ravel().tolist()))
    with open(os.path.join(HERE, "jpeg.json"), "w") as out:
        rows = (json.dumps(row, sort_keys=True, separators=(",", ":")) for row in found)
        out.write("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
