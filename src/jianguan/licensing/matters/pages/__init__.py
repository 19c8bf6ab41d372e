"""Pages of matters and cases: officers handle, enterprises apply and answer."""
