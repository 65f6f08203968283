"""Functions at points for the comparison of checkers: one text for each, in gradcli's language and in Python's. Data only.

A line is `function @ point`. At kinks ` | ` follows and the slopes on the left and on the right, or gradients that are right and, after
`!`, gradients that are none. `SMOOTH` names the categories whose functions are differentiable at their points.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """One function at one point. `right` and `impossible` are gradients at a kink, flattened; elsewhere the truth is derived."""

    category: str
    text: str
    at: str
    right: tuple[tuple[float, ...], ...] = ()
    impossible: tuple[tuple[float, ...], ...] = ()

    def __str__(self) -> str:
        return f"{self.category}: {self.text} @ {self.at}"


TEXTS = {
    "one input": """
        x**2 + 3*x + 1 @ x=2
        3*x - 7 @ x=0.4
        x**3 - 2*x @ x=-1.7
        x**5/120 - x**3/6 + x @ x=1.1
        1/x @ x=-0.8
        x**-3 @ x=1.6
        (x - 1)/(x + 1) @ x=2.5
        x/(1 + x**2) @ x=-3.1
        (x**2 + 1)/(x**4 + 2) @ x=0.7
        sqrt(x) @ x=5
        sqrt(1 + x**2) @ x=-2
        1/sqrt(2 + x) @ x=0.3
        x**1.5 @ x=2.2
        x**0.1 @ x=0.9
        exp(x) @ x=1.3
        exp(-x**2) @ x=0.6
        exp(-x)*x**2 @ x=3
        2**x @ x=-1.5
        x**x @ x=1.4
        expm1(x)/x @ x=0.8
        log(x) @ x=2.7
        log(x)**2 @ x=0.4
        log(1 + exp(x)) @ x=-0.7
        log(log(x)) @ x=6
        log1p(x**2) @ x=1.2
        log2(x) + log10(x) @ x=3
        x*log(x) - x @ x=0.2
        sin(x) @ x=1
        cos(x)**2 @ x=0.4
        tan(x) @ x=-1.1
        sin(x)*exp(-x) @ x=2.1
        sin(sin(sin(x))) @ x=1
        sin(x)/x @ x=2.4
        sin(x**2) @ x=1.9
        cos(1/x) @ x=0.7
        sin(2*pi*x) @ x=0.1
        sin(x) + cos(2*x) + sin(3*x)/3 @ x=0.9
        arcsin(x) @ x=0.6
        arccos(x)*x @ x=-0.3
        arctan(x) @ x=1.8
        arctan(x)/x @ x=0.9
        sinh(x) - x @ x=1.2
        cosh(x)**0.25 @ x=2
        tanh(x) @ x=0.5
        tanh(3*x - 1)**2 @ x=0.2
        arcsinh(x) @ x=-1.4
        arccosh(x) @ x=1.7
        arctanh(x) @ x=0.35
        sigmoid(x) @ x=0.3
        sigmoid(x)*(1 - sigmoid(x)) @ x=-1.2
        softplus(2*x) @ x=0.45
        x*sigmoid(x) @ x=-0.9
        x*tanh(softplus(x)) @ x=0.6
        exp(sin(x))/x @ x=4
        exp(-exp(-x)) @ x=0.3
        1/(1 + exp(-3*(x - 0.5))) @ x=0.7
        exp(-x)/(1 + exp(-x))**2 @ x=0.8
        ((x + 1)*x + 1)*x + 1 @ x=-0.3
        (x - 1)*(x - 2)*(x - 3) @ x=2.4
        x*x*x*x - x*x @ x=-1.1
        sqrt(x + sqrt(x + sqrt(x))) @ x=1.3
        abs(x)**1.5 @ x=-2
        abs(sin(x)) @ x=2
        maximum(x, 0.1)*x @ x=1.5
        minimum(x**2, 10) @ x=-1.3
        relu(x)**2 + x @ x=0.8
        where(x > 0, x**2, -x) @ x=1.2
        clip(x, -1, 1)*exp(x) @ x=0.4
        exp(x)*log(x)*sin(x) @ x=1.6
        (1 + x/10)**10 @ x=0.7
    """,
    "several inputs": """
        (x + w)*(w + 1) @ w=1,x=2
        x*y @ x=3,y=-2
        x/y @ x=3,y=7
        x**y @ x=2.2,y=-0.7
        x*y + sin(x) @ x=1.5,y=-2
        sqrt(x**2 + y**2) @ x=3,y=4
        hypot(x, y) @ x=-5,y=12
        arctan2(y, x) @ x=-1,y=0.5
        exp(-(x**2 + y**2)/2) @ x=0.4,y=-1.2
        (1 - x)**2 + 100*(y - x**2)**2 @ x=-1.2,y=1
        sin(x)*cos(y) @ x=0.3,y=1.1
        sin(x*y)/y @ x=1.4,y=0.6
        log(x + exp(y)) @ x=0.5,y=-0.4
        log(exp(a) + exp(b)) @ a=1,b=1.5
        x**2*y - y**3/3 @ x=1.1,y=0.7
        (x - y)/(x + y) @ x=2,y=0.5
        1/(1/x + 1/y) @ x=3,y=6
        tanh(w*x + b) @ w=0.5,x=1.3,b=-0.2
        sigmoid(w*x + b)*w @ w=1.2,x=-0.7,b=0.4
        -log(sigmoid(y*(w*x + b))) @ w=0.8,x=0.5,b=-0.3,y=1
        x*y*z @ x=2,y=3,z=4
        x*y + y*z + z*x @ x=1,y=-2,z=0.5
        (a*b - c)/(a + b*c) @ a=1.1,b=-2,c=3
        a*exp(-b*x) + c @ a=2,b=0.7,c=0.1,x=1.5
        a*sin(w*t + p) @ a=1.5,w=2,t=0.4,p=0.3
        V*S/(K + S) @ V=2,S=3,K=0.5
        4*e*((s/r)**12 - (s/r)**6) @ e=1,s=3.4,r=3.8
        (P + a/V**2)*(V - b) @ P=1.2,a=1.4,V=2,b=0.04
        sqrt(s*(s - a)*(s - b)*(s - c)) @ s=6,a=3,b=4,c=5.5
        m*v**2/2 + m*g*h @ m=1.3,v=2.1,g=9.81,h=0.7
        x*exp(-y)*sin(z) @ x=1.2,y=0.4,z=0.8
        exp(x*y)*log(z) @ x=0.3,y=-1.1,z=2.2
        arctan(x*y*z) @ x=0.5,y=1.2,z=-0.8
        (x - mu)**2/(2*s**2) + log(s) @ x=1.4,mu=0.6,s=0.9
        k*log(m) - m @ k=4,m=3.2
        p*log(p/q) + (1 - p)*log((1 - p)/(1 - q)) @ p=0.3,q=0.45
        cosh(x - y)*sinh(y) @ x=0.7,y=-0.4
        x**2 + y**2 + z**2 + x*y*z @ x=1,y=2,z=-1
        (x + 2*y - 7)**2 + (2*x + y - 5)**2 @ x=0.4,y=1.7
        sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y @ x=0.2,y=-0.9
        x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y @ x=-2.5,y=1.1
        (x**2 + y - 11)**2 + (x + y**2 - 7)**2 @ x=1.3,y=2.6
        a*x**3 + b*x**2 + c*x + 1 @ a=0.3,b=-1.2,c=0.5,x=1.4
        sqrt(a**2 + b**2 - 2*a*b*cos(c)) @ a=2,b=3,c=0.9
        log1p(exp(-(u*v))) @ u=0.8,v=1.4
        maximum(x, y)*minimum(x, y) @ x=2,y=3
        abs(x - y)*z @ x=1,y=2.5,z=0.7
        relu(w*x + b) + relu(-w*x) @ w=0.7,x=1.1,b=0.2
        where(x > y, x*y, x + y) @ x=0.4,y=1.3
        exp(-a)*(1 - exp(-b))/(a + b) @ a=0.6,b=1.1
    """,
    "arrays": """
        sum(v**2) @ v=[1,2,3]
        sum(v**3)/3 @ v=[0.5,-1.5,2,1]
        mean(v) @ v=[1.5,2.5,-4]
        mean((v - t)**2) @ v=[1,2,3],t=[0.5,2.2,2.7]
        sum(sin(v)) @ v=[0.3,1.2,2.1]
        sum(v*w) @ v=[1,2,3],w=[0.4,-0.7,1.1]
        dot(v, w)**2 @ v=[1,-1,2],w=[0.5,0.2,0.3]
        sqrt(sum(v**2)) @ v=[3,4,12]
        sqrt(sum((v - w)**2)) @ v=[1,2],w=[-1,0.5]
        log(sum(exp(v))) @ v=[0.1,0.7,-0.4]
        log(sum(exp(v))) - v[1] @ v=[1.2,0.3,-0.6]
        sum(exp(v)*v)/sum(exp(v)) @ v=[0.2,0.9,0.5]
        prod(v) @ v=[1.5,2,-0.5]
        prod(1 + v**2) @ v=[0.3,0.6,0.9]
        sum(tanh(a*v + b)) @ v=[0.5,-0.8],a=1.3,b=0.1
        sum(log(1 + exp(-y*(w*x + b)))) @ y=[1,-1,1],x=[0.5,1.2,-0.3],w=0.8,b=-0.1
        -sum(p*log(p)) @ p=[0.2,0.3,0.5]
        sum(p*log(p/q)) @ p=[0.2,0.8],q=[0.4,0.6]
        sum((a*x + b - y)**2) @ a=1.1,b=0.2,x=[1,2,3],y=[1.5,2.2,3.7]
        sum(a*exp(-b*t)) @ a=2,b=0.6,t=[0,0.5,1]
        v[0]*v[1] - v[2]**2 @ v=[1,2,3]
        v[0]/v[1] + v[1]/v[2] @ v=[1,2,3]
        sum(W @ v) @ W=[[1,2],[3,4]],v=[0.5,-1]
        sum((W @ v)**2) @ W=[[1,0.5],[-0.3,2]],v=[0.7,1.2]
        dot(v, W @ v) @ W=[[2,1],[1,3]],v=[1,-0.5]
        sum(tanh(W @ v + b)) @ W=[[0.4,-0.2],[0.1,0.6]],v=[1,2],b=[0.1,-0.1]
        sum(W**2)/2 + sum(W) @ W=[[1,2],[3,4]]
        W[0,0]*W[1,1] - W[0,1]*W[1,0] @ W=[[1,2],[3,5]]
        sum(sigmoid(v)*(1 - sigmoid(v))) @ v=[0.3,-1.1,0.8]
        sum(relu(v)) + sum(v**2) @ v=[1,-1,0.5]
        sum(maximum(v, w)) @ v=[1,2,3],w=[2,1,3.5]
        sum(abs(v)) @ v=[1,-2,3]
        max(v)**2 @ v=[0.5,2,1]
        mean(v**2) - mean(v)**2 @ v=[1,2.5,4,0.5]
        sum(v)/sqrt(sum(v**2)) @ v=[1,2,2]
        dot(v, w)/sqrt(dot(v, v)*dot(w, w)) @ v=[1,2],w=[2,0.5]
        exp(-sum((v - m)**2)/2) @ v=[0.4,0.2],m=[0,0.5]
        sum(v[1:]*v[:3]) @ v=[1,2,3,4]
        sum((v[1:] - v[:3]**2)**2*100 + (1 - v[:3])**2) @ v=[0.8,0.7,0.4,0.2]
        sum(arctan(v)*log1p(v**2)) @ v=[0.6,1.4]
    """,
    "scaled": """
        1e-12*sin(x) @ x=1
        1e-12*sin(x)*y @ x=0.7,y=3
        1e-30*x**2 @ x=2
        1e-100*exp(x) @ x=0.5
        1e-200*cos(x) @ x=0.4
        1e20*sin(x) @ x=1
        1e20*x**2 - 1e20*x @ x=3
        1e100*exp(-x) @ x=2
        1e250*tanh(x) @ x=0.3
        x**2 @ x=1e-20
        x**2 @ x=1e20
        x**3 @ x=1e-50
        x**2 + x @ x=1e-9
        sin(x) @ x=1e-12
        sin(x) @ x=1e-150
        sin(1e12*x) @ x=1e-12
        exp(x) @ x=1e-14
        exp(x) @ x=300
        exp(-x) @ x=300
        exp(1e-10*x) @ x=1e10
        log(x) @ x=1e-200
        log(x) @ x=1e200
        log(x) @ x=1e-25
        sqrt(x) @ x=1e-30
        sqrt(x) @ x=1e300
        1/x @ x=1e-30
        1/x @ x=1e30
        1/x**2 @ x=1e-10
        x**0.3 @ x=1e-40
        tanh(1e60*x) @ x=1e-60
        tanh(1e-60*x) @ x=1e60
        arctan(x) @ x=1e8
        arctan(1e8*x) @ x=1e-8
        sin(1e9*x) @ x=1e-9
        log1p(x) @ x=1e-18
        expm1(x) @ x=1e-18
        sigmoid(x) @ x=30
        sigmoid(x) @ x=-600
        softplus(x) @ x=-40
        x*y @ x=1e-15,y=1e15
        x/y @ x=1e-12,y=1e12
        x + y @ x=1e10,y=1e-10
        x**2 + 1e10*y**2 @ x=1,y=1
        x + 1e8*y @ x=1,y=1
        x*1e-8 + y @ x=2,y=5
        A*exp(-E/(R*T)) @ A=1e13,E=80000,R=8.314,T=300
        G*m*M/r**2 @ G=6.674e-11,m=7.3e22,M=5.97e24,r=3.844e8
        h*c/(lam*k*T) @ h=6.626e-34,c=2.998e8,lam=5e-7,k=1.38e-23,T=5800
        e**2/(4*pi*eps*r) @ e=1.602e-19,eps=8.854e-12,r=5.29e-11
        sum(v**2) @ v=[1e-8,1,1e8]
        sum(1e-15*sin(v)) @ v=[0.5,1,2]
        sum(exp(v)) @ v=[-100,0,100]
        x**10 @ x=300
        x**-8 @ x=1e-5
        exp(-x**2) @ x=10
        1 + 1e-6*x @ x=1
        1e6 + sin(x) @ x=0.5
        x**2/(1e-10 + x**2) @ x=1e-5
        (x + 1e-7)**0.5 @ x=1e-9
        hypot(x, y) @ x=1e200,y=1e199
    """,
    "oscillating": """
        sin(1e3*x) @ x=0.7
        sin(1e4*x) @ x=0.3
        sin(1e6*x) @ x=1
        sin(1e6*x) @ x=0.001
        cos(1e6*x) @ x=0.2
        cos(1e5*x)*x @ x=1.1
        sin(1e8*x) @ x=0.1
        sin(1e6*x) + x @ x=0.5
        1e-6*sin(1e6*x) + x**2 @ x=1
        1e-3*sin(1e5*x) @ x=0.25
        sin(x**2) @ x=300
        sin(exp(x)) @ x=7
        sin(1/x) @ x=0.001
        cos(1/x**2) @ x=0.02
        x*sin(1/x) @ x=0.003
        x**2*sin(1/x) @ x=0.01
        sin(100*x)*cos(107*x) @ x=0.9
        sin(50*x*y) @ x=1.3,y=2.2
        sin(1e4*x)*cos(1e4*y) @ x=0.1,y=0.2
        exp(-x)*sin(1e4*x) @ x=0.8
        tanh(sin(1e5*x)) @ x=0.33
        arctan(1e4*sin(x)) @ x=3.1415
        exp(1e3*(cos(x) - 1)) @ x=0.05
        1/(1 + 1e6*(x - 0.5)**2) @ x=0.501
        exp(-1e8*(x - 1)**2) @ x=1.0001
        tanh(1e6*(x - 1)) @ x=1.0000005
        sum(sin(1e3*v)) @ v=[0.1,0.2,0.3]
        sin(1e6*x)**2 @ x=0.77
        sigmoid(1e5*(x - 0.3)) @ x=0.30001
        cos(1e7*x) @ x=0.01
    """,
    "cancelling": """
        (1 - cos(x))/x**2 @ x=1e-2
        (1 - cos(x))/x**2 @ x=1e-4
        (exp(x) - 1)/x @ x=1e-5
        (x + 1e6) - 1e6 @ x=0.3
        (x + 1e10) - 1e10 + x**2 @ x=0.3
        sqrt(x + 1) - sqrt(x) @ x=1e6
        sqrt(x**2 + 1) - x @ x=1e4
        log(1 + x) @ x=1e-7
        x - sin(x) @ x=1e-2
        (tan(x) - x)/x**3 @ x=0.01
        exp(x) - exp(-x) @ x=1e-6
        1 - tanh(x)**2 @ x=8
        1/x - 1/(x + 1) @ x=1e5
        (x**2 - 1)/(x - 1) @ x=1.0001
        (x - 1)**7 @ x=1.01
        x**7 - 7*x**6 + 21*x**5 - 35*x**4 + 35*x**3 - 21*x**2 + 7*x - 1 @ x=1.1
        cos(x)**2 - sin(x)**2 @ x=0.785398
        exp(10*x)*exp(-10*x) + x @ x=2
        1e8*(sqrt(1 + 1e-8*x) - 1) @ x=3
        (x + y)**2 - (x - y)**2 @ x=1e4,y=1e-3
        a**2 - b**2 @ a=1000001,b=1000000
        log(x) - log(y) @ x=1000.001,y=1000
        mean(v**2) - mean(v)**2 @ v=[10000,10001,10002]
        x*1e5 - sqrt(x**2*1e10 + 1) @ x=2
        (1 + x)**100 - 1 @ x=1e-9
        -b + sqrt(b**2 - 4*a*c) @ a=1,b=1e5,c=1
        x**2 - 2*x + 1 @ x=1.0001
        arctan(x + 1) - arctan(x) @ x=1000
        cosh(x) - sinh(x) @ x=12
        exp(x) - 1 - x - x**2/2 @ x=0.01
    """,
    "stationary": """
        x**2 @ x=0
        cos(x) @ x=0
        x**4 @ x=0
        x**3 @ x=0
        exp(-x**2) @ x=0
        (x - 3)**2 @ x=3
        x**2*y @ x=0,y=2
        x*y @ x=0,y=0
        x**2 + y**2 - 2*x @ x=1,y=0
        sqrt(1 + x**2) @ x=0
        1/(1 + x**2) @ x=0
        x + 0*y @ x=1,y=2
        sum(v**2) @ v=[0,0,0]
        abs(x)*x @ x=0
        relu(x)**2 @ x=0
        (1 - cos(x))*y @ x=0,y=5
        x**2 + 1e6 @ x=0
        log(1 + x**2)*1e10 @ x=0
    """,
    "near a kink": """
        abs(x - 1e-3) @ x=0
        abs(x - 1e-3) @ x=0.002
        abs(x) @ x=1e-3
        abs(x) @ x=-1e-5
        abs(x) @ x=1e-8
        abs(x) @ x=1e-12
        abs(x - 1) @ x=1.000001
        abs(x - 1) @ x=0.99999999
        abs(x - 100) @ x=100.0001
        abs(sin(x)) @ x=3.1416
        abs(x)*exp(x) @ x=1e-6
        abs(x) + x**2 @ x=-1e-4
        abs(x**2 - 2) @ x=1.41422
        relu(x) @ x=1e-6
        relu(x) @ x=-1e-6
        relu(x) @ x=1e-10
        relu(x) + 3*x @ x=-1e-4
        relu(x - 0.5) @ x=0.5000001
        relu(2*x - 1) - relu(x) @ x=0.50001
        relu(w*x + b) @ w=1,x=1,b=-0.99999
        sum(relu(v)) @ v=[1e-5,-1e-5,1]
        maximum(x, y) @ x=1,y=1.00001
        maximum(x, y) @ x=1,y=1.00000001
        maximum(x, y)*x @ x=2.0001,y=2
        maximum(x, x**2) @ x=1.0001
        minimum(x, y) @ x=0.3,y=0.30001
        minimum(x, 1) @ x=0.999999
        max(v) @ v=[1,1.0001,0.5]
        clip(x, -1, 1) @ x=0.99999
        clip(x, -1, 1) @ x=1.00001
        clip(x, 0, 1e-3) @ x=5e-4
        where(x > 0, x, 0.1*x) @ x=-1e-6
        where(x > 0, x**2, x) @ x=1e-3
        where(x > 1, 2*x, x + 1) @ x=1.0000001
        where(x > 0.3, exp(x), sin(x)) @ x=0.3001
        sqrt(x**2 + 1e-12) @ x=1e-3
        sqrt(x**2 + 1e-10) @ x=1e-5
        softplus(1e6*x)/1e6 @ x=1e-6
        abs(x - 1e-3) + abs(y + 1e-4) @ x=0,y=0
        sum(abs(v)) @ v=[1e-6,-1e-7,1e-3]
    """,
    "near an edge": """
        sqrt(x) @ x=1e-6
        sqrt(x) @ x=1e-12
        sqrt(1 - x) @ x=0.9999
        sqrt(1 - x**2) @ x=0.999999
        x*sqrt(x) @ x=1e-8
        log(x) @ x=1e-6
        log(x) @ x=1e-12
        log(1 - x) @ x=0.99999
        x*log(x) @ x=1e-9
        log(x - 1) @ x=1.000001
        1/(x - 1) @ x=1.001
        1/(1 - x) @ x=0.9999
        1/x @ x=1e-4
        arcsin(x) @ x=0.9999
        arcsin(x) @ x=0.99999999
        arccos(x) @ x=-0.99999
        arctanh(x) @ x=0.999999
        arccosh(x) @ x=1.00001
        tan(x) @ x=1.5707
        tan(x) @ x=1.570796
        x**0.5 + x @ x=1e-5
        x**1.5 @ x=1e-7
        x**x @ x=1e-4
        log(x*y) @ x=1e-5,y=2
        log(sin(x)) @ x=1e-3
        log(tanh(x)) @ x=1e-4
        sqrt(x - y) @ x=1.00001,y=1
        log(1 - x*y) @ x=0.9999,y=0.9999
        p*log(p) + (1 - p)*log(1 - p) @ p=1e-7
        sum(log(v)) @ v=[1e-6,1,1e-3]
        1/log(x) @ x=1.0001
        exp(-1/x) @ x=0.01
        exp(-1/x) @ x=0.002
        sqrt(log(x)) @ x=1.0000001
    """,
    "at a kink": """
        abs(x) @ x=0 | -1 1
        3*abs(x) @ x=0 | -3 3
        1e-9*abs(x) @ x=0 | -1e-9 1e-9
        1e12*abs(x) @ x=0 | -1e12 1e12
        abs(x - 1) @ x=1 | -1 1
        abs(x - 2)*x @ x=2 | -2 2
        abs(x) + x @ x=0 | 0 2
        abs(x)/2 + x/2 @ x=0 | 0 1
        abs(x) + 3*x @ x=0 | 2 4
        abs(x) + x**2 @ x=0 | -1 1
        abs(x)*exp(x) @ x=0 | -1 1
        exp(abs(x)) @ x=0 | -1 1
        exp(-abs(x)) @ x=0 | 1 -1
        abs(sin(x)) @ x=0 | -1 1
        sin(abs(x)) @ x=0 | -1 1
        sqrt(x**2) @ x=0 | -1 1
        abs(x**2 - 1) @ x=1 | -2 2
        relu(x) @ x=0 | 0 1
        relu(-x) @ x=0 | -1 0
        relu(x) + x @ x=0 | 1 2
        relu(x - 3) @ x=3 | 0 1
        relu(5*x) @ x=0 | 0 5
        relu(x)*exp(x) @ x=0 | 0 1
        relu(1 - x) @ x=1 | -1 0
        maximum(x, 1) @ x=1 | 0 1
        maximum(x, -x) @ x=0 | -1 1
        maximum(x, x**2) @ x=1 | 1 2
        maximum(x, 3*x) @ x=0 | 1 3
        minimum(x, 1) @ x=1 | 1 0
        minimum(x, x**2) @ x=1 | 2 1
        minimum(2*x, -x) @ x=0 | 2 -1
        clip(x, -1, 1) @ x=1 | 1 0
        clip(x, 0, 2) @ x=0 | 0 1
        where(x > 0, x, 0) @ x=0 | 0 1
        where(x > 0, x, 0.01*x) @ x=0 | 0.01 1
        where(x > 1, 3*x, x + 2) @ x=1 | 1 3
        where(x < 2, x**2, 4 + x - 2) @ x=2 | 4 1
        log(1 + abs(x)) @ x=0 | -1 1
        abs(x)**1.0 @ x=0 | -1 1
        maximum(x, y) @ x=1,y=1 | 1 0, 0 1, 0.5 0.5 ! 0 0, 1 1, 1.5 -0.5
        minimum(x, y) @ x=-2,y=-2 | 1 0, 0 1, 0.5 0.5 ! 0 0, 1 1, -0.5 1.5
        abs(x) + abs(y) @ x=0,y=0 | 0 0, 1 -1, 0.5 0.25 ! 1.5 0, 0 -2, 2 2
        abs(x - y) @ x=1,y=1 | 0 0, 1 -1, -1 1 ! 1 1, 2 -2, 0.5 0.5
        abs(x)*y @ x=0,y=2 | 0 0, 2 0, -2 0 ! 3 0, -2.5 0, 0 1
        maximum(2*x, y) @ x=1,y=2 | 2 0, 0 1, 1 0.5 ! 0 0, 2 1, 3 0
        sum(abs(v)) @ v=[0,1,0] | 0 1 0, 1 1 -1 ! 2 1 0, 0 0 0, 0 1 -1.5
        sum(relu(v)) @ v=[0,2,-1] | 0 1 0, 1 1 0, 0.5 1 0 ! -0.5 1 0, 2 1 0, 0 1 1
        max(v) @ v=[1,1,0] | 1 0 0, 0 1 0, 0.5 0.5 0 ! 0 0 0, 1 1 0, 0.5 0.5 0.5
        relu(w*x + b) @ w=1,x=1,b=-1 | 0 0 0, 1 1 1 ! 2 2 2, -1 -1 -1
        sqrt(x**2 + y**2) @ x=0,y=0 | 0 0, 0.6 0.8, 1 0 ! 1 1, 2 0, 0 -1.5
    """,
    "undefined": """
        sqrt(x) @ x=-1
        log(x) @ x=-1
        log(x) @ x=0
        log(x)*y @ x=-2,y=3
        0*log(x) @ x=0
        x*log(x) @ x=0
        x/x @ x=0
        sin(x)/x @ x=0
        1/x @ x=0
        1/(x - 1) @ x=1
        arcsin(x) @ x=1.5
        arccos(x) @ x=-2
        arccosh(x) @ x=0.5
        arctanh(x) @ x=2
        x**0.5 @ x=-4
        x**0.3 + 1 @ x=-1
        sqrt(x - y) @ x=1,y=2
        log(x - y) @ x=1,y=3
        log1p(x) @ x=-3
        exp(x) - exp(x) @ x=800
        exp(x)*exp(-x) @ x=800
        sqrt(sin(x)) @ x=4
        log(cos(x)) @ x=2
        sum(log(v)) @ v=[1,-1,2]
        sum(sqrt(v)) @ v=[1,4,-9]
        log(log(x)) @ x=0.5
        log2(x) @ x=-8
        log10(x) + x @ x=-1
        sqrt(1 - x**2) @ x=1.2
        (x - x)/(y - y) @ x=1,y=2
    """,
}  # fmt: skip

WELL_SCALED = ("one input", "several inputs", "arrays")
"""Categories of smooth functions whose values, gradients and points are of ordinary sizes."""

SMOOTH = (*WELL_SCALED, "scaled", "oscillating", "cancelling", "stationary", "near an edge", "near a kink")
"""Categories with one derivative, found by SymPy."""


def function(category: str, line: str) -> Function:
    """A line as a function."""
    body, _, gradients = line.partition(" | ")
    text, _, at = body.rpartition(" @ ")
    right, _, impossible = gradients.partition(" ! ")
    if impossible:
        return Function(category, text, at, vectors(right), vectors(impossible))
    if not right:
        return Function(category, text, at)
    (left, ahead) = map(float, right.split())
    low, high = min(left, ahead), max(left, ahead)
    gap = high - low
    beside = (high + 0.1 * gap, low - 0.1 * gap, high + 2 * gap, low - 10 * gap)
    return Function(category, text, at, ((left,), (ahead,), (low + 0.5 * gap,), (low + 0.3 * gap,)), tuple((g,) for g in beside))


def vectors(text: str) -> tuple[tuple[float, ...], ...]:
    """`1 0, 0 1` as vectors."""
    return tuple(tuple(map(float, one.split())) for one in text.split(","))


FUNCTIONS = [function(category, line.strip()) for category, block in TEXTS.items() for line in block.splitlines() if line.strip()]
