# Each target is one word for one command; what they do stands in homeservice/local/.
PYTHON = python3
ARGS =
LOCAL = @exec $(PYTHON) -I homeservice/local/bootstrap.py

help:
	@echo 'make run     start everything on this machine and show the address (PORT=8000)'
	@echo 'make test    run every test on throw-away servers (ARGS="tests/bookings -k slot")'
	@echo 'make lint    check form, types, import order, migrations and texts'
	@echo 'make format  bring the code into form'
	@echo 'make bench   measure the yardsticks and store the figures in docs/bench/'
	@echo 'make shots   take the pictures of the README from the demo world'

run:
	$(LOCAL) run

test:
	$(LOCAL) test $(ARGS)

lint:
	$(LOCAL) lint

format:
	$(LOCAL) format

bench:
	$(LOCAL) bench $(ARGS)

shots:
	$(LOCAL) shots $(ARGS)

.PHONY: help run test lint format bench shots
