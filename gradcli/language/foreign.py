r"""What people of other tools type, and what it is here; `gradcli.language.cures` reads it where a text has failed.

A row is a line: what is ours, and after two blanks or more what others type for it. Blanks may be left out or added
there, `^` is also `**`, and a hole stands for

    <a> <b>        an operand: a number, a name, a call, a bracket
    <t>            the same with its powers, as in `sin 2x^2`
    <u>            such a one that is no bracket
    <x> <y> <z>    an argument, without a comma outside of its brackets
    <args> ...     any number of arguments; also <more>, <last>
    <start> <end>  nothing, at the start of a statement; where no operand follows
    <blank>        a blank that must be there
    <p>            a term: what `*`, `/` and `%` join
    <n>            a number without a sign; <m> a whole one; <r> one with a point
    <decimal>      one with a decimal comma, which becomes a point
    <words>        words to the end of the line, of which none has a value or is a function
    <s>            superscripts
    <d>            a digit
    <thousands>    digits with commas between, which become `_`
    <v> <w>        a name; <c> <g> a letter
    <k> <j>        a capital letter, as of a matrix; a small one
    <f>            the name of a function, by our name for it or that of others; it becomes ours
    <lib>          a library, with its parts after points
"""

from __future__ import annotations

# Functions that take the same arguments under other names: ours first. Capitals alone need no row.
NAMES = """
    sin sinf dsin  |  cos cosf dcos  |  log logf dlog alog logarithm reallog  |  jv bessel_j  |  yv bessel_y
    reciprocal recip  |  radians toRadians  |  degrees toDegrees  |  cbrt CubeRoot cuberoot cubert curt
    heaviside HeavisideTheta  |  iv bessel_i  |  kv bessel_k  |  lambertw lambert_w ProductLog
    tan tg  |  cot ctg cotg  |  atan arctg  |  csc cosec  |  sinh sh  |  cosh ch
    tanh th  |  asinh arsinh arsh  |  acosh arcosh arch  |  atanh artanh arth  |  log10 lg  |  log2 ld lb
    sqrt sqroot sqrtf dsqrt realsqrt WURZEL RACINE RAIZ  |  sign signum  |  ceil ceiling roundup  |  floor INT
    trunc int iPart IntegerPart  |  frac fPart FractionalPart fract
    abs magnitude fabsf cabs dabs  |  sigmoid logistic LogisticSigmoid plogis  |  logit qlogis
    relu Ramp  |  exp expf dexp exponential  |  atanh FISHER  |  tanh FISHERINV  |  ndtri qnorm NORMSINV
    factorial FACT fact
    binomial nchoosek nCr COMBIN choose comb  |  ndtr normcdf NORMSDIST Phi Φ
    norm_pdf normpdf normalpdf dnorm PHI  |  gamma Γ
    lgamma LogGamma GAMMALN  |  lgamma lnGamma  |  polygamma psigamma
    mean average avg MITTELWERT MOYENNE PROMEDIO  |  sum Total SUMME SOMME SUMA  |  std stdev STDEV sd
    det MDETERM  |  flip rev Reverse  |  rsqrt inversesqrt  |  softplus log1pexp
    inv Inverse MINVERSE  |  trace Tr  |  fmod rem  |  max fmax Max pmax  |  min fmin Min pmin  |  hypot pythag
"""

