"""States in the company's own words ("Waiting for parts") within the fixed categories of a ticket's life.

Clocks, figures and the query language go by the category; people read the own word, customers another. Who may give
which, and from where one gets there, stands on each.
"""
