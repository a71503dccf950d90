"""What a person may ask of us: everything we know of them as one file, and to be forgotten.

In: the request of a customer, entered by whoever answers for it. Out: an archive that is kept for a week; or an erased
customer, who is still counted. Where personal words stand is said in config/privacy.py, for tables of all points.
"""