FORMULAS = r"""
    # words between and before operands
    <v> = <x>                  let <v> = <x>   var <v> = <x>   const <v> = <x>   double <v> = <x>   float <v> = <x>
    <a> % <b>                  <a> mod <b>   <a> MOD <b>   <a> Mod <b>   <a> %% <b>   <a> \bmod <b>
    fmod(<a>, <b>)             <a> rem <b>
    <x>                        <x> // N
    <f>(<x>)                   <x> // <f>   <x> |> <f>()   <x> |> <f>   @. <f>(<x>)
    floor(<p>/<b>)             <p> div <b>   <p> DIV <b>   <p> // <b>   <p> %/% <b>
    <a> @ <b>                  <a> %*% <b>
    max(<a>, <b>)              the maximum of <a> and <b>   maximum of <a> and <b>   max of <a> and <b>
    |                          the larger of <a> and <b>   the greater of <a> and <b>   larger of <a> and <b>
    min(<a>, <b>)              the minimum of <a> and <b>   minimum of <a> and <b>   min of <a> and <b>
    |                          the smaller of <a> and <b>   smaller of <a> and <b>
    (<a> + <b>)/2              the average of <a> and <b>   average of <a> and <b>   the mean of <a> and <b>
    |                          mean of <a> and <b>
    (<a>) != (<b>)             <a> xor <b>   <a> XOR <b>
    <a> and <b>                <a> AND <b>   <a> And <b>
    <a> or <b>                 <a> OR <b>   <a> Or <b>
    <a> + <b>                  <a> plus <b>
    <a> - <b>                  <a> minus <b>
    <a> == <b>                 <a> equals <b>   <a> is equal to <b>   <a> equal to <b>
    <a> > <b>                  <a> is greater than <b>   <a> greater than <b>
    <a> < <b>                  <a> is less than <b>   <a> less than <b>
    <a> != <b>                 <a> is not <b>
    <a> == <b>                 <a> is <b>
    <a> + <b>                  the sum of <a> and <b>   sum of <a> and <b>
    <a> - <b>                  the difference of <a> and <b>   difference of <a> and <b>
    <a>*<b>                    the product of <a> and <b>   product of <a> and <b>   <a> multiplied by <b>
    <a>/<b>                    the quotient of <a> and <b>   quotient of <a> and <b>
    <a>*<b>                    <a> times <b>
    <a>/<b>                    <a> divided by <b>   <a> over <b>   <a> \div <b>
    <a>^<n>                    <a> to the <n>th power   <a> to the <n>rd power   <a> to the <n>nd power
    <a>^<m>                    <a> to the power of <m>   <a> to the power <m>   <a> raised to the power <m>
    <a>^4                      <a> to the fourth
    <a>^<b>                    <a> raised to the power of <b>   <a> raised to the power <b>   <a> raised to <b>
    |                          <a> to the power of <b>   <a> to the power <b>   <a> to the <b>
    <a>^2                      the square of <a>   square of <a>   <a> squared
    <a>^3                      the cube of <a>   cube of <a>   <a> cubed
    (<t>)^(1/<n>)              the <n>th root of <t>   <n>th root of <t>
    log(<t>, <n>)              log base <n> of <t>
    2*<b>                      twice <b>   double <b>
    0.5*<b>                    half of <b>   half <b>
    0.5                        one half
    -<b>                       negative <b>
    -<u>                       <start>minus <u>
    factorial(<a>)             <a> factorial
    abs(<t>)                   the absolute value of <t>   absolute value of <t>
    sin(<t>)                   the sine of <t>   sine of <t>
    cos(<t>)                   the cosine of <t>   cosine of <t>
    tan(<t>)                   the tangent of <t>   tangent of <t>
    log(<t>)                   the natural logarithm of <t>   natural logarithm of <t>   natural log of <t>
    binomial(<a>, <b>)         <a> nCr <b>   <a> choose <b>
    sqrt(<t>)                  the square root of <t>   square root of <t>   square root <t>   <start>²√<t>
    cbrt(<t>)                  the cube root of <t>   cube root of <t>   ∛<t>   ³√<t>
    root(<t>, 4)               ∜<t>   ⁴√<t>
    root(<t>, 5)               ⁵√<t>
    root(<t>, 6)               ⁶√<t>
    root(<t>, <n>)             <n>ˣ√<t>   <n> ˣ√ <t>
    root(<t>, x)               ˣ√<t>
    root(<t>, n)               ⁿ√<t>
    <v>*sqrt(<t>)              <v>√<t>
    sqrt(<t>)                  √<t>
    <f>(<t>)                   the <f> of <t>   <f> of <t>
    radians(<a>)               <a> Degree   Degree*<a>   <a>*Degree   <a>°   <a> deg   <a> degrees
    |                          <a>^\circ   <a>^{\circ}
    <n>/100*<a>                <n>% of <a>   <n> percent of <a>
    <n>/100                    <n>%   <n> percent   <n>\%
    <a>/100                    <a>%<end>
    <n>/1000                   <n>‰
    <n>*<b>                    <n> of <b>

    # choices
    where(<x>, <y>, <z>)       if(<x>, <y>, <z>)   IF(<x>, <y>, <z>)   If[<x>, <y>, <z>]   ifelse(<x>, <y>, <z>)
    |                          iif(<x>, <y>, <z>)   IIF(<x>, <y>, <z>)   cond(<x>, <y>, <z>)   IF(<x>; <y>; <z>)
    |                          ITE(<x>, <y>, <z>)   WENN(<x>; <y>; <z>)   SI(<x>; <y>; <z>)
    |                          Which[<x>, <y>, True, <z>]   IFS(<x>, <y>, TRUE, <z>)   IFS(<x>; <y>; TRUE; <z>)
    where(<x>, <y>, 0)         IF(<x>, <y>)   IF(<x>; <y>)   if(<x>, <y>)   if(<x>; <y>)   WENN(<x>; <y>)   SI(<x>; <y>)
    where(<x>, <y>, nan)       If[<x>, <y>]   Which[<x>, <y>]   IFS(<x>, <y>)   IFS(<x>; <y>)
    where(<x>, 1, 0)           Boole[<x>]
    where(<y>, <x>, <z>)       Piecewise((<x>, <y>), (<z>, True))   Piecewise((<x>, <y>), (<z>, true))
    |                          Piecewise[{{<x>, <y>}}, <z>]
    where(<y>, <x>, nan)       Piecewise((<x>, <y>))
    where(<y>, <x>, 0)         Piecewise[{{<x>, <y>}}]
    where(<y>, <x>, Piecewise(<args>))   Piecewise((<x>, <y>), <args>)
    where(<y>, <x>, Piecewise[{<args>}])   Piecewise[{{<x>, <y>}, <args>}]
    where(<y>, <x>, Piecewise[{<args>}, <z>])   Piecewise[{{<x>, <y>}, <args>}, <z>]
    where(<x>, <y>, IFS(<args>))   IFS(<x>, <y>, <args>)   IFS(<x>; <y>; <args>)
    where(<x>, <y>, Which[<args>])   Which[<x>, <y>, <args>]
    (<y>) if <x> else (<z>)    if <x> then <y> else <z>   if <x>: <y> else: <z>   <x> ? <y> : <z>
    |                          if (<x>) {<y>} else {<z>}   if <x> {<y>} else {<z>}   if (<x>) <y> else <z>
    (<y>) if <x> else nan      if <x> then <y>
    <a> if <b>                 <a> IF <b>
    <a> else <b>               <a> ELSE <b>

    # functions that are formulas here
    <a>^((<x>)/(<y>))          <a>^\frac{<x>}{<y>}   <a>^\dfrac{<x>}{<y>}   <a>^\tfrac{<x>}{<y>}
    <a>^(<d>/2)                <a>^\frac<d>2
    <a>^(<d>/3)                <a>^\frac<d>3
    (<x>)/(<y>)                \frac{<x>}{<y>}   \dfrac{<x>}{<y>}   \tfrac{<x>}{<y>}   \cfrac{<x>}{<y>}
    |                          Rational(<x>, <y>)   rdivide(<x>, <y>)   Divide[<x>, <y>]
    |                          mrdivide(<x>, <y>)   <lib>.Rational(<x>, <y>)
    (<c>/<g>)                  \frac <c><g>
    ((<x>)/(<y>))              {<x> \over <y>}
    binomial(<x>, <y>)         {<x> \choose <y>}   \dbinom{<x>}{<y>}   \tbinom{<x>}{<y>}
    <d>/2                      \frac<d>2   \tfrac<d>2   \dfrac<d>2
    <d>/3                      \frac<d>3   \tfrac<d>3   \dfrac<d>3
    <d>/4                      \frac<d>4   \tfrac<d>4   \dfrac<d>4
    (<x>)*(<y>)                times(<x>, <y>)   Times[<x>, <y>]   mtimes(<x>, <y>)
    (<x>) + (<y>)              plus(<x>, <y>)   Plus[<x>, <y>]
    (<x>) - (<y>)              minus(<x>, <y>)
    -(<x>)                     Minus[<x>]   uminus(<x>)
    <y>/<x>                    ldivide(<x>, <y>)   mldivide(<x>, <y>)
    <b>/<p>                    <p>.\<b>
    sinc(<x>/pi)               Sinc[<x>]   sympy.sinc(<x>)   sp.sinc(<x>)
    atan2(<y>, <x>)            ATAN2(<x>; <y>)   ARCTAN2(<x>; <y>)
    sum({<args>}*{<more>})     {<args>}.{<more>}
    sum((<x>)*(<y>))           Dot[<x>, <y>]   SUMPRODUCT(<x>, <y>)   SUMPRODUCT(<x>; <y>)
    sqrt(pi*(<x>))             SQRTPI(<x>)
    ndtr(<x>)                  NORM.S.DIST(<x>, TRUE)   NORM.S.DIST(<x>; TRUE)   NORM.S.DIST(<x>, 1)
    norm_pdf(<x>)              NORM.S.DIST(<x>, FALSE)   NORM.S.DIST(<x>; FALSE)   NORM.S.DIST(<x>, 0)
    ndtri(<x>)                 NORM.S.INV(<x>)
    ndtr(<x>)                  pnorm(<x>)
    ndtr(<x>) - 0.5            GAUSS(<x>)
    ndtr((<x> - <y>)/<z>)      NORM.DIST(<x>, <y>, <z>, TRUE)   NORM.DIST(<x>, <y>, <z>, 1)
    |                          NORMDIST(<x>, <y>, <z>, TRUE)   pnorm(<x>, mean=<y>, sd=<z>)
    norm_pdf((<x> - <y>)/<z>)/<z>   NORM.DIST(<x>, <y>, <z>, FALSE)   NORM.DIST(<x>, <y>, <z>, 0)   dnorm(<x>, <y>, <z>)
    |                          NORMDIST(<x>, <y>, <z>, FALSE)   dnorm(<x>, mean=<y>, sd=<z>)
    betainc(<y>, <z>, <x>)     BETA.DIST(<x>, <y>, <z>, TRUE)   pbeta(<x>, <y>, <z>)
    jv(<y>, <x>)               BESSELJ(<x>, <y>)   besselJ(<x>, <y>)
    yv(<y>, <x>)               BESSELY(<x>, <y>)   besselY(<x>, <y>)
    iv(<y>, <x>)               BESSELI(<x>, <y>)   besselI(<x>, <y>)
    kv(<y>, <x>)               BESSELK(<x>, <y>)   besselK(<x>, <y>)
    np.std(<x>)                STDEV.P(<x>)   STDEVP(<x>)
    np.var(<x>)                VAR.P(<x>)   VARP(<x>)
    std(<x>)                   STDEV.S(<x>)
    var(<x>)                   VAR.S(<x>)
    log(binomial(<x>, <y>))    lchoose(<x>, <y>)
    lgamma(<x> + 1)            lfactorial(<x>)
    gammaincc(<x>, <y>)*gamma(<x>)   uppergamma(<x>, <y>)   Gamma[<x>, <y>]
    gammainc(<x>, <y>)*gamma(<x>)    lowergamma(<x>, <y>)
    gamma(<x> + <y>)/gamma(<x>)   rf(<x>, <y>)   RisingFactorial(<x>, <y>)   poch(<x>, <y>)   Pochhammer[<x>, <y>]
    gamma(<x> + 1)/gamma(<x> - <y> + 1)   ff(<x>, <y>)   FallingFactorial(<x>, <y>)   FactorialPower[<x>, <y>]
    digamma(<x>)               PolyGamma[<x>]
    <x>*<y> + <z>              muladd(<x>, <y>, <z>)   fma(<x>, <y>, <z>)
    where(<y> < 0, -abs(<x>), abs(<x>))   copysign(<x>, <y>)   math.copysign(<x>, <y>)
    (<x>) == (<y>)             isequal(<x>, <y>)   KroneckerDelta[<x>, <y>]
    not (<x>)                  Not[<x>]
    sum(<x> != 0)              nnz(<x>)
    count(<x>)                 numel(<x>)
    trunc(<x> + sign(<x>)/2)   nint(<x>)   anint(<x>)   NINT(<x>)   lround(<x>)
    trunc(<x>/<y> + sign(<x>)/2)*<y>   MROUND(<x>, <y>)   MROUND(<x>; <y>)
    trunc(<x>*10^<y> + sign(<x>)/2)/10^<y>   ROUND(<x>, <y>)   ROUND(<x>; <y>)   RUNDEN(<x>; <y>)   ARRONDI(<x>; <y>)
    sign(<x>)*ceil(abs(<x>)*10^<y>)/10^<y>   ROUNDUP(<x>, <y>)   ROUNDUP(<x>; <y>)
    floor(<x>)                 floor(Int, <x>)
    ceil(<x>)                  ceil(Int, <x>)
    round(<x>)                 round(Int, <x>)
    trunc(<x>)                 trunc(Int, <x>)
    ndtr(<y>) - ndtr(<x>)      normalcdf(<x>, <y>)
    lgamma(<x>)                GAMMALN.PRECISE(<x>)
    erf(<x>)                   ERF.PRECISE(<x>)
    erfc(<x>)                  ERFC.PRECISE(<x>)
    erf(<y>) - erf(<x>)        erf2(<x>, <y>)   Erf[<x>, <y>]   ERF(<x>, <y>)   ERF(<x>; <y>)
    2^(<x>/2)*gamma(<x>/2 + 1)*where(<x> % 2, sqrt(2/pi), 1)   factorial2(<x>)   Factorial2[<x>]   FACTDOUBLE(<x>)
    |                          scipy.special.factorial2(<x>)
    (<x>)[[1, 2, 0]]*(<y>)[[2, 0, 1]] - (<x>)[[2, 0, 1]]*(<y>)[[1, 2, 0]]   cross(<x>, <y>)   np.cross(<x>, <y>)
    |                          torch.cross(<x>, <y>)   Cross[<x>, <y>]
    where(abs(<x>) < inf, <x>, <y>)   IFERROR(<x>, <y>)   IFERROR(<x>; <y>)
    <x>*<z> + <y>              polyval([<x>, <y>], <z>)   np.polyval([<x>, <y>], <z>)
    polyval([<args>], <z>)*<z> + <y>   polyval([<args>, <y>], <z>)   np.polyval([<args>, <y>], <z>)
    sum((<x>)[1:] + (<x>)[:-1])/2   trapz(<x>)   trapezoid(<x>)   np.trapz(<x>)
    |                          np.trapezoid(<x>)   torch.trapezoid(<x>)
    sqrt(mean((<x>)^2))        rms(<x>)   RootMeanSquare[<x>]
    exp(mean(log(<x>)))        GEOMEAN(<x>)   GeometricMean[<x>]
    1/mean(1/(<x>))            HARMEAN(<x>)   HarmonicMean[<x>]
    mean(abs(<x> - mean(<x>)))   AVEDEV(<x>)
    sum((<x> - mean(<x>))^2)   DEVSQ(<x>)
    max(<x>) - min(<x>)        ptp(<x>)   np.ptp(<x>)
    quantile(<x>, <y>)         PERCENTILE(<x>, <y>)   PERCENTILE(<x>; <y>)
    quantile(<x>, <y>/100)     np.percentile(<x>, <y>)
    sum((<x>)^2)               sumsq(<x>)   SUMSQ(<x>)
    sum(((<x>) - (<y>))^2)     SUMXMY2(<x>, <y>)
    sum((<x>)^2 - (<y>)^2)     SUMX2MY2(<x>, <y>)
    sum((<x>)^2 + (<y>)^2)     SUMX2PY2(<x>, <y>)
    (<x>) @ (<y>)              MMULT(<x>, <y>)   MMULT(<x>; <y>)
    outer(<a>, <b>)            <a> %o% <b>
    sum(<x>, 1)                rowSums(<x>)
    sum(<x>, 0)                colSums(<x>)
    mean(<x>, 1)               rowMeans(<x>)
    mean(<x>, 0)               colMeans(<x>)
    1/sind(<x>)                cscd(<x>)
    1/cosd(<x>)                secd(<x>)
    1/tand(<x>)                cotd(<x>)
    sin((<x>)/2)^2             haversine(<x>)   hav(<x>)   Haversine[<x>]
    2*sin((<x>)/2)^2           versin(<x>)
    -2*sin((<x>)/2)^2          cosm1(<x>)
    2*atan(tanh((<x>)/2))      gd(<x>)   Gudermannian[<x>]
    polygamma(<x>, <y>)        psi(<x>, <y>)
    digamma(<x> + 1) + 0.5772156649015329   harmonic(<x>)   HarmonicNumber[<x>]
    binomial(2*(<x>), <x>)/(<x> + 1)   catalan(<x>)   CatalanNumber[<x>]
    expint(1, <x>)             E1(<x>)   exp1(<x>)
    1/gamma(<x>)               rgamma(<x>)
    -xlogy(<x>, <x>)           entr(<x>)
    xlogy(<x>, <x>)            xlogx(<x>)
    xlogy(<x>, (<x>)/(<y>))    rel_entr(<x>, <y>)
    xlogy(<x>, (<x>)/(<y>)) - <x> + <y>   kl_div(<x>, <y>)
    log(-expm1(<x>))           log1mexp(<x>)
    log(expm1(<x>))            logexpm1(<x>)
    10^(<x>)                   pow10(<x>)
    <x>*2^(<y>)                ldexp(<x>, <y>)   scalbn(<x>, <y>)   math.ldexp(<x>, <y>)   np.ldexp(<x>, <y>)
    max(<x> - (<y>), 0)        fdim(<x>, <y>)
    (<x>) - (<x>) == 0         isfinite(<x>)   is.finite(<x>)   math.isfinite(<x>)   np.isfinite(<x>)
    |                          torch.isfinite(<x>)
    abs(<x>) == inf            isinf(<x>)   is.infinite(<x>)   math.isinf(<x>)   np.isinf(<x>)   torch.isinf(<x>)
    not ((<x>) and (<y>))      Nand(<x>, <y>)
    not ((<x>) or (<y>))       Nor(<x>, <y>)
    not (<x>) or (<y>)         Implies(<x>, <y>)
    (<x>) == 0                 DELTA(<x>)
    (<x>) == (<y>)             DELTA(<x>, <y>)   DELTA(<x>; <y>)
    (<x>) >= 0                 GESTEP(<x>)
    (<x>) >= (<y>)             GESTEP(<x>, <y>)   GESTEP(<x>; <y>)
    (<x>) - (<y>)              Subtract[<x>, <y>]
    clamp(<x>, 0, 1)           saturate(<x>)   clamp01(<x>)
    leaky_relu(<x>, <y>)       prelu(<x>, <y>)   F.prelu(<x>, <y>)
    1.0507009873554805*elu(<x>, 1.6732632423543772)   selu(<x>)   F.selu(<x>)
    mean(abs((<x>) - (<y>)))   l1_loss(<x>, <y>)   F.l1_loss(<x>, <y>)
    sum((<x>)*(<y>))/(norm(<x>)*norm(<y>))   cosine_similarity(<x>, <y>)   F.cosine_similarity(<x>, <y>)
    <x> + (<y>)*(<z>)          addcmul(<x>, <y>, <z>)   torch.addcmul(<x>, <y>, <z>)
    <y> + <z>*ndtri(<x>)       NORM.INV(<x>, <y>, <z>)   NORMINV(<x>, <y>, <z>)   qnorm(<x>, <y>, <z>)
    (<x> - <y>)/<z>            STANDARDIZE(<x>, <y>, <z>)
    -expm1(-(<x>)*(<y>))       EXPON.DIST(<x>, <y>, TRUE)   pexp(<x>, <y>)
    (<y>)*exp(-(<x>)*(<y>))    EXPON.DIST(<x>, <y>, FALSE)   dexp(<x>, <y>)
    exp(<x>*log(<y>) - <y> - lgamma(<x> + 1))   POISSON.DIST(<x>, <y>, FALSE)   dpois(<x>, <y>)
    binomial(<y>, <x>)*(<z>)^(<x>)*(1 - <z>)^(<y> - <x>)   BINOM.DIST(<x>, <y>, <z>, FALSE)   dbinom(<x>, <y>, <z>)
    ceil(<x>)                  CEILING.MATH(<x>)
    floor(<x>)                 FLOOR.MATH(<x>)
    ceil((<x>)/(<y>))*(<y>)    CEILING(<x>, <y>)   CEILING(<x>; <y>)   CEILING.MATH(<x>, <y>)
    floor((<x>)/(<y>))*(<y>)   FLOOR(<x>, <y>)   FLOOR(<x>; <y>)   FLOOR.MATH(<x>, <y>)
    trunc(<x>*10^<y>)/10^<y>   ROUNDDOWN(<x>, <y>)   ROUNDDOWN(<x>; <y>)   TRUNC(<x>, <y>)
    clamp(<x>, <y>, <z>)       Clip[<x>, {<y>, <z>}]
    (<x>) != (<y>)             XOR(<x>, <y>)   XOR(<x>; <y>)   xor(<x>, <y>)   Xor[<x>, <y>]
    (<x>)^(<y>)                Pow(<x>, <y>)   Power[<x>, <y>]   realpow(<x>, <y>)   powf(<x>, <y>)   powi(<x>, <y>)
    (<x>)^2                    sqr(<x>)   SQR(<x>)   sq(<x>)   abs2(<x>)
    (<x>)^3                    cube(<x>)
    (<x>) and (<y>)            And(<x>, <y>)   and(<x>, <y>)   AND(<x>, <y>)   AND(<x>; <y>)   And[<x>, <y>]
    (<x>) or (<y>)             Or(<x>, <y>)   or(<x>, <y>)   OR(<x>, <y>)   OR(<x>; <y>)   Or[<x>, <y>]
    round(<x>*10^<y>)/10^<y>   round(<x>, <y>)   Round(<x>, <y>)
    floor((<x>)/(<y>))         floor_divide(<x>, <y>)   idivide(<x>, <y>)   fld(<x>, <y>)   Quotient[<x>, <y>]
    ceil((<x>)/(<y>))          cld(<x>, <y>)
    trunc((<x>)/(<y>))         quotient(<x>, <y>)   QUOTIENT(<x>, <y>)
    sqrt(<x>)                  √{<x>}   \sqrt{<x>}
    sqrt(<d>)                  \sqrt<d>
    cbrt(<x>)                  \sqrt[3]{<x>}
    (<y>)^(1/(<x>))            \sqrt[<x>]{<y>}
    log(<t>, <n>)              log_<n> <t>   \log_<n> <t>   \log_{<n>} <t>
    log(<x>, <y>)              logb(<x>, <y>)   LOG(<x>, <y>)
    log(<y>, <x>)              Log[<x>, <y>]   \log_{<x>}(<y>)   logBASE(<y>, <x>)
    factorial(<x>)/factorial(<x> - <y>)   nPr(<x>, <y>)   PERMUT(<x>, <y>)
    factorial(<a>)/factorial(<a> - <b>)   <a> nPr <b>
    max(<a>, <b>)              max <a>, <b>
    min(<a>, <b>)              min <a>, <b>
    atan2(<a>, <b>)            atan2 <a> <b>
    binomial(<x>, <y>)         \binom{<x>}{<y>}   C(<x>, <y>)
    polygamma(1, <x>)          trigamma(<x>)
    norm([<x>, <y>, <z>])      hypot(<x>, <y>, <z>)   math.hypot(<x>, <y>, <z>)
    norm(<x> - (<y>))          dist(<x>, <y>)   math.dist(<x>, <y>)   torch.dist(<x>, <y>)
    (<x>) != (<x>)             isnan(<x>)   is.na(<x>)   is.nan(<x>)   math.isnan(<x>)
    |                          np.isnan(<x>)   torch.isnan(<x>)
    (<x>) + (<z>)*((<y>) - (<x>))   lerp(<x>, <y>, <z>)   torch.lerp(<x>, <y>, <z>)   mix(<x>, <y>, <z>)
    clamp(<x>, 0, 6)           relu6(<x>)   F.relu6(<x>)
    clamp(<x>, -1, 1)          hardtanh(<x>)   F.hardtanh(<x>)
    clamp(<x>, <y>, <z>)       hardtanh(<x>, <y>, <z>)   F.hardtanh(<x>, <y>, <z>)
    length(<x>)                len(<x>)
    count(<a>)                 <a>.size
    softplus((<y>)*(<x>))/(<y>)   softplus(<x>, beta=<y>)   F.softplus(<x>, beta=<y>)   softplus(<x>, <y>)
    |                          F.softplus(<x>, <y>)
    elu(<x>)                   celu(<x>)   F.celu(<x>)
    (<y>)*elu((<x>)/(<y>))     celu(<x>, <y>)   F.celu(<x>, <y>)
    (<x>)*tanh(softplus(<x>))   mish(<x>)   F.mish(<x>)
    (<x>)*clamp((<x>) + 3, 0, 6)/6   hardswish(<x>)   F.hardswish(<x>)
    clamp((<x>) + 3, 0, 6)/6   hardsigmoid(<x>)   F.hardsigmoid(<x>)
    (<x>) - tanh(<x>)          tanhshrink(<x>)   F.tanhshrink(<x>)
    sum(<x>)                   fsum(<x>)   math.fsum(<x>)
    atan2(<y>, <x>)            ArcTan[<x>, <y>]   atan(<y>, <x>)   arctan(<y>, <x>)
    degrees(asin(<x>))         asind(<x>)
    degrees(acos(<x>))         acosd(<x>)
    degrees(atan(<x>))         atand(<x>)
    heaviside(<x>, 1)          UnitStep[<x>]   unitstep(<x>)   step(<x>)
    ndtr(<x>)                  scipy.stats.norm.cdf(<x>)   stats.norm.cdf(<x>)   norm.cdf(<x>)
    norm_pdf(<x>)              scipy.stats.norm.pdf(<x>)   stats.norm.pdf(<x>)   norm.pdf(<x>)
    mean([<x>, <y>])           AVERAGE(<x>; <y>)
    mean([<x>, <y>, <z>])      AVERAGE(<x>; <y>; <z>)
    sum([<x>, <y>])            SUM(<x>; <y>)
    sum([<x>, <y>, <z>])       SUM(<x>; <y>; <z>)
    prod([<x>, <y>])           PRODUCT(<x>; <y>)
    median([<x>, <args>])      MEDIAN(<x>, <args>)
    median([<x>, <y>, <z>])    MEDIAN(<x>; <y>; <z>)
    mean([<x>, <args>])        AVERAGE(<x>, <args>)   avg(<x>, <args>)
    sum([<x>, <args>]^2)       SUMSQ(<x>, <args>)   sumsq(<x>, <args>)
    sum([<x>, <args>])         SUM(<x>, <args>)
    prod([<x>, <args>])        PRODUCT(<x>, <args>)

    # functions with powers, bars, other brackets or none
    asin(<t>)                  sin^-1 <t>   sin^(-1) <t>   sin⁻¹ <t>   \sin^{-1} <t>
    acos(<t>)                  cos^-1 <t>   cos^(-1) <t>   cos⁻¹ <t>   \cos^{-1} <t>
    atan(<t>)                  tan^-1 <t>   tan^(-1) <t>   tan⁻¹ <t>   \tan^{-1} <t>
    asinh(<t>)                 sinh^-1 <t>   sinh^(-1) <t>   sinh⁻¹ <t>   \sinh^{-1} <t>
    acosh(<t>)                 cosh^-1 <t>   cosh^(-1) <t>   cosh⁻¹ <t>   \cosh^{-1} <t>
    atanh(<t>)                 tanh^-1 <t>   tanh^(-1) <t>   tanh⁻¹ <t>   \tanh^{-1} <t>
    <f>(<t>)^<n>               <f>^<n> <t>   \<f>^<n> <t>   \<f>^{<n>} <t>
    <f>(<x>)^<n>               \<f>^<n>{<x>}   \<f>^{<n>}{<x>}
    <f>(<t>)<s>                <f><s> <t>
    exp(<t>)                   exp^<t>
    <f>(abs(<x>))              <f>|<x>|
    <f>(<args>)                <f>[<args>]   <f>(<args>)   <f>{<args>}   \<f>(<args>)   \<f>{<args>}   <f>.(<args>)
    |                          \<f>\{<args>\}   \<f>\left\{<args>\right\}
    <f>(<x>, <y>)              <f>(<x>; <y>)
    <f>(<x>, <y>, <z>)         <f>(<x>; <y>; <z>)
    <f>(<u>)                   <f> <u>   \<f> <u>   <f>@<u>
    norm(<x>)                  ‖<x>‖   ||<x>||   \|<x>\|
    abs(<x>)                   |<x>|   \lvert <x> \rvert   \left|<x>\right|   \vert <x> \vert
    floor(<x>)                 ⌊<x>⌋   \lfloor <x> \rfloor   \left\lfloor <x> \right\rfloor
    ceil(<x>)                  ⌈<x>⌉   \lceil <x> \rceil   \left\lceil <x> \right\rceil

    # signs
    <a>.T                      <a>.T()   <a>.'   <a>^\top   <a>^{\top}   <a>^{T}
    <a>^(<x>)                  <a>^{<x>}
    <v>_<n>                    <v>_{<n>}
    <v>_hat                    \hat{<v>}   \widehat{<v>}
    <v>_bar                    \bar{<v>}   \overline{<v>}
    <v>_tilde                  \tilde{<v>}
    <v>                        \vec{<v>}
    ^                          .^
    +                          .+
    -                          .-
    *                          ⊗   .*   \cdot   \times   \ast   \,   \;   \!   \quad
    /                          ./
    ==                         ===   = =   .eq.   ≙   ≡   ≟   ⩵
    !=                         ⊻   ⊕   <>   ~=   =!=   .ne.   \ne   \neq
    >=                         =>   \ge   \geq   \geqslant   .ge.
    <=                         =<   \le   \leq   \leqslant   .le.
    >                          .gt.   \gt
    <                          .lt.   \lt
    and                        &&   &   ∧   .and.   \land   \wedge
    or                         ||   |   ∨   .or.   \lor   \vee
    not                        !   ~   ¬   .not.   NOT   Not   \neg   \lnot
    (                          \left\{   \left[   \left(   \big(   \Big(   \bigl(   \Bigl(
    )                          \right\}   \right]   \right)   \big)   \Big)   \bigr)   \Bigr)

    # numbers and constants
    <decimal>                  <decimal>
    <thousands>                <thousands>
    <n>e<m>                    <n>*^<m>   <n> EE <m>   <n> E <m>   <n> e <m>   <n>ᴇ<m>   <n>⏨<m>
    |                          <n>x10^<m>   <n> x 10^<m>   <n>x10^(<m>)   <n>x10^{<m>}
    <n>e-<m>                   <n>ᴇ−<m>   <n>ᴇ⁻<m>   <n>E−<m>
    <n>*10<s>                  <n>x10<s>   <n> x 10<s>
    <n>*<m>                    <n> x <m>   <n> X <m>
    binomial(<n>, <m>)         <n>C<m>
    factorial(<n>)/factorial(<n> - <m>)   <n>P<m>
    -<n>                       ⁻<n>
    <r>                        <r>f0   <r>f   <r>F   <r>d0   <r>`
    <n>                        <n>f0   <n>L
    <n>                        S(<n>)
    1                          TRUE   True   true   .true.
    0                          FALSE   False   false   .false.
    (<n> + 0.5)                <n>½
    (<n> + 0.25)               <n>¼
    (<n> + 0.75)               <n>¾
    0.5                        ½   S.Half   sympy.S.Half   sp.S.Half
    0.25                       ¼
    0.75                       ¾
    (<n> + 1/3)                <n>⅓
    (<n> + 2/3)                <n>⅔
    (1/3)                      ⅓
    (2/3)                      ⅔
    (1/6)                      ⅙
    0.2                        ⅕
    0.4                        ⅖
    0.6                        ⅗
    0.8                        ⅘
    0.125                      ⅛
    0.375                      ⅜
    0.625                      ⅝
    0.875                      ⅞
    <n>π*<v>                   <n>π<v>
    π*<v>                      π<v>
    0.5772156649015329         %gamma   EulerGamma
    1.618033988749895          %phi   GoldenRatio
    pi/2                       M_PI_2
    pi/4                       M_PI_4
    1/pi                       M_1_PI
    2/pi                       M_2_PI
    2/sqrt(pi)                 M_2_SQRTPI
    sqrt(2)                    M_SQRT2   Math.SQRT2
    sqrt(0.5)                  M_SQRT1_2   Math.SQRT1_2
    log(2)                     M_LN2   Math.LN2
    log(10)                    M_LN10   Math.LN10
    1/log(2)                   M_LOG2E   Math.LOG2E
    1/log(10)                  M_LOG10E   Math.LOG10E
    pi                         Pi   \[Pi]   PI()   pi()   %pi   \pi   M_PI   S.Pi   <lib>.S.Pi   <lib>.pi   <lib>.PI
    e                          \[ExponentialE]   %e   M_E   <lib>.e   <lib>.E
    inf                        \[Infinity]   Infinity   Inf   ∞   \infty   oo   <lib>.inf   <lib>.Inf   <lib>.oo
    [[<args>], [<more>], [<last>]]   [<args>; <more>; <last>]
    [[<args>], [<more>]]       [<args>; <more>]
    [<args><a>, <b>            [<args> <a> <b>
    [<args>]                   c(<args>)
    [<x>, <args>]              {<x>, <args>}
    (<x>)                      {<x>}

    # statements
    <v>(<w>) = <x>; <v>(<w>)   <v>[<w>_] := <x>   def <v>(<w>): return <x>
    <v>(<w>) = <x>             <v>(<w>) := <x>   <v> = @(<w>) <x>   <v> = lambda <w>: <x>   <v> = function(<w>) <x>
    <v>(<w>) = <x>; <v>(<w>)   def <v>(<w>): <x>
    (-<a>)^<b>                 <start>= -<a>^<b>
    <x>                        lambda <v>: <x>   lambda <v>, <w>: <x>   function(<args>) <x>   @(<args>) <x>
    |                          <v> -> <x>   <v> → <x>   <v> ↦ <x>
    |                          return <x>   begin <x> end   <start>\(<args>) <x>   Float64(<x>)
    |                          print(<x>)   N[<x>]   float64(<x>)   constant(<x>)   sympify(<x>)
    |                          N(<x>)   re(<x>)   Re(<x>)   real(<x>)   Matrix(<x>)
    |                          “<x>”   ‘<x>’   „<x>“   «<x>»
    |                          float(<x>)   Float(<x>)   Integer(<x>)   Rational(<x>)
    |                          $<x>$   '<x>'   "<x>"   `<x>`   \(<x>\)   \[<x>\]   <x>$<end>   <start>= <x>
    |                          \mathrm{<x>}   \operatorname{<x>}   \mathbf{<x>}   \text{<x>}   \displaystyle <x>
    <v>                        <lib>.Symbol('<v>')   <lib>.Symbol("<v>")   Symbol('<v>')   Symbol("<v>")   \[<v>]
    <a>                        <a>.evalf()   <a>.n()   <a>.doit()
    <b>                        (double) <b>   (float) <b>
    trunc(<b>)                 (int) <b>
    <f>                        <lib>.<f>   <lib>::<f>
    <v>(                       <lib>.<v>(   <lib>::<v>(
    solve([<args>], <b>)       [<args>]\<b>
    solve(<k>, <j>)            <k>\<j>
    <b>/<p>                    <p>\<blank><b>
    <g>/<p>                    <p>\<g>
    <n>/<p>                    <p>\<n>
    (<x>)/<p>                  <p>\(<x>)
    <v>                        \<v>   <v>::<w>
    <v> = <x>                  <v> ≔ <x>   <v> := <x>   <start><v><blank><- <x>   <start><v> : <x>
    <v> = <v> + <x>            <v> += <x>
    <v> = <v> - (<x>)          <v> -= <x>
    <v> = <v>*(<x>)            <v> *= <x>
    <v> = <v>/(<x>)            <v> /= <x>
    <v> = <v>^(<x>)            <v> ^= <x>
    <v> = <v> + 1              <v>++

    # characters that only look like ours
    Δ                          ∆
    -                          ➖   ‐   ‑   ‒   –   —   ―   －   ﹣
    +                          ＋   ➕
    *                          ＊   ⁎   ⨯   ✕   •   ⨉   ✖   ⋆   ⊙
    /                          ／   ⁄   ∶   ➗
    ^                          ＾   ˆ   ↑
    %                          ％
    =                          ＝
    (                          （
    )                          ）
    [                          ［   【
    ]                          ］   】
    ,                          ，   、
    ;                          ；
    .                          ．
    <                          ＜   ≪
    >                          ＞   ≫
    <=                         ≦   ⩽   ≲
    >=                         ≧   ⩾   ≳
"""

# Where a text has begun to be read, as LaTeX and Mathematica write it.
PRODUCT = "(<x>)*(<y>)    (<x>)(<y>)\n<a>*<b>    <a> <b>"

# Where brackets follow what is no function.
FACTOR = "<v>*(<x>)    <v>(<x>)"

# What stands before names of theirs.
LIBRARIES = (
    "tf keras K Math math mpmath mp sympy sp cmath cupy cp scipy stats jax nn std decimal numexpr ne theano tt pt "
    "casadi ca autograd anp xp mx onp lax mnp pm tfp sps sc special optax flax numpy np torch"
)
