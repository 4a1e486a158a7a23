"""The programs here are run by test_tutorials.py; they are no tests themselves."""

collect_ignore_glob = ["*.py"]
