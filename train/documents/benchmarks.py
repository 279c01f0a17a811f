"""The figures of scripts.bench as tables."""

from typing import Any

from train.figures.tables import markdown_table

Record = dict[str, Any]
"""What scripts.bench writes."""


def benchmark_parts(record: Record) -> dict[str, str]:
    """What the template of the document about speed asks for, by name."""
    rows = [
        [
            f"`{row['name']}`",
            f"{row['batch']:,}",
            f"{row['images_per_s']:,.0f}",
            f"{row['baseline_images_per_s']:,.0f}" if row["baseline"] else "",
            f"{row['ratio']:.1f}" if row["baseline"] else "",
        ]
        for row in record["records"]
        if row["seconds"] is None
    ]
    reached = [
        [
            f"`{row['name']}`",
            f"{row['images_per_s'] * row['seconds']:,.0f}",
            f"{row['seconds']:.0f}",
            f"{row['thousands']:.1f}",
        ]
        for row in record["records"]
        if row["seconds"] is not None
    ]
    quality_head = ["what", "images seen", "seconds", "times of 1,000 reference images"]
    head = ["what", "batch", "images/s", "baseline, images/s", "ratio"]
    memory = ", ".join(f"{name} {mb:,.0f} MB" for name, mb in record["peak_memory_mb"].items())
    packages = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    return {
        "speed": markdown_table(head, rows),
        "quality": markdown_table(quality_head, reached),
        "date": record["date"],
        "device": record["device"],
        "memory": memory,
        "versions": packages,
    }
