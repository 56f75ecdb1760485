# All weights of saliency/weights from nothing: `make weights`. A run is a folder; each goes on where it was interrupted,
# writes what it does to its log.txt, and is finished when its manifest is there.
RUNS ?= runs
INTERPRETER ?= .venv/bin/python
TRAIN = OMP_NUM_THREADS=1 $(INTERPRETER) -m training
DATASETS = osie crowd scene
FIT = $(TRAIN) fit --targets blur
PICTURES = --pictures $(RUNS)/pictures --every 2
LARGE = --pixels 110592
# a few more epochs at lower rates, most of them on whole photos
WHOLE = --epochs 5 --backbone-rate 6e-5 --read-out-rate 6e-4 --prior-rate 3e-3 --whole 0.6

.SECONDARY:
.PHONY: all
all: $(RUNS)/published

# pictures that nobody looked at, and what the ViT sees in them and in the photos
$(RUNS)/pictures/pictures.csv:
	$(TRAIN) pictures --out $(RUNS)/pictures
$(RUNS)/seen/done: $(RUNS)/pictures/pictures.csv
	$(TRAIN) see $(PICTURES) --out $(RUNS)/seen
	touch $@

# each network of the teacher, of all datasets and with one left out
$(RUNS)/lite0/gaze.json:
	$(FIT) --out $(@D)
$(RUNS)/lite0-without-%/gaze.json:
	$(FIT) --leave-out $* --out $(@D)
$(RUNS)/lite0-whole/gaze.json: $(RUNS)/lite0/gaze.json
	$(FIT) --start $(<D) --out $(@D) $(WHOLE)
$(RUNS)/lite0-whole-without-%/gaze.json: $(RUNS)/lite0-without-%/gaze.json
	$(FIT) --leave-out $* --start $(<D) --out $(@D) $(WHOLE)
$(RUNS)/vit/vit.json: $(RUNS)/seen/done
	$(TRAIN) read --seen $(RUNS)/seen --out $(@D)
$(RUNS)/vit-without-%/vit.json: $(RUNS)/seen/done
	$(TRAIN) read --leave-out $* --seen $(RUNS)/seen --out $(@D)

# their average
TEACH = $(TRAIN) teach $(LARGE) --seen $(RUNS)/seen $(PICTURES)
$(RUNS)/teacher/maps.npz: $(RUNS)/lite0-whole/gaze.json $(RUNS)/vit/vit.json
	$(TEACH) $(dir $^) --out $(@D)
$(RUNS)/teacher-without-%/maps.npz: $(RUNS)/lite0-whole-without-%/gaze.json $(RUNS)/vit-without-%/vit.json
	$(TEACH) --leave-out $* $(dir $^) --out $(@D)

# gaze learns from it
DISTIL = $(TRAIN) distil $(PICTURES)
GAZE = $(DISTIL) --pixels 76800 --frozen-stages 2 --epochs 6 --rate 1e-4
$(RUNS)/gaze/gaze.json: $(RUNS)/lite0-whole/gaze.json $(RUNS)/teacher/maps.npz
	$(GAZE) --start $(<D) --teacher $(RUNS)/teacher --out $(@D)
$(RUNS)/gaze-without-%/gaze.json: $(RUNS)/lite0-whole-without-%/gaze.json $(RUNS)/teacher-without-%/maps.npz
	$(GAZE) --leave-out $* --start $(<D) --teacher $(RUNS)/teacher-without-$* --out $(@D)

# gaze-fast: its first layers fused, pruned, and taught again
SMALL = --pixels 49152 --like $(RUNS)/lite0-whole --teacher $(RUNS)/teacher
$(RUNS)/lite0-fused/gaze.json: $(RUNS)/lite0-whole/gaze.json
	$(TRAIN) fuse --start $(<D) --out $(@D) --pixels 49152 --epochs 10 --batch-size 4 --rate 1e-2
$(RUNS)/pruned/share-31/gaze.json: $(RUNS)/lite0-fused/gaze.json $(RUNS)/teacher/maps.npz
	$(TRAIN) prune $(SMALL) --start $(<D) --out $(RUNS)/pruned --features 0.3 --mixes 0.25 --keep 0.31 --rounds 10
$(RUNS)/gaze-fast/gaze.json: $(RUNS)/pruned/share-31/gaze.json
	$(DISTIL) $(SMALL) --start $(<D) --out $(@D) --features 0.3 --mixes 0.3 --epochs 24 --rate 5e-4

# gaze-nano: pruned further while it learns, for fewer pixels, and written in 8 bits
$(RUNS)/gaze-nano-pruned/share-88/gaze.json: $(RUNS)/gaze-fast/gaze.json $(RUNS)/teacher/maps.npz
	$(TRAIN) prune $(PICTURES) --teacher $(RUNS)/teacher --start $(<D) --out $(RUNS)/gaze-nano-pruned --pixels 35840 \
	    --whole 0.7 --keep 0.5 --rounds 8 --steps 60
$(RUNS)/gaze-nano/gaze.json: $(RUNS)/gaze-nano-pruned/share-88/gaze.json
	$(TRAIN) quantise --start $(<D) --out $(@D)

$(RUNS)/published: $(RUNS)/gaze/gaze.json $(DATASETS:%=$(RUNS)/gaze-without-%/gaze.json) \
		$(RUNS)/gaze-fast/gaze.json $(RUNS)/gaze-nano/gaze.json
	$(TRAIN) publish --out $(RUNS)/gaze --left-out $(DATASETS:%=$(RUNS)/gaze-without-%)
	$(TRAIN) publish --name gaze-fast --out $(RUNS)/gaze-fast --pixels 71680
	$(TRAIN) publish --name gaze-nano --out $(RUNS)/gaze-nano
	touch $@
