"""The web site: pages around the output of notebooks and typesetters.

Everything here is pure: data classes in, text or bytes out; `anew.site.search` alone runs a
program. Reading and writing files is the caller's business.
"""
