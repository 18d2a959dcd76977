"""Colours of the chart of a forecast that stands alone, light or dark as the reader's system is."""

STYLE = """
svg { background: #FFFFFF; }
.fc-label { font: 12px Inter, system-ui, sans-serif; fill: #41535C; } .fc-strong { fill: #13212A; font-weight: 600; }
.fc-grid { stroke: #D2DBDF; } .fc-95 { fill: #DCEBEE; } .fc-80 { fill: #B4D5DB; } .fc-50 { fill: #7FB8C2; }
.fc-middle { fill: none; stroke: #0A6573; stroke-width: 2; } .fc-flat { fill: none; stroke: #8A4B00; }
.fc-scored, .fc-flat { stroke-dasharray: 3 3; } .fc-scored { fill: none; stroke: #41535C; }
.fc-untreated { fill: none; stroke: #13212A; stroke-width: 1.25; stroke-dasharray: 9 3 2 3; }
.fc-beyond { fill: #13212A; opacity: 0.08; } .fc-beyond-edge { stroke: #41535C; stroke-dasharray: 1 3; }
.fc-over { fill: #13212A; stroke: #FFFFFF; stroke-width: 3; stroke-linejoin: round; paint-order: stroke; }
.fc-goal { stroke: #8A4B00; stroke-width: 1.5; stroke-dasharray: 7 4; } .fc-now { stroke: #13212A; }
.fc-score { fill: #13212A; stroke: #FFFFFF; stroke-width: 1.5; } .fc-score-other { fill: #FFFFFF; stroke: #13212A; }
.fc-session { fill: #FFFFFF; stroke: #0A6573; stroke-width: 1.5; } .fc-session-given { fill: #0A6573; }
@media (prefers-color-scheme: dark) {
svg { background: #10191E; }
.fc-label { fill: #A9BAC2; } .fc-strong { fill: #E8EFF2; } .fc-grid { stroke: #2C3B43; }
.fc-95 { fill: #17323A; } .fc-80 { fill: #1F4A54; } .fc-50 { fill: #2C6B77; } .fc-middle { stroke: #7FD0DD; }
.fc-scored, .fc-beyond-edge { stroke: #A9BAC2; } .fc-untreated { stroke: #E8EFF2; }
.fc-beyond { fill: #E8EFF2; opacity: 0.12; } .fc-over { fill: #E8EFF2; stroke: #10191E; }
.fc-goal, .fc-flat { stroke: #F0B26B; } .fc-now { stroke: #E8EFF2; }
.fc-score { fill: #E8EFF2; stroke: #10191E; } .fc-score-other { fill: #10191E; stroke: #E8EFF2; }
.fc-session { fill: #10191E; stroke: #7FD0DD; } .fc-session-given { fill: #7FD0DD; }
}
"""
"""For a file that stands alone; pages bring their own colours for the same classes."""
