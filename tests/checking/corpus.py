"""The corpus: programs at points, by category, with the verdict that a right checker gives. Data only.

A line is `program @ point`, and `-> verdict: reason` where the verdict is not "agree". The gradient of a case is compared with SymPy's
at 60 digits (see truth.py) unless the category says that SymPy has none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One program at one point, with the verdict that is right."""

    category: str
    program: str
    at: str
    verdict: str = "agree"
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.category}: {self.program} @ {self.at}"


SMOOTH = {
    "smooth": """
        x @ x=3
        2*x + 1 @ x=-0.5
        x**2 @ x=3
        x**2 @ x=-3
        x**3 - 2*x @ x=1.7
        x**-2 @ x=-1.3
        x**0.5 @ x=2
        x**2.5 @ x=0.3
        2**x @ x=-1.5
        x**x @ x=1.3
        exp(x) @ x=1
        exp(-x**2) @ x=-1.032
        exp(-x**2)*sin(3*x) @ x=-1.032
        log(x)/x @ x=2.5
        sin(x)*cos(x) @ x=0.7
        tan(x) @ x=1.1
        sqrt(1 + x*x) @ x=-2
        1/(1 + exp(-x)) @ x=0.3
        sin(x)**2 @ x=-2.2
        sin(sin(sin(x))) @ x=1
        x/(1 + x**2) @ x=-7.1
        (x - 1)*(x - 2)*(x - 3) @ x=2.5
        x*log(x) - x @ x=0.2
        exp(sin(x))/x @ x=4
        atan(x)/x @ x=0.9
        asin(x)*acos(x) @ x=0.6
        sinh(x) - tanh(x) @ x=-0.8
        asinh(x)*acosh(x) @ x=1.4
        log(1 + exp(x)) @ x=-2
        cosh(x)**0.25 @ x=2
        a = x*x; b = a*a; b*x - a @ x=-1.1
        sin(2*pi*x) @ x=0.1
        exp(x)*exp(-x) + x @ x=2
        ((x+1)*x+1)*x+1 @ x=-0.3
    """,
    "multi": """
        (x+w)*(w+1) @ w=1,x=2
        x*y + sin(x) @ x=1.5,y=-2
        x/y @ x=3,y=7
        x**y @ x=2.2,y=-0.7
        sqrt(x*x + y*y) @ x=3,y=4
        hypot(x, y) @ x=-5,y=12
        atan2(y, x) @ x=-1,y=0.5
        exp(-(x*x + y*y)/2) @ x=0.4,y=-1.2
        log(x + y) - log(x) @ x=1e-3,y=5
        (1-x)**2 + 100*(y-x**2)**2 @ x=-1.2,y=1
        x*y*z @ x=2,y=3,z=4
        (a*b - c)/(a + b*c) @ a=1.1,b=-2,c=3
        s*normcdf(d) - k*exp(-r)*normcdf(d - v) @ s=100,k=95,d=0.3,r=0.05,v=0.2
        logaddexp(a, b) @ a=1,b=1.5
        xlogy(p, p) + xlogy(q, q) @ p=0.25,q=0.75
        x + 0*y @ x=1,y=2
        maximum(x, y)*minimum(x, y) @ x=2,y=3
        w1*tanh(w2*x + b2) + b1 @ w1=0.5,w2=-1.5,x=0.8,b1=0.1,b2=0.3
    """,
    "scales": """
        1e-12*sin(x) @ x=1
        sin(1e-8*x) @ x=1
        x**2 @ x=1e8
        x**2 @ x=1e-8
        x**2 @ x=1e100
        x**2 @ x=1e-100
        x**2 @ x=1e-160
        1e300*x @ x=1
        1e-300*x @ x=1
        1e300*x*1e-300 @ x=3
        1e-300*x*1e300 @ x=3
        sqrt(1e300*x) @ x=1
        sqrt(x) @ x=1e300
        sqrt(x) @ x=1e-300
        1/x @ x=1e-30
        1/x @ x=1e100
        1/x @ x=-1e-100
        log(x) @ x=1e-25
        log(x) @ x=1e300
        log(x) @ x=1e-300
        cbrt(x) @ x=1e-300
        cbrt(x) @ x=-1e300
        hypot(x, y) @ x=1e200,y=1e-200
        hypot(x, y) @ x=1e-300,y=2e-300
        atan2(y, x) @ x=1e300,y=1e300
        atan(x) @ x=1e100
        asinh(x) @ x=1e8
        asinh(x) @ x=-1e100
        acosh(x) @ x=1e100
        tanh(x) @ x=200
        tanh(x) @ x=-20
        erf(x) @ x=5
        erfc(x) @ x=10
        erfc(x) @ x=-10
        normcdf(x) @ x=-30
        normpdf(x) @ x=20
        exp(x) @ x=700
        exp(x) @ x=-700
        x*1e8 + x*1e-8 @ x=1
        1e8*x**3 + 1e-8*x @ x=1e-8
        lgamma(x) @ x=1e100
        lgamma(x) @ x=1e-100
        digamma(x) @ x=1e100
        gamma(x) @ x=1e-8
        gamma(x) @ x=170
        a*x @ a=1e300,x=1e-300
        x*y/z @ x=1e200,y=1e-100,z=1e50
        x*1e-320 @ x=1
        3e-324*x @ x=1
        exp(x)/exp(y) @ x=500,y=499
        log(exp(x)) @ x=600
        x**100 @ x=0.5
        x**-100 @ x=100
        x**0.01 @ x=1e-200
        sinh(x) @ x=-1e-100
        expm1(x) @ x=1e-200
        log1p(x) @ x=-1e-200
    """,
    "cancellation": """
        (1-cos(x))/x**2 @ x=1e-4
        (1-cos(x))/x**2 @ x=1e-7
        (exp(x)-1)/x @ x=1e-8
        (exp(x)-1)/x @ x=1e-12
        sqrt(x+1) - sqrt(x) @ x=1e10
        sqrt(x+1) - sqrt(x) @ x=1e15
        x - x @ x=1
        x - x @ x=0.1
        (x + 1e8) - 1e8 @ x=0.1
        (x + 1e16) - 1e16 @ x=0.1
        sin(x)**2 + cos(x)**2 @ x=1
        log(1 + x) @ x=1e-10
        1 - (1 - x) @ x=1e-20
        (x**2 - 1)/(x - 1) @ x=1.0000001
        (x - sin(x))/x**3 @ x=1e-3
        (x - sin(x))/x**3 @ x=1e-6
        tan(x) - x @ x=1e-5
        exp(x) - exp(-x) - 2*x @ x=1e-4
        1/x - 1/(x+1e-9) @ x=1
        cosh(x)**2 - sinh(x)**2 @ x=20
        (x*x - y*y)/(x - y) @ x=1,y=1.0000000001
        b - sqrt(b*b - 4*c) @ b=1e8,c=1
        (x-1)**7 @ x=1.001
        x**7-7*x**6+21*x**5-35*x**4+35*x**3-21*x**2+7*x-1 @ x=1.001
        log(cosh(x)) @ x=1e-8
        atan(x+1) - atan(x) @ x=1e8
        (1+x) - 1 - x @ x=1e-17
        exp(-x)*exp(x) - 1 @ x=30
        1 - tanh(x) @ x=18
        log(x) - log(x*(1+1e-12)) @ x=3
    """,
    "oscillation": """
        sin(1e6*x) @ x=1
        sin(1e8*x) @ x=1
        sin(1e8*x) @ x=0.1
        cos(1e6*x)*x @ x=-3.3
        sin(1e10*x) @ x=0.7
        sin(1e15*x) @ x=0.7
        sin(x) @ x=1e22
        cos(x) @ x=1e100
        sin(1/x) @ x=1e-6
        sin(exp(x)) @ x=20
        tan(1e6*x) @ x=1
        sinc(1e6*x) @ x=0.3
        sinc(x) @ x=1234.567
        x*sin(1e6/x) @ x=2
    """,
    "peaks": """
        1/(1 + (1e8*(x-1))**2) @ x=1.00000001
        1/(1e-16 + x**2) @ x=1e-8
        exp(-1e16*(x-0.5)**2) @ x=0.50000001
        exp(-1e8*x**2) @ x=1e-3
        exp(-x**2) @ x=25
        sigmoid(1e8*(x-1)) @ x=1.0000001
        tanh(1e10*x) @ x=1e-11
        atan(1e12*x) @ x=1e-12
        1/(x-1) @ x=1.000000001
        1/(x-1)**2 @ x=0.99999999
        x/(x**2 + 1e-20) @ x=3e-10
        log(x**2 + 1e-30) @ x=1e-15
        normpdf(1e6*x) @ x=1e-6
        erf(1e8*x) @ x=1e-8
    """,
    "edges": """
        sqrt(x) @ x=1e-20
        sqrt(1 - x) @ x=0.9999999999
        sqrt(1 - x*x) @ x=0.99999999
        log(x - 5) @ x=5.000000001
        log(1 - x) @ x=0.9999999999999999
        asin(x) @ x=0.9999999999
        asin(x) @ x=-0.9999999999999999
        acos(x) @ x=0.999999999
        acosh(x) @ x=1.0000000001
        atanh(x) @ x=0.9999999999
        atanh(x) @ x=-0.9999999999999999
        erfinv(x) @ x=0.999999999
        erfinv(x) @ x=-0.999999
        log1p(x) @ x=-0.9999999999
        tan(x) @ x=1.5707963267
        gamma(x) @ x=-0.9999999
        gamma(x) @ x=-1.00000001
        digamma(x) @ x=-2.0000001
        lgamma(x) @ x=1e-9
        1/log(x) @ x=1.0000001
        log(log(x)) @ x=1.000001
        log(log(log(x))) @ x=2.7182819
        sqrt(log(x)) @ x=1.0000000001
        x**1.5 @ x=1e-30
        xlogy(x, x) @ x=1e-300
        acos(cos(x)) @ x=1e-3
    """,
    "near kinks": """
        abs(x) @ x=1e-12
        abs(x) @ x=-1e-300
        abs(x) @ x=5e-324
        relu(x) @ x=1e-300
        relu(x) @ x=-1e-300
        maximum(x, y) @ x=1,y=1.0000000000000002
        minimum(x, y) @ x=1,y=1.0000000000000002
        maximum(sin(x), x) @ x=1e-5
        clip(x, 0, 1) @ x=0.9999999999999999
        clip(x, 0, 1) @ x=1.0000000000000002
        clip(x, 0, 1) @ x=5e-324
        abs(x - 1)*x @ x=1.0000000000000002
        abs(sin(x)) @ x=3.141592653589793
        leaky_relu(x) @ x=-1e-12
        leaky_relu(x, 0.2) @ x=1e-12
        hypot(x, 0) @ x=1e-300
        hypot(x, 1e-200) @ x=1e-200
        sqrt(x**2 + 1e-30) @ x=1e-15
        sqrt(x*x) @ x=1e-100
        relu(x)**2 @ x=1e-9
        abs(x)**1.5 @ x=1e-12
        elu(x) @ x=-1e-12
        elu(x, 0.5) @ x=1e-12
        maximum(x, 0.1)*x @ x=0.10000000000000002
    """,
    "stationary": """
        x**2 @ x=0
        x**4 @ x=0
        x**3 @ x=0
        cos(x) @ x=0
        (x-1)**2*exp(x) @ x=1
        x**2*exp(-x) @ x=2
        cosh(x) @ x=0
        x*log(x) @ x=0.36787944117144233
        (1-x)**2 + 100*(y-x**2)**2 @ x=1,y=1
        x**3 - 3*x @ x=1
        x**2*y**2 @ x=0,y=3
        sin(x) @ x=1.5707963267948966
        exp(-x**2) @ x=0
        gamma(x) @ x=1.4616321449683623
        1e20*x**2 @ x=0
        x**2 @ x=5e-324
        hypot(x, 1) @ x=0
    """,
    "zeros": """
        x*0 @ x=5
        0*sin(x) @ x=1
        x**0 @ x=0
        x**0 @ x=3
        x**1 @ x=0
        sin(x) @ x=0
        x*y @ x=0,y=0
        x*y @ x=0,y=2
        x*sin(x) @ x=0
        tan(x) @ x=0
        asin(x) @ x=0
        sinh(x)*x @ x=0
        expm1(x) @ x=0
        log1p(x) @ x=0
        erf(x) @ x=0
        atan2(x, 1) @ x=0
        x**1.5 + 1 @ x=0
        log(x) @ x=1
        lgamma(x) @ x=1
        lgamma(x) @ x=2
        digamma(x) @ x=1.4616321449683622
        erfinv(x) @ x=0
        x/(y + 1) @ x=0,y=0
        log(1 + x*y) @ x=0,y=0
        asinh(x) @ x=0
        atanh(x) @ x=0
        softplus(x) @ x=0
        silu(x) @ x=0
        gelu(x) @ x=0
    """,
    "borders": """
        tanh(x) @ x=700
        exp(x) @ x=-745
        exp(-x) @ x=800
        exp(-x*x) @ x=30
        sigmoid(x) @ x=-745
        sigmoid(x) @ x=745
        sigmoid(x) @ x=1000
        softplus(x) @ x=1000
        softplus(x) @ x=-1000
        logsigmoid(x) @ x=-1000
        silu(x) @ x=-740
        x*1e308 @ x=1.5
        x*1e-308 @ x=1e-10
        x**2 @ x=1e154
        x**2 @ x=1e-170
        1/x @ x=1e-154
        x*1e-200*1e-200 @ x=1
        exp(x) @ x=709.7
        cosh(x) @ x=710
        erfc(x) @ x=27
        normpdf(x) @ x=38.5
        normcdf(x) @ x=-38
        gamma(x) @ x=171
        x/1e308 @ x=1e-10
        x @ x=1.7976931348623157e308
        x @ x=5e-324
        0.5*x @ x=5e-324
        exp(x) @ x=-740.5
        1e-310*sin(x) @ x=1
        x**3 @ x=1e-107
        sinh(x) @ x=-710
        gelu(x) @ x=-38
    """,
    "removable": """
        sinc(x) @ x=0
        sinc(x) @ x=1e-9
        sinc(x) @ x=1
        sin(x)/x @ x=1e-300
        (x**2-1)/(x-1) @ x=1.5
        x/x @ x=2
        x*x/x @ x=1e-5
        sqrt(x)*sqrt(x) @ x=2
        exp(log(x)) @ x=1e-5
        log(exp(x)) @ x=0.3
        expm1(x)/x @ x=1e-8
        sqrt(x)**2 @ x=1e-300
        (x**3)**(1/3) @ x=1e-5
        tan(atan(x)) @ x=1e6
    """,
    "operations": """
        add(x, y) @ x=1,y=2
        subtract(x, y) @ x=1,y=2
        mul(x, y) @ x=0.1,y=3
        divide(x, y) @ x=1,y=3
        neg(x) @ x=1
        power(x, y) @ x=0.9,y=40
        square(x) @ x=-0.7
        reciprocal(x) @ x=-0.7
        cbrt(x) @ x=-2
        cbrt(x) @ x=27
        hypot(x, y) @ x=-0.5,y=1e-3
        exp2(x) @ x=3.5
        expm1(x) @ x=-4
        ln(x) @ x=0.1
        log2(x) @ x=10
        log10(x) @ x=0.2
        log1p(x) @ x=0.5
        sin(x) @ x=-30
        cos(x) @ x=2
        tan(x) @ x=-1
        arcsin(x) @ x=-0.6
        arccos(x) @ x=0.25
        arctan(x) @ x=-2
        atan2(x, y) @ x=0.3,y=2
        atan2(x, y) @ x=-3,y=-7
        atan2(x, y) @ x=2,y=-0.1
        sinh(x) @ x=3
        cosh(x) @ x=-3
        tanh(x) @ x=0.6
        arcsinh(x) @ x=2
        arccosh(x) @ x=1.5
        arctanh(x) @ x=0.5
        erf(x) @ x=0.9
        erfc(x) @ x=2
        erfinv(x) @ x=-0.6
        gamma(x) @ x=-2.5
        tgamma(x) @ x=3.2
        lgamma(x) @ x=3.2
        lgamma(x) @ x=-1.5
        gammaln(x) @ x=0.3
        digamma(x) @ x=-0.3
        psi(x) @ x=20
        normpdf(x) @ x=1.2
        ndtr(x) @ x=-2
        sinc(x) @ x=1.7
        sinc(x) @ x=10.3
        expit(x) @ x=-3
        logsigmoid(x) @ x=2
        softplus(x) @ x=0.6
        swish(x) @ x=-1.2
        gelu(x) @ x=0.7
        logaddexp(x, y) @ x=700,y=699
        logaddexp(x, y) @ x=-2.5,y=-2.25
        xlogy(x, y) @ x=0.5,y=2
        absolute(x) @ x=-3
        relu(x) @ x=2
        leaky_relu(x) @ x=-3
        leaky_relu(x, y) @ x=-3,y=0.2
        elu(x) @ x=-2
        elu(x, y) @ x=-2,y=0.3
        max(x, y) @ x=1,y=2
        min(x, y) @ x=1,y=2
        clamp(x, 0, 1) @ x=0.5
        clip(x, y, z) @ x=4,y=0,z=1
        clip(x, y, z) @ x=-4,y=0,z=1
        pi*x**2 @ x=0.1
        erfinv(x)*gamma(x)*digamma(x) @ x=0.3
    """,
    "formulas": """
        exp(-(x-m)**2/(2*s**2))/(s*sqrt(2*pi)) @ x=1,m=0.3,s=0.8
        log(s) + (x-m)**2/(2*s**2) @ x=1,m=0.3,s=0.8
        y*log(1+exp(-z)) + (1-y)*log(1+exp(z)) @ y=0.25,z=3
        4*e*((s/r)**12 - (s/r)**6) @ e=0.997,s=3.4,r=3.8
        8.314*t/(v - b) - a/v**2 @ t=300,v=0.5,a=0.36,b=4e-5
        1/(exp(h/t) - 1) @ h=1e-3,t=300
        -g*m/r + v**2/2 @ g=6.674e-11,m=5.97e24,r=6.4e6,v=7800
        (a - 0.2*(sin(x) + cos(x)))/(b + x) @ a=1,b=2,x=0.3
        0.01*(10 - v)/(exp((10 - v)/10) - 1) @ v=9.9999
        c*sqrt(1 - (v/3e8)**2) @ c=1,v=299000000
        lgamma(a) + lgamma(b) - lgamma(a+b) @ a=0.5,b=2.5
        k*log(p) - p - lgamma(k + 1) @ k=7,p=4.2
        log(1 + t*t/n)*(n + 1)/2 @ t=2,n=5
        exp(a + b/t) @ a=10,b=-5000,t=298.15
    """,
}

