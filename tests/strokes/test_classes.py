import json

import pytest

from strokes.classes import DIGITS, LONGEST_NAME, Classes, classes_of, folder_of, name_of_folder


def test_digits_are_numbered_as_they_are_named():
    assert [DIGITS.number(str(digit)) for digit in range(10)] == list(range(10))
    assert len(DIGITS) == 10
    with pytest.raises(ValueError, match="label '10', expected a digit from 0 to 9"):
        DIGITS.number("10")


def test_any_text_names_a_class_however_it_is_composed():
    classes = Classes(("あ", "一", "e\u0301", "ß", "two words"))
    assert classes.number("\u00e9") == classes.number("e\u0301") == 2
    assert [classes.number(name) for name in classes.names] == list(range(5))
    with pytest.raises(ValueError, match="expected one of あ 一"):
        classes.number("x")


@pytest.mark.parametrize(
    "names",
    [(), ("",), ("a", "a"), ("\u00e9", "e\u0301"), ("a\n",), ("\ud800",), (1,)]
    + [("x" * (LONGEST_NAME + 1),), tuple(map(str, range(65_537)))],
)
def test_what_names_no_class_is_refused(names):
    with pytest.raises(ValueError, match="class"):
        Classes(names)


def test_what_looks_alike_is_folded_onto_the_first():
    classes = Classes(("C", "D", "c", "d", "e"), alike=(("c", "C"),))
    assert classes.folded == (0, 1, 0, 3, 4)
    assert DIGITS.folded == tuple(range(10))
    assert Classes(DIGITS.names[::-1]).of_digits
    assert not classes.of_digits
    for wrong in ((("c", "x"),), (("c", "C"), ("C", "D"))):
        with pytest.raises(ValueError, match=r"x|two groups"):
            Classes(classes.names, alike=wrong)


def test_facts_lead_back_and_none_are_digits():
    for classes in (DIGITS, Classes(("C", "c", "一"), alike=(("C", "c"),))):
        assert classes_of(json.loads(json.dumps(classes.facts()))) == classes
    assert classes_of({"data": "grey"}) == DIGITS
    for wrong in ({"classes": 3}, {"classes": [3]}, {"classes": []}):
        with pytest.raises((TypeError, ValueError)):
            classes_of(wrong)


@pytest.mark.parametrize("name", ["7", "a", "A", "一", "e\u0301", "/", ".", "CON", "two words"])
def test_a_folder_s_name_leads_back_on_any_file_system(name):
    folder = folder_of(name)
    assert folder.isascii()
    assert not set(folder) & set('/\\:*?"<>|. ')
    assert Classes((name,)).number(name_of_folder(folder)) == 0
    assert folder_of("a").lower() != folder_of("A").lower()


def test_folders_mean_what_they_say_or_the_character_of_their_code():
    assert [name_of_folder(one) for one in ("7", "U+4E00", "u+4e00")] == ["7", "一", "u+4e00"]
    with pytest.raises(ValueError, match="no character"):
        name_of_folder("U+FFFFFF")
