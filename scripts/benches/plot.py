"""The plot of `docs/benchmarks.md`: bars as SVG, readable on a light and on a dark page."""

from collections.abc import Sequence
from html import escape

from benches.measure import Table

_WIDTH, _LABELS, _VALUES = 720, 170, 70
_BAR, _GAP, _HEAD = 16, 6, 40
# Looked at on white and on black; GitHub shows an SVG by the page's own scheme.
_STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.head { font-weight: 600 }
.other { fill: #8c959f }
.ours { fill: #0969da }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .other { fill: #6e7681 }
  .ours { fill: #4493f8 }
}
"""


def bars(table: Table, ours: str) -> str:
    """One group of bars for each column of figures.

    Args:
        table: names in the first column, figures in the others.
        ours: the name whose bars stand out.
    """
    group = _HEAD + len(table.rows) * (_BAR + _GAP)
    height = group * (len(table.columns) - 1) + _GAP
    view = f'viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(table.title)}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {view}>', f"<style>\n{_STYLE}</style>"]
    for number, column in enumerate(table.columns[1:]):
        parts += _group(table, number + 1, number * group, f"{column}: {table.title.lower()}", ours)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _group(table: Table, column: int, top: int, title: str, ours: str) -> Sequence[str]:
    figures = [float(row[column]) for row in table.rows]
    scale = (_WIDTH - _LABELS - _VALUES) / max(figures)
    parts = [f'<text class="head" x="0" y="{top + _HEAD - 12}">{escape(title)}</text>']
    for i, (row, figure) in enumerate(zip(table.rows, figures, strict=True)):
        y = top + _HEAD + i * (_BAR + _GAP)
        width = figure * scale
        kind = "ours" if row[0] == ours else "other"
        parts += [
            f'<text x="{_LABELS - 8}" y="{y + 13}" text-anchor="end">{escape(str(row[0]))}</text>',
            f'<rect class="{kind}" x="{_LABELS}" y="{y}" width="{width:.1f}" height="{_BAR}" rx="2"/>',
            f'<text x="{_LABELS + width + 6:.1f}" y="{y + 13}">{figure:,.0f}</text>',
        ]
    return parts
