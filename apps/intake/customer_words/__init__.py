"""What a desk calls its issues, fields and states, in the languages of its customers.

In: what administrators write. Out: the portal, where each of these texts stands in the visitor's language. A text that
nobody translated stands as it is; one that is changed has to be translated anew, for it may say something else.
"""
