"""The web site: pages around what the notebooks and the typesetter made.

Everything here is pure: data classes in, text or bytes out; `anew.site.search` alone runs a
program. Reading and writing files is the caller's business.
"""
