"""The same scenario many times: replications, the processes and machines that run them, and how sure a figure is."""
