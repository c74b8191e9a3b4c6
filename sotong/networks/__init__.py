"""Networks: how Sotong speaks with each social network. Django-free.

One folder a network (``manifest``, ``client``, ``parse``, ``render``, ``connector``). ``contract.py`` has the shapes,
``errors.py`` the errors, ``registry.py`` the list. Words: network, connector, manifest, capability, receipt.
"""
