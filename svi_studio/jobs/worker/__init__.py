"""Processes of our own and the watch over them: started, fed, late, lost, started again."""
