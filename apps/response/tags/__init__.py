"""The tags there are: counted, renamed, merged into another and taken away, with what names them.

In: a tag and what it is to be called, or nothing. Out: jobs of `bulk` that do it ticket by ticket and can be undone,
and rules, macros and saved views that name the tag under its new name. Rules, macros and views of a tag that is taken
away stay as they are, and are told beforehand. Each change is kept as a row.
"""
