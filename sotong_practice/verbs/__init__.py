"""What can be done on the network. Each verb checks, then writes one record; a refused one leaves no trace.

The faces (api, pages) call these and nothing else to change anything.
"""
