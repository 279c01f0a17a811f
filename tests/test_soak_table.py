from tests.soak_table import BEGIN, DOCUMENT, END, with_table

ROUND = {
    "crowd": {
        "statuses": {"200": 50, "503": 950},
        "lost": 0,
        "answered_a_second": 30.0,
        "cores_of_server": 1.5,
        "answered_seconds": [0.3, 0.9],
        "told_to_come_again_seconds": [0.21, 0.7],
    },
    "slow_sockets": {
        "statuses": {"200": 30},
        "page_seconds": [0.005, 0.02],
        "digit_seconds": [0.08, 0.095],
        "digit_seconds_alone": [0.079, 0.09],
        "digit_core_seconds": 0.07,
        "digit_core_seconds_alone": 0.07,
    },
    "bombs": {"statuses": {"422": 2, "503": 14}, "seconds": [0.4, 2.0]},
    "nonsense": {"statuses": {"400": 1000}},
}


def test_a_document_has_the_table_of_what_was_found():
    found = {
        "date": "2026-12-01",
        "cores": 2,
        "kills": {"killed": 20, "differences": []},
        "bits": {"flipped": 200, "noticed": 199},
        "malformed": {"files": 2020, "faults": 0, "peak_megabytes": 700},
        "server": {"rounds": [ROUND, ROUND], "megabytes": [400, 410], "peak_megabytes": 900},
    }
    text = with_table(DOCUMENT.read_text(), found)
    assert text.count(BEGIN) == text.count(END) == 1
    table = text.split(BEGIN)[1].split(END)[0]
    for said in (
        "on 2 cores, 2026-12-01",
        "killed 20 times, its end equal",
        "199 of 200 noticed",
        "none lost; 100 answered, 1,900 told to come again",
        "told after 210 ms (most 700)",
        "a digit in 80 ms (most 95)",
        "4 answered 422, 28 told to come again",
        "400 MB after the first round, 410 MB after the last; at most 900 MB",
    ):
        assert said in table
    assert with_table(text, found) == text