BRANCHES = {
    # program @ point => the derivative by each input, as SymPy formulas
    "branches": """
        x*x if x > 0 else -x @ x=2 => x: 2*x
        x*x if x > 0 else -x @ x=-2 => x: -1
        x*x if x > 0 else 0 @ x=-2 => x: 0
        log(x) if x > 0 else 0 @ x=-2 => x: 0
        sqrt(x) if x >= 1 else x*x @ x=0.5 => x: 2*x
        0.5*r**2 if abs(r) <= d else d*(abs(r) - 0.5*d) @ r=0.4,d=1 => r: r; d: 0
        0.5*r**2 if abs(r) <= d else d*(abs(r) - 0.5*d) @ r=-4,d=1 => r: -d; d: -r - d
        sin(x) if x < 1 else (cos(x) if x < 2 else exp(x)) @ x=1.5 => x: -sin(x)
        x**2 if x < 1 else 2*x - 1 @ x=1 => x: 2
        x if y > 0 else -x @ x=3,y=1e-300 => x: 1; y: 0
        where(x > 0, x*x, x) @ x=3 => x: 2*x
        where(x > 0, log(x), x) @ x=-3 => x: 1
        where(x > 0, sqrt(x), 0) @ x=-1 => x: 0
        (x if x > 0 and y > 0 else y)*2 @ x=1,y=-1 => x: 0; y: 2
        (x if x > 0 or y > 0 else y)*2 @ x=1,y=-1 => x: 2; y: 0
        (x if not x > 0 else x**2) @ x=1.5 => x: 2*x
        (x if x == y else x*y) @ x=1.5,y=2 => x: y; y: x
        (x if x != y else x*y) @ x=1.5,y=2 => x: 1; y: 0
        (x if x <= y else y) @ x=1.5,y=2 => x: 1; y: 0
        (x if x >= y else y*y) @ x=1.5,y=2 => x: 0; y: 2*y
        (x if logical_and(x < 1, y < 3) else y) @ x=0.5,y=2 => x: 1; y: 0
        (x if logical_or(x < 1, y < 1) else y) @ x=0.5,y=2 => x: 1; y: 0
        (x if logical_not(x < 1) else y) @ x=0.5,y=2 => x: 0; y: 1
    """,
    "pieces": """
        floor(x)*x @ x=2.5 => x: 2
        floor(x) @ x=2.999999999999 => x: 0
        floor(x) @ x=-1e-300 => x: 0
        floor(10*x) @ x=0.3 => x: 0
        ceil(x)*x @ x=2.5 => x: 3
        trunc(x)*x @ x=-2.5 => x: -2
        round(x)*x @ x=2.5000001 => x: 3
        sign(x)*x @ x=-3 => x: -1
        sign(x) @ x=1e-300 => x: 0
        heaviside(x, 0.5)*x @ x=2 => x: 1
        x % 2 @ x=5.3 => x: 1
        x % y @ x=5.3,y=2 => x: 1; y: -2
        x % y @ x=-5.3,y=2 => x: 1; y: 3
        x % y @ x=0.7,y=-0.4 => x: 1; y: 2
        x % 1 @ x=0.3 => x: 1
        x % 1e-300 @ x=1.5 => x: 1
        mod(x, 3)*x @ x=7.5 => x: 2*x - 6
        detach(x)*x @ x=3 => x: 3
        detach(x*y)*x + y @ x=3,y=2 => x: 6; y: 1
        exp(x - detach(x)) @ x=5 => x: 1
        maximum(10*x, 1) @ x=0.1 => x: 5
        floor(1e15*x)*x @ x=0.5000000000000001 => x: 500000000000000
        round(x) @ x=0.49999999999999994 => x: 0
        stop_gradient(x) + x**2 @ x=-1 => x: -2
        fix(x)*x @ x=7.9 => x: 7
        rint(x)*x @ x=7.9 => x: 8
        clip(x, 0, 1)*x @ x=2 => x: 1
        clip(x, 0, 1)*x @ x=0.25 => x: 0.5
        abs(x)*x @ x=0 => x: 0
        abs(x)**3 @ x=0 => x: 0
        relu(x)**2 @ x=0 => x: 0
        abs(x*y)*x @ x=0,y=2 => x: 0; y: 0
        x**1.5 @ x=0 => x: 0
        elu(x) @ x=0 => x: 1
        sinc(abs(x)) @ x=0 => x: 0
        cos(abs(x)) @ x=0 => x: 0
    """,
}

