# Golden values of tests/data/reference_r.csv: published data sets, and two small synthetic ones, in the software that reviewers use.
#
#     apt-get install r-base-core r-cran-lme4 r-cran-lmertest r-cran-pbkrtest r-cran-nlme r-cran-sandwich r-cran-clubsandwich
#     (cd tests/oracles && Rscript reference.R > ../data/reference_r.csv)
#
# R 4.2.2, lme4 1.1.31, lmerTest 3.1.3, pbkrtest 0.5.2, nlme 3.1.162, sandwich 3.0.2, clubSandwich 0.5.8. The versions that ran go to
# standard error.

source("models.R")
read <- function(name) read.csv(file.path(folder, paste0(name, ".csv")))

couples <- read("acipair")
symmetry("acipair", couples, Satisfaction_A ~ OtherPos_A + OtherPos_P, "CoupleID")
mixed("acipair", "intercepts", couples, Satisfaction_A ~ OtherPos_A + OtherPos_P + (1 | CoupleID))
regression("acipair", couples, Satisfaction_A ~ OtherPos_A + OtherPos_P, "CoupleID")
intraclass("acipair", couples$Satisfaction_A, couples$CoupleID)
roles("acipair", couples, "Satisfaction_A", "OtherPos_A", "OtherPos_P", "Partnum", "CoupleID")

sleep <- read("sleepstudy")
mixed("sleepstudy", "growth", sleep, Reaction ~ Days + (Days | Subject))
mixed("sleepstudy", "intercepts", sleep, Reaction ~ Days + (1 | Subject))

a <- read("goldA")
regression("goldA", a, y ~ t, "dyad")
symmetry("goldA", a, y ~ t, "dyad")
# The trap: a variance of dyads that may not be negative.
mixed("goldA", "clamped", a, y ~ t + (1 | dyad), df = FALSE)

b <- transform(read("goldB"), dyad = 1000 * org + dyad)
regression("goldB", b, y ~ t + x, "org")
mixed("goldB", "organizations", b, y ~ t + x + (1 | dyad) + (1 | org))
mixed("goldB", "organizations ML", b, y ~ t + x + (1 | dyad) + (1 | org), reml = FALSE)
