# Shortcuts; every target is one script, and the scripts work without make.
.PHONY: help run test build soak contracts bench lint install package package-test clean
help:
	@echo "make run           build, start the local models and the gateway, ask one question, stay up"
	@echo "make test          build and run every test"
	@echo "make build         momd, mom-rest, mom and mom-emulator in build/bin"
	@echo "make soak          the tests that load the gateway, short; FULL=1 make soak: as long as it takes"
	@echo "make contracts     the forms of answers: schemas, tools, schedules, detection, edits beside aider;"
	@echo "                   FULL=1 make contracts: as long as it takes"
	@echo "make bench         measure the gateway beside nginx"
	@echo "make lint          the checks that need no build"
	@echo "make install       build, and install below PREFIX (/usr/local)"
	@echo "make package       the Debian package, in build/"
	@echo "make package-test  install it in a throwaway system, and try it (root)"
	@echo "make clean         remove build/ (the tools in .deps/ stay)"
run:
	@scripts/run.sh
test:
	@scripts/test.sh
build:
	@scripts/install-packages.sh && scripts/build.sh
soak:
	@scripts/soak.sh
contracts:
	@scripts/contracts.sh
bench:
	@bench/run.sh
lint:
	@scripts/install-packages.sh test && tests/lint/lint.py
install:
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install.sh
package:
	@scripts/package.sh
package-test: package
	@tests/package/try_deb.sh
clean:
	rm -rf build
