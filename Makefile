# Every verb is one call of a Python module; without make, run the same line after `python3 -m infra.bootstrap`.
.DEFAULT_GOAL := help
.PHONY: help ready run check test test-all audit check-infra permissions mutants demo nightly publish digest bulletins escalation plans import boundaries mail units delivery replay subscribe-alerts retention verify proof intake reroute restore rotate apikey officer partner bench emulator-check load evaluate pictures screens simulate cost package deploy lock format clean
PYTHON ?= python3
DO := .venv/bin/python -m infra.commands
export PORT ?= 8080
export INSTANCE ?= pl
export TRACES ?=
STAGE ?= dev

help: ## show this list
	@$(PYTHON) -m infra.help
ready: ## create the environments, install the pinned packages (nothing to do if the locks are unchanged)
	@$(PYTHON) -m infra.bootstrap
run: ready ## start the whole map on this machine [PORT=8080] [INSTANCE=pl] [TRACES=console|http://127.0.0.1:4318]
	@$(DO).run
check: ready ## formatting, lint, types, imports, fast tests
	@$(DO).check
test: ready ## everything that CI runs
	@$(DO).test
test-all: ## everything that CI runs, and the slow suites
	@$(PYTHON) -m infra.bootstrap --oracles --scan --browsers
	@$(DO).test --all
audit: ## known weaknesses and licences of all packages, and a bill of materials (CycloneDX) [OFFLINE=1]
	@$(PYTHON) -m infra.bootstrap --audit
	@$(DO).audit $(if $(OFFLINE),--offline)
check-infra: ## cfn-lint, checkov, sizes and quotas: is what goes to AWS sound?
	@$(PYTHON) -m infra.bootstrap --scan
	@$(DO).check_infra
permissions: ready ## hold each function's policy to what the function asks of AWS while the tests run its handler
	@$(DO).permissions
mutants: ready ## break the code in named ways, one at a time, and see that the tests notice [ONLY=word]
	@$(DO).mutants $(if $(ONLY),--only "$(ONLY)")
demo: ## load a realistic set of reports into the running instance [N=5000]
	@$(DO).demo $(if $(N),--count $(N))
nightly: ## invoke the nightly function once [DAY=YYYY-MM-DD]
	@$(DO).nightly $(if $(DAY),--day $(DAY))
verify: ## prove the history of all cases against the published ledger [DAY=YYYY-MM-DD]
	@$(DO).verify $(if $(DAY),--day $(DAY))
retention: ## print what the next night would erase; changes nothing
	@$(DO).retention

publish: ## invoke the live publishing function once
	@$(DO).publish
digest: ## mail to subscribers what has changed [DAY=YYYY-MM-DD]
	@$(DO).digest $(if $(DAY),--day $(DAY))
bulletins: ## mail to units what has come together since their last bulletin
	@$(DO).bulletins
escalation: ## tell those above of overdue cases, as the schedule does every hour
	@$(DO).escalation
plans: ## mail this week's patrol plans to units that have not had them
	@$(DO).plans
import: ## import reports FILE=reports.csv [CRS=EPSG:2180]
	@$(DO).importing "$(FILE)" $(if $(CRS),--crs $(CRS))
boundaries: ## import administrative boundaries FILE=... or URL=... [CRS= FIELD= LAYER= ALLOW_MISSING=1]
	@$(DO).boundaries $(if $(FILE),--file "$(FILE)") $(if $(URL),--url "$(URL)") $(if $(CRS),--crs "$(CRS)") \
		$(if $(FIELD),--field "$(FIELD)") $(if $(LAYER),--layer "$(LAYER)") $(if $(ALLOW_MISSING),--allow-missing)
mail: ## print every e-mail that the instance has sent
	@$(DO).mail
units: ## load the units into the running instance [ADDRESSES=addresses.csv]
	@$(DO).units $(if $(ADDRESSES),--addresses "$(ADDRESSES)")
delivery: ## does mail arrive at the units? counts only, until SEND=1 [UNIT=code] [REPORT=1]
	@$(DO).delivery $(if $(UNIT),--unit "$(UNIT)") $(if $(SEND),--send) $(if $(REPORT),--report)
replay: ## put parked alerts back into the outbox [REPORT=id] [SINCE=time]
	@$(DO).replay $(if $(REPORT),--report "$(REPORT)") $(if $(SINCE),--since "$(SINCE)")
subscribe-alerts: ## let a machine or a phone hear of a unit's alerts UNIT=... PROTOCOL=sqs|https|sms|email TO=... [CATEGORY=] [PRIORITY=] [KIND=]
	@$(DO).subscribe_alerts --unit "$(UNIT)" --protocol "$(PROTOCOL)" --to "$(TO)" $(if $(CATEGORY),--category "$(CATEGORY)") \
		$(if $(PRIORITY),--priority "$(PRIORITY)") $(if $(KIND),--kind "$(KIND)")
apikey: ## list the API keys of Open311, make one NAME=... LIMIT=100, or revoke one NAME=... REVOKE=1
	@$(DO).apikey $(if $(NAME),--name "$(NAME)") $(if $(LIMIT),--limit "$(LIMIT)") $(if $(REVOKE),--revoke)
