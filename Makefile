# `make run` and `make test` do all set-up: they need Python 3.11, 3.12 or 3.13, make, and a package index.

VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/ready
OUT := demo-pictures
STARTER := --preset quick --blocks 2 --stages 3 --width 16 --stem-stride 1 --dataset mnist+digits --epochs 14 \
    --optimizer sgd --lr 0.06 --seed 1 --shift 1.5 --rotation 12 --scale 0.15 --shear 0.25 --elastic 0.3 --pen 0.15
EXAMPLES := --preset lesson --blocks 2,8,24 --shortcut none,identity --seeds 2
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Written last and read first: which Python the set-up was for, and where. Without it (interrupted), or with another one
# (the folder moved, Python changed), the environment is made anew.
IDENTITY := -c 'import sys; print(sys.version_info[:2], sys.prefix)'
ifneq ($(shell $(PYTHON) $(IDENTITY) 2>/dev/null || echo none),$(shell cat $(READY) 2>/dev/null))
$(shell rm -f $(READY))
endif

# A name on the PATH proves nothing: each candidate must run, be of the right version, and be able to make environments.
define FIND_PYTHON
for python in python3 python3.13 python3.12 python3.11; do
    found=$$("$$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue
    case $$found in
        3.11.*|3.12.*|3.13.*) "$$python" -c 'import ensurepip, venv' 2>/dev/null && echo "$$python" && exit
            without=$${without:-"$$python is Python $$found without the module venv: on Debian and Ubuntu install the \
package python$${found%.*}-venv."} ;;
        *) other=$${other:-"$$python is Python $$found; ResNet Explorer needs 3.11, 3.12 or 3.13."} ;;
    esac
done
echo "$${without:-$${other:-No python3 was found; ResNet Explorer needs Python 3.11, 3.12 or 3.13.}}" >&2
exit 1
endef
export FIND_PYTHON

.PHONY: help run demo bench test lint check-wheel digits starter examples pictures clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20

run: $(READY) ## open the window; without a display, run the demo
	@if [ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	    echo "There is no display here (DISPLAY and WAYLAND_DISPLAY are not set): running the demo, which needs none."; \
	    $(MAKE) --no-print-directory demo; \
	else \
	    $(PYTHON) -m resnet_gui.doctor && $(VENV)/bin/resnet-gui; \
	fi

demo: export QT_QPA_PLATFORM := offscreen
demo: $(READY) ## train, draw and compare without a screen; pictures in demo-pictures/
	@$(PYTHON) -m resnet_gui.doctor
	@$(VENV)/bin/resnet-gui demo --out $(OUT)
	@echo "The pictures are in $(CURDIR)/$(OUT)."

bench: $(READY) ## measure start, training, drawing and memory on this machine
	@$(VENV)/bin/resnet-gui bench

test: export QT_QPA_PLATFORM := offscreen
test: $(READY) ## run the tests; ARGS="-k word" goes to pytest
	@$(PYTHON) -m resnet_gui.doctor
	@$(PYTHON) -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

lint: $(READY) ## style, types and import rules
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

check-wheel: $(READY) ## build the wheel, install it elsewhere with all it needs, and run the demo there
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(PYTHON) -m build --wheel --no-isolation --outdir "$$folder" . && \
	$(PYTHON) -m venv "$$folder/venv" && \
	"$$folder/venv/bin/python" -m pip install --quiet --constraint constraints.txt "$$folder"/*.whl && \
	cd "$$folder" && RESNET_GUI_HOME="$$folder/home" venv/bin/resnet-gui demo --out pictures && ls pictures

digits: $(READY) ## make the bundled digits again, byte for byte
	@$(PYTHON) -m resnet_gui.core.bundled assets/digits.npz

starter: $(READY) ## train the starter network again on MNIST
	@$(VENV)/bin/resnet-gui train $(STARTER) --export assets/starter.npz

examples: $(READY) ## train the runs again that ship as examples (some minutes)
	@home=$$(mktemp -d) && export RESNET_GUI_HOME=$$home && $(VENV)/bin/resnet-gui sweep $(EXAMPLES) && \
	rm -rf assets/examples && mkdir -p assets/examples && \
	for file in $$home/weights/*.npz; do id=$$(basename $$file .npz); \
	    $(VENV)/bin/resnet-gui runs export $$id assets/examples/$$id.npz || exit 1; \
	done && rm -rf $$home

pictures: $(READY) ## renew the README's pictures
	@rm -rf $(OUT) && $(MAKE) --no-print-directory demo && mkdir -p assets/pictures
	@for name in training starter-reads readings augmentation depth mistakes compare inside-maps inside-signal inside-verdict inside-lesions inside-paths inside-convolution block twins code dark; do cp $(OUT)/*-$$name.png assets/pictures/$$name.png; done

clean: ## remove the environment, caches and builds
	rm -rf $(VENV) dist build $(OUT) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A changed list of packages only updates a finished environment; an unfinished one cannot be trusted and is removed.
$(READY): pyproject.toml constraints.txt
	@if [ -e $@ ]; then rm $@; else \
	    python=$$(sh -c "$$FIND_PYTHON") || exit 1; \
	    echo "Setting up $(VENV) with $$($$python --version); this takes a few minutes, once."; \
	    rm -rf $(VENV) && $$python -m venv $(VENV) || exit 1; \
	fi
	@[ -t 1 ] || quiet=--quiet; \
	pip="$(PYTHON) -m pip install $$quiet --constraint constraints.txt"; \
	$$pip hatchling editables && $$pip --no-build-isolation --editable '.[test]' || \
	    { echo "The set-up did not finish; see above. The next make begins it anew." >&2; exit 1; }
	@$(PYTHON) $(IDENTITY) > $@
