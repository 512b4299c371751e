"""Faults while people pay: real servers are killed, starved and lied to, and every payment happens exactly once.

`bank` is the provider beside the server, `program` the server with places where it can be killed, `installation` both
of them with a database and a mail server; `bill` is what is to be paid once, `payer` who pays it. `faults` and `kills`
are what goes wrong meanwhile, `run` brings it about and counts. `python -m tests.faults --help` runs many.
"""
