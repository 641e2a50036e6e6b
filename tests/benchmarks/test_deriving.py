from benchmarks.deriving import main


def test_the_offline_figures_are_derived_in_time(capsys):
    assert main(["--vintages", "2"]) == 0
    assert "observations: " in capsys.readouterr().out
