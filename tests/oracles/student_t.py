"""Golden values of Student's t for tests/data/student_t.csv, in 60-digit arithmetic.

    pip install mpmath==1.4.1
    python tests/oracles/student_t.py > tests/data/student_t.csv
"""

from mpmath import betainc, mp, mpf, nstr

mp.dps = 60

print("t,df,outside,inside")
for df in ["0.3", "1", "2", "3.7", "9.9255", "22", "71.2855", "146", "1000.5", "20000", "99999", "100000", "1000000", "1000000000"]:
    for t in ["0.001", "0.3", "1", "1.7", "2.5", "4", "12"]:
        nu, x = mpf(float(df)), mpf(float(t))
        outside = betainc(nu / 2, mpf(1) / 2, 0, nu / (nu + x * x), regularized=True)
        inside = betainc(mpf(1) / 2, nu / 2, 0, x * x / (nu + x * x), regularized=True)
        print(f"{t},{df},{nstr(outside, 17)},{nstr(inside, 17)}")
