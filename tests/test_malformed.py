from tests.malformed import bombs, main


def test_readers_read_or_refuse_in_one_line(capsys):
    tally = main(320, with_bombs=False)
    assert tally.total() == 320
    assert tally["FAULT"] == 0, capsys.readouterr().out
    assert tally["read"] > 10
    assert tally["refused"] > 150


def test_bombs_are_small():
    name, content = next(bombs())
    assert name == "a.ndjson.gz"
    assert len(content) < 2_000_000
