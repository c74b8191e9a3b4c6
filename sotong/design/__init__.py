"""The design system that every page is built from: tokens, components, frames and the living page at /design/.

Words: a *frame* is what surrounds a page (rail and top bar, public header, sign-in); a *fragment* is a template whose
name starts with ``_``; a *look* is how the viewer wants the page (theme, density, zone); the *sprite* holds the icons.
"""
