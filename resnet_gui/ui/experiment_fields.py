"""What the fields of an experiment are called, what can be chosen in them, and a sentence on each for a learner."""

from resnet_gui.core.architecture import Block, Head, Order, Shortcut
from resnet_gui.core.experiment import DatasetName, Optimizer, Precision, Schedule

SHORTCUTS = {
    "Identity (option B)": Shortcut.IDENTITY,
    "Zero-padded identity (A)": Shortcut.OPTION_A,
    "Projection (option C)": Shortcut.PROJECTION,
    "None (plain network)": Shortcut.NONE,
    "Constant scaling": Shortcut.CONSTANT_SCALING,
    "Exclusive gating": Shortcut.EXCLUSIVE_GATING,
    "Shortcut-only gating": Shortcut.SHORTCUT_ONLY_GATING,
    "1×1 convolution": Shortcut.CONV_1X1,
    "Dropout": Shortcut.DROPOUT,
}
ORDERS = {
    "Original": Order.ORIGINAL,
    "BN after addition": Order.BN_AFTER_ADDITION,
    "ReLU before addition": Order.RELU_BEFORE_ADDITION,
    "ReLU-only pre-activation": Order.RELU_ONLY_PRE_ACTIVATION,
    "Full pre-activation": Order.FULL_PRE_ACTIVATION,
}
BLOCKS = {"Basic (3×3, 3×3)": Block.BASIC, "Bottleneck (1×1, 3×3, 1×1)": Block.BOTTLENECK}
HEADS = {"Flatten": Head.FLATTEN, "Global average pooling": Head.AVERAGE_POOLING}
STRIDES = {"1 (full size)": 1, "2 (half size, faster)": 2}
DATASETS = {
    "MNIST": DatasetName.MNIST,
    "Bundled digits": DatasetName.DIGITS,
    "MNIST + bundled digits": DatasetName.MNIST_DIGITS,
}
OPTIMIZERS = {"Adam": Optimizer.ADAM, "SGD with momentum": Optimizer.SGD}
SCHEDULES = {
    "Constant": Schedule.CONSTANT,
    "One cycle": Schedule.ONE_CYCLE,
    "Cosine": Schedule.COSINE,
    "Steps (÷10, ÷100)": Schedule.STEPS,
}
PRECISIONS = {
    "Automatic": Precision.AUTO,
    "float32": Precision.FLOAT32,
    "Mixed bfloat16": Precision.MIXED_BFLOAT16,
    "Mixed float16": Precision.MIXED_FLOAT16,
}