POINTED = """
    abs(x) @ x=0 -> kink: a corner
    relu(x) @ x=0 -> kink: a corner
    1e20*x**2 + abs(x) @ x=0 -> kink: the corner is small beside the curvature
    abs(x) + 1e-20*x @ x=0 -> kink: the slopes are -1 and 1 nearly
    1e-30*abs(x) + x @ x=0 -> kink: a corner of 2e-30 beside a slope of 1
    abs(sin(x)) @ x=0 -> kink: a corner behind a smooth function
    abs(x**2 - 1) @ x=1 -> kink: a corner
    exp(abs(x)) @ x=0 -> kink: a corner
    maximum(x, 0) @ x=0 -> kink: a tie
    maximum(x, y) @ x=1,y=1 -> kink: a tie
    minimum(x, y) @ x=-2,y=-2 -> kink: a tie
    maximum(maximum(x, y), z) @ x=1,y=1,z=1 -> kink: a tie of three
    maximum(x, x**2) @ x=1 -> kink: two smooth functions cross
    clip(x, 0, 1) @ x=0 -> kink: a bound
    clip(x, 0, 1) @ x=1 -> kink: a bound
    leaky_relu(x) @ x=0 -> kink: a corner
    elu(x, 0.5) @ x=0 -> kink: a corner unless alpha is 1
    hypot(x, 0) @ x=0 -> kink: a cone
    hypot(x, y) @ x=0,y=0 -> kink: a cone
    sqrt(x*x) @ x=0 -> undefined: 0/0 in the sweep
    sign(x) @ x=0 -> kink: a jump
    heaviside(x, 0.5) @ x=0 -> kink: a jump
    floor(x) @ x=2 -> kink: a jump
    ceil(x) @ x=2 -> kink: a jump
    round(x) @ x=0.5 -> kink: a jump
    trunc(x) @ x=1 -> kink: a jump
    x % 1 @ x=2 -> kink: a jump
    x if x > 0 else -x @ x=0 -> kink: a branch
    x if x > 0 else x + 1 @ x=0 -> kink: a jump at a branch
    x**2 if x >= 1 else 3*x - 2 @ x=1 -> kink: the slopes of a branch
    relu(x) - relu(-x) @ x=0 -> disagree: the slope is 1 from both sides, the sweep gives 0
    abs(x) - abs(-x) @ x=0 -> agree: zero everywhere
    maximum(x, -x) - abs(x) @ x=0 -> agree: zero everywhere
    maximum(x, y) + minimum(x, y) @ x=1,y=1 -> agree: x + y in disguise, and the shares of the ties add up
    relu(x) + relu(-x) @ x=0 -> kink: the absolute value
    sqrt(x) @ x=0 -> undefined: an infinite slope
    cbrt(x) @ x=0 -> undefined: an infinite slope
    sqrt(x)**2 @ x=0 -> undefined: 0 times inf
    x*sqrt(x) @ x=0 -> undefined: 0 times inf
    sqrt(abs(x)) @ x=0 -> undefined: a cusp
    log(x) @ x=0 -> undefined: no value
    log(x) @ x=-1 -> undefined: no value
    sqrt(x) @ x=-1 -> undefined: no value
    1/x @ x=0 -> undefined: a pole
    x/x @ x=0 -> undefined: 0/0
    sin(x)/x @ x=0 -> undefined: 0/0
    acos(x) @ x=1 -> undefined: an infinite slope
    asin(x) @ x=2 -> undefined: no value
    acosh(x) @ x=1 -> undefined: an infinite slope
    atanh(x) @ x=1 -> undefined: a pole
    gamma(x) @ x=-1 -> undefined: a pole
    digamma(x) @ x=0 -> undefined: a pole
    x**0.5 @ x=0 -> undefined: an infinite slope
    x**-1 @ x=0 -> undefined: a pole
    x**0.5 @ x=-2 -> undefined: no value
    x**y @ x=-2,y=2 -> undefined: a negative base to a variable power has no derivative by the power
    exp(x) @ x=1000 -> undefined: overflow
    exp(exp(x)) @ x=10 -> undefined: overflow
    x**2 @ x=1e200 -> undefined: overflow
    x**y @ x=0,y=0 -> undefined: no derivative by the power
    x % y @ x=1,y=0 -> undefined: no value
    x/9**9**9**9 @ x=1 -> inconclusive: numbers beyond the engines
    relu(-exp(exp(exp(x)))) @ x=10 -> inconclusive: numbers beyond the engines
    sin(exp(exp(x)))*0 @ x=7 -> undefined: the sine of infinity
    x**1e300 @ x=1 -> agree: 1e300
    tanh(x) @ x=1e300 -> agree: zero to any double
    erf(x) @ x=1e100 -> agree: zero to any double
    sinc(x) @ x=1e300 -> inconclusive: an argument beyond the engines
    sin(1e300*x) @ x=1.1 -> agree: far faster than the first step sees
    tan(1e300*x) @ x=1 -> agree: far faster than the first step sees
    digamma(x) @ x=-12345678.25 -> agree: far on the negative side
    x % 1e-300 @ x=1e300 -> inconclusive: the quotient overflows
    x % 5e-324 @ x=1 -> kink: a whole multiple
    x/(1e308*x) @ x=1e-3 -> agree: constant
    1/x @ x=inf -> undefined: an infinite point
    x @ x=nan -> undefined: no number
    erfinv(x) @ x=1 -> undefined: no finite value
    log(abs(x)) @ x=0 -> undefined: no value
    tan(x)*0 @ x=1 -> agree: zero
    atan2(x, y) @ x=0,y=-1 -> kink: the angle jumps by 2*pi
    sqrt(relu(x)) @ x=-1 -> agree: zero all around
    x*abs(x) + abs(x) @ x=0 -> kink: a corner
    floor(1e15*x)*x @ x=0.5 -> kink: 1e15*x is a whole number
    floor(1e300*x) @ x=0.5 -> kink: 1e300*x is a whole number
    gamma(x) @ x=171.6 -> undefined: the derivative overflows
    maximum(x, 1e-200) @ x=0 -> agree: the corner is not at the point
    abs(x - 1e-200) @ x=0 -> agree: the corner is not at the point
    abs(0.1*x - 0.01) @ x=0.1 -> agree: 0.1*0.1 is not 0.01
    tanh(1e60*(x - 1)) @ x=1 -> agree: far steeper than the first step sees
    sin(1e60*(x - 1)) @ x=1 -> agree: far faster than the first step sees
    floor(x) + abs(y) @ x=0.5,y=0 -> kink: a corner by y
    abs(x)/2 + x/2 @ x=0 -> kink: relu in disguise
    where(x > 0, x, 0) @ x=0 -> kink: relu in disguise
    where(x > 0, x*x, 0) @ x=0 -> agree: differentiable
"""
"""Kinks, jumps, holes and what only looks like one (numerics.md, sections 4 and 5)."""


def lines(text: str) -> list[str]:
    """The lines of a block that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def case(category: str, line: str) -> Case:
    """A line as a case."""
    body, _, end = line.partition(" -> ")
    program, _, at = body.rpartition(" @ ")
    verdict, _, reason = end.partition(": ")
    return Case(category, program, at, verdict or "agree", reason)


SMOOTH_CASES = [case(category, line) for category, block in SMOOTH.items() for line in lines(block)]
POINTED_CASES = [case("pointed", line) for line in lines(POINTED)]
PIECE_CASES: list[tuple[Case, dict[str, str]]] = [
    (case(category, line.partition(" => ")[0]), dict(pair.split(": ") for pair in line.partition(" => ")[2].split("; ")))
    for category, block in BRANCHES.items()
    for line in lines(block)
]
"""Cases with the derivatives that are right, as SymPy formulas."""
