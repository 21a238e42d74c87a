# startkit: what one does here. `make` alone prints this list.
.DEFAULT_GOAL := help
.PHONY: help build test quick golden deps bench lint fmt

GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build bin/startkit
	go build -trimpath -o bin/startkit ./cmd/startkit

test: ## Run every test, those of the generated repositories on real servers included
	go vet ./...
	go mod tidy -diff
	go test -timeout 70m ./...

quick: ## Run the tests that need no server and build no generated repository
	go test $$(go list ./... | grep -v internal/proof)

golden: ## Write golden/ anew from the templates; read the diff
	go test ./internal/render -run TestGoldenRepositories -update

deps: ## Renew the pinned catalogue of modules behind go.mod and go.sum
	go run ./internal/gomod/gen

bench: ## Measure new and add against cp -r
	go test -run '^$$' -bench . ./internal/...

lint: ## Run the linter on the tool itself
	go run $(GOLANGCI) run ./...

fmt: ## Format the Go code
	gofmt -w cmd internal templates
