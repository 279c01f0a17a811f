import pytest

from train.documents.benchmarks import benchmark_parts


@pytest.fixture
def record():
    return {
        "date": "2026-11-25",
        "device": "cpu:cpu (x86_64)",
        "versions": {"python": "3.11.7", "jax": "0.10.2"},
        "peak_memory_mb": {"process": 4321.5, "device": 12.0},
        "records": [
            {
                "name": "raster/box+max/forward",
                "batch": 1024,
                "images_per_s": 123456.7,
                "ratio": 12.34,
                "baseline": "literal oracle",
                "baseline_images_per_s": 10004.4,
                "seconds": None,
                "thousands": None,
            },
            {
                "name": "quality/iou 0.80",
                "batch": 320,
                "images_per_s": 1000.0,
                "ratio": None,
                "baseline": None,
                "baseline_images_per_s": None,
                "seconds": 61.2,
                "thousands": 4.21,
            },
            {
                "name": "export",
                "batch": 70000,
                "images_per_s": 4321.4,
                "ratio": None,
                "baseline": None,
                "baseline_images_per_s": None,
                "seconds": None,
                "thousands": None,
            },
        ],
    }


def test_figures_without_a_baseline_have_no_ratio(record):
    found = benchmark_parts(record)
    assert found["speed"].splitlines()[2:] == [
        "| `raster/box+max/forward` | 1,024 | 123,457 | 10,004 | 12.3 |",
        "| `export` | 70,000 | 4,321 |  |  |",
    ]
    assert found["speed"].count("| what | batch | images/s | baseline, images/s | ratio |") == 1


def test_the_text_around_the_table(record):
    found = benchmark_parts(record)
    assert set(found) == {"speed", "quality", "date", "device", "memory", "versions"}
    assert found["memory"] == "process 4,322 MB, device 12 MB"
    assert found["versions"] == "python 3.11.7, jax 0.10.2"
    assert (found["date"], found["device"]) == ("2026-11-25", "cpu:cpu (x86_64)")


def test_time_to_quality_has_a_table_of_its_own(record):
    lines = benchmark_parts(record)["quality"].splitlines()
    assert lines[2:] == ["| `quality/iou 0.80` | 61,200 | 61 | 4.2 |"]
