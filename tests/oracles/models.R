# What awkward.R and reference.R share: each function fits one model and prints one line per number,
# data, model, term, quantity, value. Terms of X are counted from 0.

suppressPackageStartupMessages({
  library(nlme); library(lme4); library(lmerTest); library(pbkrtest); library(sandwich); library(clubSandwich)
})
message(R.version.string)
for (package in c("lme4", "lmerTest", "pbkrtest", "nlme", "sandwich", "clubSandwich"))
  message(package, " ", packageVersion(package))

line <- function(...) {
  parts <- list(...)
  cat(unlist(parts[1:4]), format(parts[[5]], digits = 15, scientific = TRUE), sep = ",")
  cat("\n")
}
cat("data,model,term,quantity,value\n")

# Least squares with every cluster-robust variance.
regression <- function(name, d, formula, cluster) {
  fit <- lm(formula, d)
  for (k in seq_along(coef(fit))) {
    line(name, "regression", k - 1, "estimate", coef(fit)[[k]])
    line(name, "regression", k - 1, "classical", sqrt(vcov(fit)[k, k]))
  }
  for (type in c("CR0", "CR1", "CR1S", "CR2", "CR3")) {
    v <- vcovCR(fit, d[[cluster]], type)
    tested <- coef_test(fit, v, test = "Satterthwaite")
    for (k in seq_along(coef(fit))) {
      line(name, "regression", k - 1, type, tested$SE[k])
      line(name, "regression", k - 1, paste(type, "df"), tested$df[k])
    }
  }
}

# Logistic regression: model-based errors, and those clustered with G/(G - 1).
logistic <- function(name, d, formula, cluster) {
  fit <- glm(formula, binomial, d, control = glm.control(epsilon = 1e-14, maxit = 100))
  v <- vcovCL(fit, d[[cluster]], type = "HC0", cadjust = TRUE)
  for (k in seq_along(coef(fit))) {
    line(name, "logistic", k - 1, "estimate", coef(fit)[[k]])
    line(name, "logistic", k - 1, "naive", sqrt(vcov(fit)[k, k]))
    line(name, "logistic", k - 1, "CR1", sqrt(v[k, k]))
  }
  line(name, "logistic", "all", "deviance", deviance(fit))
}

# Intraclass correlation by one-way analysis of variance.
intraclass <- function(name, y, group) {
  table <- anova(lm(y ~ factor(group)))
  sizes <- table(group)
  n0 <- (length(y) - sum(sizes^2) / length(y)) / (length(sizes) - 1)
  ms <- table$`Mean Sq`
  line(name, "anova", "all", "between", ms[1])
  line(name, "anova", "all", "within", ms[2])
  line(name, "anova", "all", "f", ms[1] / ms[2])
  line(name, "anova", "all", "icc", (ms[1] - ms[2]) / (ms[1] + (n0 - 1) * ms[2]))
  p <- sapply(c(TRUE, FALSE), function(lower) pf(ms[1] / ms[2], table$Df[1], table$Df[2], lower.tail = lower))
  line(name, "anova", "all", "p", 2 * min(p))
}

exact <- glsControl(tolerance = 1e-12, msTol = 1e-14, msMaxIter = 500, maxIter = 500)

# Compound symmetry of either sign, by restricted maximum likelihood.
symmetry <- function(name, d, formula, group) {
  d$.group <- d[[group]]
  fit <- gls(formula, d, corCompSymm(form = ~ 1 | .group), control = exact)
  rho <- coef(fit$modelStruct$corStruct, unconstrained = FALSE)[[1]]
  for (k in seq_along(coef(fit))) {
    line(name, "symmetry", k - 1, "estimate", coef(fit)[[k]])
    line(name, "symmetry", k - 1, "error", sqrt(vcov(fit)[k, k]))
  }
  line(name, "symmetry", "all", "icc", rho)
  line(name, "symmetry", "all", "sd", fit$sigma)
  line(name, "symmetry", "all", "criterion", -2 * as.numeric(logLik(fit)))
}

# Roles with their own intercept, actor and partner effect and variance, against none of these, by full maximum likelihood.
# Standardized, which leaves the likelihood ratio as it is: gls knows no units of 1e6.
roles <- function(name, d, y, own, other, role, group) {
  d <- data.frame(y = d[[y]] / sd(d[[y]]), own = d[[own]] / sd(d[[own]]), other = d[[other]] / sd(d[[own]]), role = factor(d[[role]]), group = d[[group]])
  d <- d[order(d$group, d$role), ]
  none <- gls(y ~ own + other, d, corCompSymm(form = ~ 1 | group), method = "ML", control = exact)
  both <- gls(y ~ role * (own + other), d, corCompSymm(form = ~ 1 | group), weights = varIdent(form = ~ 1 | role), method = "ML", control = exact)
  ratio <- 2 * as.numeric(logLik(both) - logLik(none))
  line(name, "roles", "all", "chi square", ratio)
  line(name, "roles", "all", "p", pchisq(ratio, 4, lower.tail = FALSE))
}

close <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10), check.conv.grad = "ignore", check.conv.hess = "ignore")

# Linear mixed models. `unit` are units of the outcome and of the coefficients' columns in which lmer counts: its second derivatives are
# by differences, which fail far from 1. What it says is told in the units of the data.
mixed <- function(name, model, d, formula, reml = TRUE, df = reml, unit = 1) {
  fit <- suppressMessages(suppressWarnings(lmerTest::lmer(formula, d, REML = reml, control = close)))
  beta <- fixef(fit)
  unit <- rep(unit, length.out = length(beta) + 1)
  for (k in seq_along(beta)) {
    scale <- unit[1] / ifelse(k == 1, 1, unit[k])
    line(name, model, k - 1, "estimate", scale * beta[[k]])
    line(name, model, k - 1, "error", scale * sqrt(vcov(fit)[k, k]))
    c <- as.numeric(seq_along(beta) == k)
    if (df) {
      line(name, model, k - 1, "KR error", scale * sqrt(vcovAdj(fit)[k, k]))
      line(name, model, k - 1, "KR df", get_Lb_ddf(fit, c))
      line(name, model, k - 1, "Satterthwaite df", contest1D(fit, c)$df)
    }
  }
  for (group in names(VarCorr(fit))) {
    v <- VarCorr(fit)[[group]]
    of <- sub(":.*", "", group)
    line(name, model, of, "variance", unit[1]^2 * v[1, 1])
    if (nrow(v) > 1) {
      line(name, model, of, "covariance", unit[1]^2 * v[1, 2])
      line(name, model, of, "slope variance", unit[1]^2 * v[2, 2])
    }
  }
  line(name, model, "all", "residual", unit[1]^2 * sigma(fit)^2)
  if (all(unit == 1)) line(name, model, "all", "criterion", if (reml) REMLcrit(fit) else -2 * as.numeric(logLik(fit)))
}

arguments <- commandArgs(FALSE)
folder <- file.path(dirname(sub("--file=", "", arguments[grep("--file=", arguments)])), "..", "data")
