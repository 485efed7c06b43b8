# Golden values of correlations with clusters for tests/data/correlation.csv.
#
#   Rscript tests/oracles/correlation.R > tests/data/correlation.csv      (R 4.2.2; base R alone)
#
# By definition: cor() of the rows that are left when a cluster is taken out, for every cluster. `contributions` is the standard
# error of r from the rows' contributions u v - r (u^2 + v^2)/2, summed by cluster, times G/(G - 1): another way to the same
# number in large samples.

jackknife <- function(name, x, y, cluster) {
  r <- cor(x, y)
  labels <- unique(cluster)
  g <- length(labels)
  z <- sapply(labels, function(label) atanh(cor(x[cluster != label], y[cluster != label])))
  error <- sqrt((g - 1) / g * sum((z - mean(z))^2))
  bounds <- tanh(atanh(r) + c(-1, 1) * qt(.975, g - 1) * error)
  p <- 2 * pt(-abs(atanh(r) / error), g - 1)
  n <- length(x)
  standard <- function(v) (v - mean(v)) / sqrt(mean((v - mean(v))^2))
  u <- standard(x)
  v <- standard(y)
  sums <- tapply(u * v - r * (u^2 + v^2) / 2, cluster, sum)
  contributions <- sqrt(g / (g - 1) * sum(sums^2)) / n
  numbers <- c(r, (1 - r^2) * error, g - 1, bounds, p, contributions)
  cat(name, sprintf("%.15g", numbers), sep = ",")
  cat("\n")
}

read <- function(file) read.csv(file.path("tests", "data", file))

cat("data,estimate,standard_error,degrees_of_freedom,lower,upper,p_value,contributions\n")
couples <- read("acipair.csv")
jackknife("couples", couples$OtherPos_A, couples$Satisfaction_A, couples$CoupleID)
uneven <- read("uneven.csv")
jackknife("uneven", uneven$x1, uneven$y, uneven$g)
gold <- read("goldB.csv")
jackknife("organizations", gold$x, gold$y, gold$org)