officer: ## log in at the police console UNIT=KSP [ROLE=officer|coordinator|voivodeship|national], or invite somebody EMAIL=...
	@$(DO).officer $(if $(UNIT),--unit "$(UNIT)") $(if $(ROLE),--role "$(ROLE)") $(if $(EMAIL),--email "$(EMAIL)")
partner: ## list the institutions that cases are passed on to, or add, change CODE=... [KIND= NAME= NAMES= AREAS= ADDRESSES= TOKEN=new|revoke] [FILE=partners.json]
	@$(DO).partner $(if $(CODE),--code "$(CODE)") $(if $(KIND),--kind "$(KIND)") $(if $(NAME),--name "$(NAME)") $(if $(NAMES),--names '$(NAMES)') \
		$(if $(AREAS),--areas "$(AREAS)") $(if $(ADDRESSES),--addresses "$(ADDRESSES)") $(if $(TOKEN),--token "$(TOKEN)") $(if $(FILE),--file "$(FILE)")
proof: ## switch the proof of work of the running instance LEVEL=0..3, or LEVEL=default
	@$(DO).proof "$(LEVEL)"
rotate: ## put new signing keys into service without a pause [NOW=1, where they are known to somebody]
	@$(DO).rotate $(if $(NOW),--now)
reroute: ## count the open cases that belong to other units since boundaries changed, or move them APPLY=1
	@$(DO).reroute $(if $(APPLY),--apply)
restore: ## bring the table of reports back under a new name [AT=time] [TABLE=name], or let the stage use it TABLE=name REPOINT=1
	@$(DO).restore $(if $(AT),--at "$(AT)") $(if $(TABLE),--table "$(TABLE)") $(if $(REPOINT),--repoint)
intake: ## close intake of the running instance in an emergency, or open it, with a notice on the site [STATE=closed|open] [UNTIL=time] [NOTICE=text]
	@$(DO).intake $(STATE) $(if $(UNTIL),--until "$(UNTIL)") $(if $(NOTICE),--notice '$(NOTICE)')
bench: ## run the benchmarks, print one JSON object [ONLY="changes alerts"]
	@$(PYTHON) -m infra.bootstrap --oracles --browsers
	@$(DO).bench $(ONLY)
emulator-check: ready ## does the emulator still do what we rely on, and nothing else than we know? after its pin is raised
	@.venv/bin/python -m pytest --quiet tests/emulator
load: ready ## an hour of ten times the national peak on the deployed stack, with a store that fails [REPORTS=1000] [FAULTS=0.02]
	@LOAD_REPORTS=$(or $(REPORTS),1000) LOAD_FAULTS=$(or $(FAULTS),0.02) $(DO).bench load
evaluate: ready ## which method names the next places best? DATA=points.csv [RES=9] [AREA=2%] [DAYS=28] [FIRST=YYYY-MM-DD] [PERCENT=10] [CATEGORY=] [CITY=km2]
	@$(DO).evaluate "$(DATA)" $(if $(RES),--res $(RES)) $(if $(AREA),--area $(AREA)) $(if $(DAYS),--days $(DAYS)) $(if $(FIRST),--first $(FIRST)) \
		$(if $(PERCENT),--percent $(PERCENT)) $(if $(CATEGORY),--category "$(CATEGORY)") $(if $(CITY),--city $(CITY))
pictures: ## draw the pictures of docs/analyse.md anew [N=8000]
	@$(PYTHON) -m infra.bootstrap --oracles
	@$(DO).pictures $(if $(N),--count $(N))
screens: ready ## pictures of the running site's main states, as five different visitors see them [ONLY=report]
	@$(DO).screens $(if $(ONLY),--only "$(ONLY)")
simulate: ready ## a day of 1, 10 and 100 times the nation's reports against the limits of AWS, and its bill
	@$(DO).simulate
cost: ready ## what a stage would cost a month, by the templates [REPORTS=10000] [VISITS=100000] [SUBSCRIBERS=2000] [OFFICERS=500]
	@$(DO).cost $(if $(REPORTS),--reports $(REPORTS)) $(if $(VISITS),--visits $(VISITS)) $(if $(SUBSCRIBERS),--subscribers $(SUBSCRIBERS)) $(if $(OFFICERS),--officers $(OFFICERS))
package: ready ## build dist/<stage>/ for AWS [STAGE=dev]
	@$(DO).package --stage $(STAGE)
deploy: ready ## deploy to AWS [STAGE=dev] [KEYS=create] [BOUNDARIES=powiaty.zip] [ADDRESSES=addresses.csv] [WITHOUT_EDGE=1] [WITHOUT_OPS=1]
	@$(DO).deploy --stage $(STAGE) $(if $(KEYS),--create-keys) $(if $(BOUNDARIES),--boundaries "$(BOUNDARIES)") $(if $(ADDRESSES),--addresses "$(ADDRESSES)") $(if $(WITHOUT_EDGE),--without-edge) $(if $(WITHOUT_OPS),--without-ops)
lock: ready ## write the lock files anew from requirements/*.in
	@$(DO).lock
format: ready ## format the Python code and sort its imports
	@$(DO).format
clean: ## remove the environments and everything built; the state of local instances stays
	@$(PYTHON) -m infra.bootstrap --clean
