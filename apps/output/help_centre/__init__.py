"""The help centre outside: articles read and searched by everybody, what was looked for in vain, and whether it helped.

A visit is known by a random key in a cookie that lasts three days and says nothing of the person. `deflection.py` says
what is counted as help, and what nobody can know.
"""
