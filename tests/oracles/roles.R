# Roles in pairs, for the tests of the actor-partner model: `Rscript tests/oracles/roles.R` (R 4.2.2, nlme 3.1.162).
#
# Equal actor and partner effects of both roles: the Wald F of a multivariate regression, from vcov() of a fit of both equations at
# once. Covariates: compound symmetry by gls(), errors of which are those of the fixed effects without a correction.

couples <- read.csv(file.path("tests", "data", "acipair.csv"))
wives <- couples[couples$Partnum == 1, ]
fit <- lm(cbind(Satisfaction_A, Satisfaction_P) ~ OtherPos_A + OtherPos_P, data = wives)
b <- c(coef(fit))
v <- vcov(fit)
g <- nrow(wives)
# Rows of b: wife's intercept, own, partner's; then the husband's intercept, partner's (the wife's), own.
contrast <- rbind(c(0, 1, 0, 0, 0, -1), c(0, 0, 1, 0, -1, 0))
d <- contrast %*% b
f <- c(t(d) %*% solve(contrast %*% v %*% t(contrast)) %*% d) / 2
cat(sprintf("F %.10g on 2 and %d, p %.10g\n", f, g - 3, pf(f, 2, g - 3, lower.tail = FALSE)))
cat(sprintf("residual SD %.10g %.10g\n", sigma(fit)[1], sigma(fit)[2]))

library(nlme)
couples$covariate <- (couples$CoupleID * 7 + couples$Partnum * 5) %% 11
adjusted <- gls(Satisfaction_A ~ OtherPos_A + OtherPos_P + covariate, data = couples,
                correlation = corCompSymm(form = ~ 1 | CoupleID), method = "REML",
                control = glsControl(tolerance = 1e-12, msTol = 1e-12))
table <- summary(adjusted)$tTable
for (row in rownames(table)) cat(sprintf("%s %.9g %.9g\n", row, table[row, 1], table[row, 2]))
cat(sprintf("rho %.8g sigma %.8g\n", coef(adjusted$modelStruct$corStruct, unconstrained = FALSE), adjusted$sigma))

# Effects of each role at equal covariates: residuals of one variance and one correlation, and the likelihood ratio of 'roles make no
# difference in intercept, actor or partner effect' on 3 degrees of freedom.
couples$role <- factor(couples$Partnum)
tight <- glsControl(tolerance = 1e-12, msTol = 1e-12)
both <- function(formula, method) {
  gls(formula, data = couples, correlation = corCompSymm(form = ~ 1 | CoupleID), method = method, control = tight)
}
apart <- Satisfaction_A ~ 0 + role + role:OtherPos_A + role:OtherPos_P + covariate
table <- summary(both(apart, "REML"))$tTable
for (row in rownames(table)) cat(sprintf("%s %.9g %.9g\n", row, table[row, 1], table[row, 2]))
ratio <- 2 * (logLik(both(apart, "ML")) - logLik(both(Satisfaction_A ~ OtherPos_A + OtherPos_P + covariate, "ML")))
cat(sprintf("chi-square %.9g, p %.9g\n", ratio, pchisq(ratio, 3, lower.tail = FALSE)))
