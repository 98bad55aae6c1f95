# Needs Go and a C++ compiler, and for the tests Chromium (Debian: chromium). The tag selects DuckDB's Arrow interface and stands on every go command.
GO := go
TAG := -tags duckdb_arrow
# Without what a debugger reads a test program is linked in half the time, and there are thirty.
LINK := -ldflags=-w
WORLDS := ^(TestWorlds|TestEntityWorlds|TestUndo|TestPingPong)$$

.PHONY: help demo build test packages worlds scenarios conformance check bench long
help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8
demo: ## two simulated CRMs brought into step, before your eyes
	$(GO) run $(TAG) ./cmd/lockstep demo
build: ## the program, as ./lockstep
	$(GO) build $(TAG) -o lockstep ./cmd/lockstep
test: ## every test, with the race detector; scenarios and worlds without it. Side by side, which keeps this under 20 minutes on two cores
	$(MAKE) --no-print-directory --output-sync=line -j3 packages worlds scenarios
packages:
	$(GO) test $(TAG) $(LINK) -race -timeout 20m -skip '$(WORLDS)' $$($(GO) list $(TAG) ./... | grep -v /cmd/lockstep)
worlds:
	$(GO) test $(TAG) $(LINK) -timeout 20m -run '$(WORLDS)' ./pipelines
scenarios:
	$(GO) test $(TAG) $(LINK) -parallel 4 -timeout 25m ./cmd/lockstep
conformance: ## the simulators driven by clients from npm: jsforce and HubSpot's own (needs npm)
	npm ci --prefix internal/sandbox/conformance
	$(GO) test $(TAG),conformance $(LINK) -count=1 -timeout 10m ./internal/sandbox/conformance
check: ## vet, gofmt, golangci-lint where it is installed, and the checks of the SQL in sql/
	$(GO) vet $(TAG) ./...
	$(GO) vet $(TAG),conformance,conformance_cli ./internal/sandbox/conformance
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	@if command -v golangci-lint >/dev/null; then golangci-lint run --config .config/golangci.yml; else echo "golangci-lint is not installed: left out"; fi
	$(GO) run $(TAG) ./cmd/lockstep check
bench: ## a million contacts landed, a million people in each simulated CRM, a year of history published and searched, duplicates
	$(GO) run $(TAG) ./cmd/lockstep bench
	$(GO) test $(TAG) -run '^$$' -bench 'Million$$' -benchtime 1x -timeout 30m ./internal/sandbox
	$(GO) test $(TAG) -run '^$$' -bench Year -benchtime 3x -timeout 30m ./internal/dashboard
	$(GO) test $(TAG) -run '^$$' -bench 'Duplicates$$' -benchtime 1x -timeout 30m ./pipelines
	$(GO) test $(TAG) -run '^$$' -bench MillionWithCompanies -benchtime 1x -timeout 30m ./internal/sandbox
	$(GO) test $(TAG) -run '^$$' -bench Year -benchtime 3x -timeout 30m ./internal/publish
long: ## the Salesforce CLI against the simulator, then crashes, worlds, property tests and fuzz targets at length (hours)
	npm ci --prefix internal/sandbox/conformance/cli
	$(GO) test $(TAG),conformance_cli -count=1 -timeout 20m -run CLI ./internal/sandbox/conformance
	LOCKSTEP_MATCHING=everything $(GO) test $(TAG) -race -parallel 4 -timeout 1h ./cmd/lockstep
	$(GO) test $(TAG) -race -timeout 1h -run '$(WORLDS)' ./pipelines
	LOCKSTEP_READS=1500 $(GO) test $(TAG) -race -count=1 -timeout 30m -run ReadersWhileWriting ./internal/publish
	LOCKSTEP_CRASHES=everything $(GO) test $(TAG) -timeout 4h -run 'Crash$$' ./cmd/lockstep
	LOCKSTEP_WORLDS=200 $(GO) test $(TAG) -timeout 8h -run 'TestWorlds$$' ./pipelines
	LOCKSTEP_WORLDS=50 $(GO) test $(TAG) -timeout 8h -run 'EntityWorlds|TestUndo' ./pipelines
	$(GO) test $(TAG) -timeout 4h -rapid.checks=2000 -run SearchSees ./internal/sandbox/hubspot/portal
	@for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
		for target in $$($(GO) test $(TAG) -list '^Fuzz' $$dir | grep ^Fuzz); do \
			echo "$$dir $$target" && $(GO) test $(TAG) -run '^$$' -fuzz "^$$target\$$" -fuzztime 5m -fuzzminimizetime 10x $$dir || exit 1; \
		done; \
	done
