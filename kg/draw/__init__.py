"""What pictures are made of: SVG as text, colours by day and night, scales, marks, and labels that keep apart.

A picture is laid out in Python to the last coordinate, so the same data gives the same bytes; nothing in it runs, and
nothing is loaded from elsewhere.
"""
