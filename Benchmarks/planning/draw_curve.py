#!/usr/bin/env python3
"""draw_curve.py CURVE.csv OUT.svg: draws the best cost and the proven bound of a search over time.

CURVE.csv is what `coverdesk plan --curve` writes. The cost's scale leaves out the first twentieth of the time, in
which it falls from far above.
"""
import csv, sys

rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(open(sys.argv[1]))]
end = rows[-1]["seconds"] or 1
late = [r for r in rows if r["seconds"] >= end / 20] or rows
top = max(r["cost"] for r in late)
bounds = [r["lower_bound"] for r in late if r["lower_bound"] > 0]
low = min([r["cost"] for r in late] + bounds[len(bounds) // 2:])
low, top = low - (top - low) * 0.05 - 1, top + (top - low) * 0.05 + 1
width, height, left, base = 640, 320, 80, 280


def point(r, key):
    x = left + (width - left - 20) * r["seconds"] / end
    y = base - (base - 20) * (min(max(r[key], low), top) - low) / (top - low)
    return f"{x:.1f},{y:.1f}"


def steps(key, chosen):
    points, last = [], None
    for r in chosen:
        if last is not None:
            points.append(point({"seconds": r["seconds"], key: last[key]}, key))
        points.append(point(r, key))
        last = r
    return " ".join(points)


lines = [
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
    f'<path d="M{left} 20V{base}H{width - 20}" fill="none" stroke="#888"/>',
    f'<polyline points="{steps("cost", rows)}" fill="none" stroke="#b3261e" stroke-width="2"/>',
    f'<polyline points="{steps("lower_bound", [r for r in rows if r["lower_bound"] > 0])}" fill="none" '
    'stroke="#1d6b2f" stroke-width="2"/>',
]
for part in range(5):
    value, y = low + (top - low) * part / 4, base - (base - 20) * part / 4
    lines.append(f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{value:,.0f}</text>')
    x = left + (width - left - 20) * part / 4
    lines.append(f'<text x="{x:.0f}" y="{base + 18}" text-anchor="middle">{end * part / 4:.0f} s</text>')
lines += [
    f'<text x="{width - 24}" y="36" text-anchor="end" fill="#b3261e">best cost {rows[-1]["cost"]:,.0f}</text>',
    f'<text x="{width - 24}" y="52" text-anchor="end" fill="#1d6b2f">no plan below {rows[-1]["lower_bound"]:,.0f}</text>',
    "</svg>",
]
open(sys.argv[2], "w").write("\n".join(lines) + "\n")
