"""The pages of intake: the customer's portal, the phone note, the mail that was held back."""
