"""The suite, against real servers of its own (services_plugin.py).

What it costs. 6,930 tests took 17.5 minutes on two cores, linters among them, and 1,545 processor seconds: the cores
waited for a quarter of that time. So the files that take longest go first and one world to one process (sharing.py),
the linters run in the time in which the suite waits (.ci/run), and a desk's tables are made in 5 to 8 processor
seconds instead of 26. To stay there: a world that its tests only read is made once a module, inside a transaction
that is taken back (evaluation/test_counted_months.py); what takes more than five seconds is marked `slow`; a big
stress is a command of bench/ and runs small here.
"""
