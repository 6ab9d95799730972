# Shortcuts; every target is one script, and the scripts work without make.
.PHONY: help run test build soak bench lint clean
help:
	@echo "make run    build, start the local models and the gateway, ask one question, stay up"
	@echo "make test   build and run every test"
	@echo "make build  momd, mom-rest and mom-emulator in build/bin"
	@echo "make soak   the tests that load the gateway, short; FULL=1 make soak: as long as it takes"
	@echo "make bench  measure the gateway beside nginx"
	@echo "make lint   the checks that need no build"
	@echo "make clean  remove build/ (the tools in .deps/ stay)"
run:
	@scripts/run.sh
test:
	@scripts/test.sh
build:
	@scripts/install-packages.sh && scripts/build.sh
soak:
	@scripts/soak.sh
bench:
	@bench/run.sh
lint:
	@scripts/install-packages.sh test && tests/lint/lint.py
clean:
	rm -rf build
