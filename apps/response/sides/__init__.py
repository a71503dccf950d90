"""Side conversations: what we write about a ticket to somebody who is not its customer, and what they answer.

The nouns are the kernel's (`SideConversation`, `SideLetter`), since intake hears the answers and output sends ours. To
forward is to begin one with messages of the ticket; notes are never passed on: nothing here reads them.
"""
