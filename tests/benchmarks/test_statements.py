from benchmarks.statements import FIVE, LABELS, measure_statements


def test_two_thirds_of_the_decidable_statements_are_found_and_few_are_false():
    score = measure_statements(FIVE, LABELS)
    found = len(score.decidable) - len(score.missed)
    assert found >= 2 / 3 * len(score.decidable)
    assert len(score.false) <= found / 4
