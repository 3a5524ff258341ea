"""The two commands: a whole Homeservice on one machine, with PostgreSQL and Valkey of its own.

`bootstrap` (standard library only) makes the virtual environment, `__main__` knows the commands, `place`
where things lie, `postgres` and `valkey` the embedded servers, `children` keeps processes, `guard` outlives
a killed runner, `prepare` fills the database.
"""
