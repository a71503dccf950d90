"""The pages of intake: the customer's portal, the mail that was held back."""
