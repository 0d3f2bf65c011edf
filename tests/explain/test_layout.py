"""Where the nodes of a diagram stand."""
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from minitf.explain.layout import Layout

graphs = st.integers(0, 14).flatmap(
    lambda count: st.tuples(
        *(st.lists(st.integers(0, node - 1), max_size=3) if node else st.just([])
          for node in range(count))
    )
)  # fmt: skip


@given(graphs)
def test_edges_go_right_one_column_at_a_time_and_nothing_overlaps(inputs):
    layout = Layout(inputs)
    ways = [layout.way(source, node) for node, sources in enumerate(inputs) for source in sources]
    for way in ways:
        assert [b[0] - a[0] for a, b in pairwise(way)] == [1.0] * (len(way) - 1)
    points = {*layout.places, *(point for way in ways for point in way)}
    assert len(set(layout.places)) == len(inputs)
    for column in range(layout.columns):
        heights = sorted(height for at, height in points if at == column)
        assert heights, "an empty column"
        assert all(b - a > 1 - 1e-9 for a, b in pairwise(heights))
        assert heights[0] >= 0 and heights[-1] + 1 <= layout.rows + 1e-9


def test_two_chains_that_need_not_cross_do_not():
    # 0 -> 3 -> 4 and 1 -> 2 -> 4, given in an order that crosses.
    layout = Layout([(), (), (1,), (0,), (2, 3)])
    heights = [height for _, height in layout.places]
    assert (heights[0] < heights[1]) == (heights[3] < heights[2])


def test_an_input_stands_beside_its_first_use_and_a_node_in_the_middle_of_its_inputs():
    layout = Layout([(), (), (0, 1), (), (2, 3)])
    assert [column for column, _ in layout.places] == [0, 0, 1, 1, 2]
    heights = [height for _, height in layout.places]
    assert heights[2] == (heights[0] + heights[1]) / 2
    assert heights[4] == (heights[2] + heights[3]) / 2