# Name in the value: (object name, label, accessible name, one sentence for a learner).
ARCHITECTURE_FIELDS = {
    "blocks": (
        "blocksSpin",
        "Blocks",
        "Residual blocks per stage",
        "A residual block is two convolutions with a shortcut around them; this is how many follow each other in every "
        "stage.",
    ),
    "stages": (
        "stagesSpin",
        "Stages",
        "Stages",
        "A stage is a group of blocks of one size; each further stage halves the image and doubles the number of "
        "filters.",
    ),
    "width": (
        "widthSpin",
        "Width",
        "Filters in the first stage",
        "The width is the number of filters, and so of feature maps, in the first stage; multiples of 16 run fastest.",
    ),
    "shortcut": (
        "shortcutCombo",
        "Shortcut",
        "Shortcut type",
        "The shortcut carries a block's input around its convolutions and adds it to their result; without it the "
        "network is plain.",
    ),
    "shortcut_scale": (
        "shortcutScaleSpin",
        "Scale of x",
        "Factor of the shortcut",
        "Constant scaling multiplies the block's input by this before it is added; He et al. 2016 tried 0.5.",
    ),
    "branch_scale": (
        "branchScaleSpin",
        "Scale of F",
        "Factor of the residual branch",
        "Constant scaling can weigh the residual branch too: 1 leaves it as it is, He et al. 2016 also tried 0.5.",
    ),
    "gate_bias": (
        "gateBiasSpin",
        "Gate bias",
        "First bias of the gates",
        "The bias that the gates begin with: at -6 they hardly touch the shortcut, at 0 they halve it.",
    ),
    "dropout_rate": (
        "dropoutSpin",
        "Dropout",
        "Dropout rate of the shortcut",
        "The share of the shortcut's values that is left out at random in each training step.",
    ),
    "order": (
        "orderCombo",
        "Order",
        "Order within the block",
        "Where batch normalisation and ReLU stand around the convolutions; pre-activation puts them before.",
    ),
    "block": (
        "blockCombo",
        "Block",
        "Kind of residual block",
        "A basic block has two 3×3 convolutions; a bottleneck has a 3×3 between two 1×1 that narrow and widen it.",
    ),
    "batch_norm": (
        "batchNormCheck",
        "",
        "Batch normalisation",
        "Batch normalisation brings every feature map to mean 0 and variance 1 over a batch, which keeps deep networks "
        "trainable.",
    ),
    "head": (
        "headCombo",
        "Head",
        "Head",
        "The head turns the last feature maps into one vector for the classifier: every pixel (flatten), or each map's "
        "mean (pooling).",
    ),
    "stem_stride": (
        "stemStrideCombo",
        "Stem stride",
        "Stride of the stem",
        "The stem is the first convolution; with a stride of 2 it halves the image, so that everything after it is "
        "about four times as fast.",
    ),
}
RECIPE_FIELDS = {
    "dataset": (
        "datasetCombo",
        "Data",
        "Data set",
        "The images and labels that the network learns from. The bundled digits have habits that MNIST lacks, such as "
        "slashed zeros and crossed sevens.",
    ),
    "limit": (
        "limitSpin",
        "Images",
        "Number of training images",
        "So many of the data set's images, drawn at random by the seed, are learned from; 0 takes all of them.",
    ),
    "epochs": (
        "epochsSpin",
        "Epochs",
        "Epochs",
        "An epoch is one pass over all training images.",
    ),
    "batch_size": (
        "batchSizeSpin",
        "Batch size",
        "Batch size",
        "The batch is the group of images that one training step looks at together; large ones are steadier and use "
        "more memory.",
    ),
    "optimizer": (
        "optimizerCombo",
        "Optimiser",
        "Optimiser",
        "The optimiser turns gradients into changes of the weights: Adam adapts the size of each one's steps, SGD "
        "keeps its momentum.",
    ),
    "learning_rate": (
        "learningRateSpin",
        "Learning rate",
        "Learning rate",
        "The learning rate is the size of the steps that the weights take: too small learns slowly, too large "
        "diverges; type 0.001 or 1e-3.",
    ),
    "schedule": (
        "scheduleCombo",
        "Schedule",
        "Schedule of the learning rate",
        "How the learning rate changes during the training: smaller steps towards the end find a better place; the "
        "papers divided it by ten after one half and after three quarters.",
    ),
    "seed": (
        "seedSpin",
        "Seed",
        "Random seed",
        "The seed fixes the first weights and the order of the images, so that a run can be repeated.",
    ),
    "precision": (
        "precisionCombo",
        "Precision",
        "Numerical precision",
        "The number format of the computation: 16-bit formats are faster where the hardware knows them, and the "
        "weights stay in 32 bits.",
    ),
    "validation_share": (
        "validationSpin",
        "Validation",
        "Validation share in percent",
        "This part of the training images is set aside to measure the accuracy on images that the network has not "
        "learned from.",
    ),
}
# The amounts of the augmentation: label, unit, and one sentence for a learner.
AUGMENTATION_FIELDS = {
    "shift": ("Shift", "px", "How far an image is moved at most, in pixels of its 28."),
    "rotation": ("Rotation", "°", "How far it is turned at most, in degrees."),
    "scale": ("Scale", "%", "By how much its height and its width change at most, each for itself."),
    "shear": ("Slant", "%", "How far it is slanted at most, as a share of its height."),
    "elastic": ("Bending", "px", "How far its parts are moved against each other, about, in pixels."),
    "pen": ("Pen width", "px", "How far the edges of its ink are moved at most: pens of other widths."),
}
