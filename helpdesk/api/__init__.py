"""What every API endpoint shares: who calls, what they may, how questions, answers and refusals look."""
