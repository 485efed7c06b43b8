# Golden values of tests/data/awkward_r.csv: the awkward data of awkward_data.py in the software that reviewers use.
#
#     apt-get install r-base-core r-cran-lme4 r-cran-lmertest r-cran-pbkrtest r-cran-nlme r-cran-sandwich r-cran-clubsandwich
#     (cd tests/oracles && Rscript awkward.R > ../data/awkward_r.csv)
#
# R 4.2.2, lme4 1.1.31, lmerTest 3.1.3, pbkrtest 0.5.2, nlme 3.1.162, sandwich 3.0.2, clubSandwich 0.5.8. The versions that ran go to
# standard error.

source("models.R")
read <- function(name) read.csv(file.path(folder, "awkward", paste0(name, ".csv")))

for (name in c("singletons", "large_units", "small_units", "lopsided", "labels")) {
  d <- read(name)
  regression(name, d, y ~ t + x, "g")
  logistic(name, d, b ~ t + x, "g")
  intraclass(name, d$y, d$g)
}
regression("collinear", read("collinear"), y ~ t + x + x2, "g")
logistic("collinear", read("collinear"), b ~ t + x + x2, "g")
regression("nested", read("nested"), y ~ t + x, "org")

symmetry("singletons", read("singletons"), y ~ t + x, "g")
symmetry("labels", read("labels"), y ~ t + x, "g")
for (name in c("peers", "roles")) roles(name, read(name), "y", "own", "other", "role", "g")
symmetry("peers", read("peers"), y ~ own + other, "g")

d <- read("nested")
mixed("nested", "organizations", d, y ~ t + x + (1 | g) + (1 | org))
mixed("nested", "organizations ML", d, y ~ t + x + (1 | g) + (1 | org), reml = FALSE)
for (name in c("lopsided", "labels")) mixed(name, "intercepts", read(name), y ~ t + x + (1 | g))
d <- transform(read("small_units"), y = 1e6 * y, x = 1e-6 * x)
mixed("small_units", "intercepts", d, y ~ t + x + (1 | g), unit = c(1e-6, 1, 1e6))
d <- read("waves")
mixed("waves", "growth", d, y ~ w * t + (w | g))
mixed("waves", "growth ML", d, y ~ w * t + (w | g), reml = FALSE)
mixed("waves", "intercepts", d, y ~ w * t + (1 | g))
# With intercepts in the year 0 lme4 does not converge: years are counted from the first one, amounts in millions.
d <- transform(read("years"), w = w - 2015, y = 1e-6 * y)
mixed("years", "growth", d, y ~ w * t + (w | g), unit = c(1e6, 1, 1, 1))
# At the boundary lmerTest and pbkrtest differentiate where there is no derivative.
mixed("alike", "growth", read("alike"), y ~ w * t + (w | g), df = FALSE)

# The criterion alone: where lme4 stops on a lower top it is an upper bound.
d <- read("several_tops")
for (sample in unique(d$sample)) {
  own <- d[d$sample == sample, ]
  unit <- sd(own$y)
  own$y <- own$y / unit
  formula <- list(y ~ t + w + (1 | g), y ~ t + w + (w | g), y ~ t + w + (1 | g) + (1 | org))[[own$kind[1] + 1]]
  fit <- suppressMessages(suppressWarnings(lme4::lmer(formula, own, control = close)))
  line("several_tops", "mixed", sample, "criterion", REMLcrit(fit) + 2 * (nrow(own) - 3) * log(unit))
}

p <- c(.013, .2, .0004, .049, .05, .013, 1, 0, .6, .021)
for (i in seq_along(p)) {
  line("p", "holm", i - 1, "adjusted", p.adjust(p, "holm")[i])
  line("p", "benjamini hochberg", i - 1, "adjusted", p.adjust(p, "BH")[i])
}
