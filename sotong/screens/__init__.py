"""Screens: pages composed of several areas: the desk, the frame around every staff page.

Nothing is decided here; screens ask the areas below and put the answers side by side. Words: desk, rail, topbar.
"""
