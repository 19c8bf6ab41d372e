"""`python -m jianguan` is the command line `jianguan`."""

from jianguan.config.cli import main

main()
