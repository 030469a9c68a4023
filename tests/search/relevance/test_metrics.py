"""The measures, against values worked out by hand."""

import pytest

from bench.apparatus import metrics

GRADES = {"a": 3, "b": 2, "c": 1}
# Gains 7, 3, 1; discounts 1, 1/log2(3) = 0.63093, 1/2. Best order: 7 + 1.89279 + 0.5 = 9.39279.


def test_the_best_order_scores_one() -> None:
    assert metrics.ndcg(["a", "b", "c", "x"], GRADES) == pytest.approx(1.0)


def test_a_worse_order_scores_the_share_of_its_gain() -> None:
    # x 0, b 3 × 0.63093 = 1.89279, a 7 × 0.5 = 3.5, then nothing: 5.39279 / 9.39279.
    assert metrics.ndcg(["x", "b", "a"], GRADES) == pytest.approx(0.57414, abs=1e-5)


def test_only_the_first_places_count_for_the_gain() -> None:
    ranked = [*(f"x{number}" for number in range(10)), "a"]

    assert metrics.ndcg(ranked, GRADES) == 0.0
    assert metrics.ndcg(ranked, GRADES, depth=11) == pytest.approx(7 / 3.58496 / 9.39279, abs=1e-5)


def test_the_ideal_is_cut_at_the_same_depth() -> None:
    many = {f"r{number}": 3 for number in range(20)}

    assert metrics.ndcg([f"r{number}" for number in range(10)], many) == pytest.approx(1.0)


def test_recall_counts_every_grade_alike() -> None:
    assert metrics.recall(["c", "x", "a"], GRADES) == pytest.approx(2 / 3)
    assert metrics.recall(["x", "x", "a"], GRADES, depth=2) == 0.0


def test_success_asks_for_the_highest_grade_in_the_first_place() -> None:
    assert metrics.success(["a", "b"], GRADES) == 1.0
    assert metrics.success(["b", "a"], GRADES) == 0.0
    assert metrics.success([], GRADES) == 0.0


def test_nothing_found_and_nothing_judged_score_nothing() -> None:
    assert metrics.ndcg([], GRADES) == 0.0
    assert metrics.ndcg(["a"], {}) == 0.0
    assert metrics.recall(["a"], {}) == 0.0
