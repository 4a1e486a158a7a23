r"""What people of other tools type, and what it is here; `gradcli.language.cures` reads it where a text has failed.

A row is a line: what is ours, and after two blanks or more what others type for it. Blanks may be left out or added
there, `^` is also `**`, and a hole stands for

    <a> <b>        an operand: a number, a name, a call, a bracket
    <t>            the same with its powers, as in `sin 2x^2`
    <u>            such a one that is no bracket
    <x> <y> <z>    an argument, without a comma outside of its brackets
    <args> ...     any number of arguments; also <more>, <last>
    <start>        nothing, at the start of a statement
    <blank>        a blank that must be there
    <p>            a term: what `*`, `/` and `%` join
    <n>            a number without a sign; <m> a whole one; <r> one with a point
    <decimal>      one with a decimal comma, which becomes a point
    <words>        words to the end of the line, of which none has a value or is a function
    <s>            superscripts
    <d>            a digit
    <thousands>    digits with commas between, which become `_`
    <v> <w>        a name; <c> <g> a letter
    <f>            the name of a function, by our name for it or that of others; it becomes ours
    <lib>          a library, with its parts after points
"""

from __future__ import annotations

# Functions that take the same arguments under other names: ours first. Capitals alone need no row.
NAMES = """
    sin sinf dsin  |  cos cosf dcos  |  log logf dlog alog  |  round nint anint rnd lround RUNDEN ARRONDI
    reciprocal recip  |  radians toRadians  |  degrees toDegrees  |  cbrt CubeRoot cuberoot cubert curt
    heaviside HeavisideTheta  |  tan tg  |  cot ctg cotg  |  atan arctg  |  csc cosec  |  sinh sh  |  cosh ch
    tanh th  |  asinh arsinh arsh  |  acosh arcosh arch  |  atanh artanh arth  |  log10 lg  |  log2 ld lb
    sqrt sqroot sqrtf dsqrt realsqrt WURZEL RACINE RAIZ  |  sign signum  |  ceil ceiling roundup  |  floor INT
    trunc int iPart  |  frac fPart
    abs magnitude fabsf cabs dabs  |  sigmoid logistic LogisticSigmoid  |  relu Ramp  |  exp expf dexp
    factorial FACT fact
    binomial nchoosek nCr COMBIN choose comb  |  ndtr normcdf NORMSDIST Phi Φ
    norm_pdf normpdf normalpdf dnorm  |  gamma Γ
    lgamma LogGamma GAMMALN  |  lgamma lnGamma  |  polygamma psigamma
    mean average avg MITTELWERT MOYENNE PROMEDIO  |  sum Total SUMME SOMME SUMA  |  std stdev STDEV sd
    inv Inverse  |  trace Tr  |  fmod rem  |  max fmax Max  |  min fmin Min  |  hypot pythag
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
    <a>^<b>                    <a> raised to the power of <b>   <a> raised to the power <b>   <a> raised to <b>
    |                          <a> to the power of <b>   <a> to the power <b>   <a> to the <b>
    <a>^2                      the square of <a>   square of <a>   <a> squared
    <a>^3                      the cube of <a>   cube of <a>   <a> cubed
    (<t>)^(1/<n>)              the <n>th root of <t>   <n>th root of <t>
    log(<t>, <n>)              log base <n> of <t>
    2*<b>                      twice <b>   double <b>
    0.5*<b>                    half of <b>   half <b>
    -<b>                       negative <b>
    binomial(<a>, <b>)         <a> nCr <b>   <a> choose <b>
    sqrt(<t>)                  the square root of <t>   square root of <t>
    cbrt(<t>)                  the cube root of <t>   cube root of <t>   ∛<t>   ³√<t>
    (<t>)^(1/4)                ∜<t>   ⁴√<t>
    <v>*sqrt(<t>)              <v>√<t>
    sqrt(<t>)                  √<t>
    <f>(<t>)                   the <f> of <t>   <f> of <t>
    radians(<a>)               <a>°   <a> deg   <a> degrees   <a>^\circ   <a>^{\circ}
    <n>/100*<a>                <n>% of <a>   <n> percent of <a>
    <n>/100                    <n>%   <n> percent
    <n>/1000                   <n>‰
    <n>*<b>                    <n> of <b>

    # choices
    where(<x>, <y>, <z>)       if(<x>, <y>, <z>)   IF(<x>, <y>, <z>)   If[<x>, <y>, <z>]   ifelse(<x>, <y>, <z>)
    |                          iif(<x>, <y>, <z>)   IIF(<x>, <y>, <z>)   cond(<x>, <y>, <z>)   IF(<x>; <y>; <z>)
    |                          ITE(<x>, <y>, <z>)   WENN(<x>; <y>; <z>)   SI(<x>; <y>; <z>)
    |                          Which[<x>, <y>, True, <z>]   IFS(<x>, <y>, TRUE, <z>)   IFS(<x>; <y>; TRUE; <z>)
    where(<x>, 1, 0)           Boole[<x>]
    where(<y>, <x>, <z>)       Piecewise((<x>, <y>), (<z>, <w>))   Piecewise[{{<x>, <y>}}, <z>]
    (<y>) if <x> else (<z>)    if <x> then <y> else <z>   if <x>: <y> else: <z>   <x> ? <y> : <z>
    |                          if (<x>) {<y>} else {<z>}   if <x> {<y>} else {<z>}   if (<x>) <y> else <z>
    <a> if <b>                 <a> IF <b>
    <a> else <b>               <a> ELSE <b>

    # functions that are formulas here
    <a>^((<x>)/(<y>))          <a>^\frac{<x>}{<y>}   <a>^\dfrac{<x>}{<y>}   <a>^\tfrac{<x>}{<y>}
    <a>^(<d>/2)                <a>^\frac<d>2
    <a>^(<d>/3)                <a>^\frac<d>3
    (<x>)/(<y>)                \frac{<x>}{<y>}   \dfrac{<x>}{<y>}   \tfrac{<x>}{<y>}   \cfrac{<x>}{<y>}
    |                          Rational(<x>, <y>)   rdivide(<x>, <y>)   Divide[<x>, <y>]
    (<c>/<g>)                  \frac <c><g>
    <d>/2                      \frac<d>2
    <d>/3                      \frac<d>3
    <d>/4                      \frac<d>4
    (<x>)*(<y>)                times(<x>, <y>)   Times[<x>, <y>]   mtimes(<x>, <y>)
    (<x>) + (<y>)              plus(<x>, <y>)   Plus[<x>, <y>]
    (<x>) - (<y>)              minus(<x>, <y>)
    -(<x>)                     Minus[<x>]   uminus(<x>)
    <b>/<a>                    <a>.\<b>
    sum((<x>)*(<y>))           SUMPRODUCT(<x>, <y>)   SUMPRODUCT(<x>; <y>)
    sqrt(pi*(<x>))             SQRTPI(<x>)
    ndtr(<x>)                  NORM.S.DIST(<x>, TRUE)   NORM.S.DIST(<x>; TRUE)   NORM.S.DIST(<x>, 1)
    norm_pdf(<x>)              NORM.S.DIST(<x>, FALSE)   NORM.S.DIST(<x>; FALSE)   NORM.S.DIST(<x>, 0)
    ndtri(<x>)                 NORM.S.INV(<x>)
    ndtr(<y>) - ndtr(<x>)      normalcdf(<x>, <y>)
    lgamma(<x>)                GAMMALN.PRECISE(<x>)
    erf(<x>)                   ERF.PRECISE(<x>)
    ceil(<x>)                  CEILING.MATH(<x>)
    floor(<x>)                 FLOOR.MATH(<x>)
    ceil((<x>)/(<y>))*(<y>)    CEILING(<x>, <y>)   CEILING(<x>; <y>)   CEILING.MATH(<x>, <y>)
    floor((<x>)/(<y>))*(<y>)   FLOOR(<x>, <y>)   FLOOR(<x>; <y>)   FLOOR.MATH(<x>, <y>)
    trunc((<x>)*10^(<y>))/10^(<y>)   ROUNDDOWN(<x>, <y>)   ROUNDDOWN(<x>; <y>)   TRUNC(<x>, <y>)
    clamp(<x>, <y>, <z>)       Clip[<x>, {<y>, <z>}]
    (<x>) != (<y>)             XOR(<x>, <y>)   XOR(<x>; <y>)
    (<x>)^(<y>)                Pow(<x>, <y>)   Power[<x>, <y>]   powf(<x>, <y>)   powi(<x>, <y>)
    (<x>)^2                    sqr(<x>)   SQR(<x>)   sq(<x>)
    (<x>)^3                    cube(<x>)
    (<x>) and (<y>)            And(<x>, <y>)   AND(<x>, <y>)   AND(<x>; <y>)   And[<x>, <y>]
    (<x>) or (<y>)             Or(<x>, <y>)   OR(<x>, <y>)   OR(<x>; <y>)   Or[<x>, <y>]
    round(<x>*10^(<y>))/10^(<y>)   ROUND(<x>, <y>)   ROUND(<x>; <y>)   round(<x>, <y>)   Round(<x>, <y>)
    floor((<x>)/(<y>))         floor_divide(<x>, <y>)   idivide(<x>, <y>)
    trunc((<x>)/(<y>))         quotient(<x>, <y>)   QUOTIENT(<x>, <y>)
    sqrt(<x>)                  √{<x>}   \sqrt{<x>}
    sqrt(<d>)                  \sqrt<d>
    cbrt(<x>)                  \sqrt[3]{<x>}
    (<y>)^(1/(<x>))            \sqrt[<x>]{<y>}
    log(<t>, <n>)              log_<n> <t>   \log_<n> <t>   \log_{<n>} <t>
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
    (<x>) != (<x>)             isnan(<x>)   math.isnan(<x>)   np.isnan(<x>)   torch.isnan(<x>)
    (<x>) + (<z>)*((<y>) - (<x>))   lerp(<x>, <y>, <z>)   torch.lerp(<x>, <y>, <z>)
    clamp(<x>, 0, 6)           relu6(<x>)   F.relu6(<x>)
    clamp(<x>, -1, 1)          hardtanh(<x>)   F.hardtanh(<x>)
    length(<x>)                len(<x>)
    count(<a>)                 <a>.size
    softplus((<y>)*(<x>))/(<y>)   softplus(<x>, beta=<y>)   F.softplus(<x>, beta=<y>)
    sum(<x>)                   fsum(<x>)   math.fsum(<x>)
    atan2(<y>, <x>)            ArcTan[<x>, <y>]
    degrees(asin(<x>))         asind(<x>)
    degrees(acos(<x>))         acosd(<x>)
    degrees(atan(<x>))         atand(<x>)
    heaviside(<x>, 1)          UnitStep[<x>]   unitstep(<x>)   step(<x>)
    ndtr(<x>)                  scipy.stats.norm.cdf(<x>)   stats.norm.cdf(<x>)   norm.cdf(<x>)
    norm_pdf(<x>)              scipy.stats.norm.pdf(<x>)   stats.norm.pdf(<x>)   norm.pdf(<x>)
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
    *                          .*   \cdot   \times   \ast   \,   \;   \!   \quad
    /                          ./
    ==                         ===   = =   .eq.   ≡   ≟   ⩵
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
    <n>e<m>                    <n>*^<m>   <n> EE <m>   <n> E <m>   <n> e <m>
    <r>                        <r>f   <r>F   <r>d0
    <n>                        S(<n>)
    1                          TRUE   True   true   .true.
    0                          FALSE   False   false   .false.
    (<n> + 0.5)                <n>½
    (<n> + 0.25)               <n>¼
    (<n> + 0.75)               <n>¾
    0.5                        ½   S.Half   sympy.S.Half   sp.S.Half
    0.25                       ¼
    0.75                       ¾
    (1/3)                      ⅓
    (2/3)                      ⅔
    <n>π*<v>                   <n>π<v>
    π*<v>                      π<v>
    pi                         \[Pi]   PI()   pi()   %pi   \pi   M_PI   S.Pi   <lib>.S.Pi   <lib>.pi   <lib>.PI
    e                          \[ExponentialE]   %e   <lib>.e   <lib>.E
    inf                        \[Infinity]   Infinity   Inf   ∞   \infty   oo   <lib>.inf   <lib>.Inf   <lib>.oo
    [[<args>], [<more>], [<last>]]   [<args>; <more>; <last>]
    [[<args>], [<more>]]       [<args>; <more>]
    [<args><a>, <b>            [<args> <a> <b>
    [<args>]                   c(<args>)
    [<x>, <args>]              {<x>, <args>}
    (<x>)                      {<x>}

    # statements
    <v>(<w>) = <x>; <v>(<w>)   <v>[<w>_] := <x>   def <v>(<w>): return <x>
    <v>(<w>) = <x>             <v>(<w>) := <x>
    <v>(<w>) = <x>; <v>(<w>)   def <v>(<w>): <x>
    <x>                        lambda <v>: <x>   lambda <v>, <w>: <x>   function(<args>) <x>   @(<args>) <x>
    |                          <v> -> <x>   <v> → <x>   <v> ↦ <x>
    |                          return <x>
    |                          print(<x>)   N[<x>]   float64(<x>)   constant(<x>)   sympify(<x>)
    |                          N(<x>)   re(<x>)   Re(<x>)   real(<x>)   Matrix(<x>)
    |                          “<x>”   ‘<x>’   „<x>“   «<x>»
    |                          float(<x>)   Float(<x>)   Integer(<x>)   Rational(<x>)
    |                          $<x>$   '<x>'   "<x>"   `<x>`   \(<x>\)   \[<x>\]   <start>= <x>
    |                          \mathrm{<x>}   \operatorname{<x>}   \mathbf{<x>}   \text{<x>}   \displaystyle <x>
    <v>                        Symbol('<v>')   Symbol("<v>")   \[<v>]
    <a>                        <a>.evalf()   <a>.n()   <a>.doit()
    <b>                        (double) <b>   (float) <b>
    trunc(<b>)                 (int) <b>
    <f>                        <lib>.<f>   <lib>::<f>
    <v>(                       <lib>.<v>(   <lib>::<v>(
    <v>                        \<v>   <v>::<w>
    <v> = <x>                  <v> := <x>   <start><v><blank><- <x>   <start><v> : <x>
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

# What has no formula here: what to do instead. It is looked up before the formulas.
SENTENCES = r"""
    write <x> alone: gradcli grad gives its d/d<v>
    |   d/d<v> <x>   ∂/∂<v> <x>   \frac{d}{d<v>} <x>   \frac{\partial}{\partial <v>} <x>
    |   d(<x>)/d<v>   Derivative(<x>, <v>)   derivative(<x>, <v>)   D[<x>, <v>]   D(<x>, <v>)
    |                          deriv(<x>, <v>)   nDeriv(<x>, <v>)   nDeriv(<x>, <v>, <args>)
    write <x> alone: gradcli grad gives all its derivatives
    |   derivative of <x>   gradient of <x>   derive <x>   differentiate <x>
    |   derivative(<x>)   diff(<x>)   grad(<x>)   gradient(<x>)   jacobian(<x>)   ∇<x>   \nabla <x>
    differences of neighbours are x[1:] - x[:-1]; a derivative is diff(x**2, x)
    |   np.diff(<args>)   numpy.diff(<args>)   torch.diff(<args>)   jnp.diff(<args>)
    write <v>(<x>): gradcli hess gives its second derivatives   <v>''(<x>)   <v>″(<x>)   <v>′′(<x>)
    write <v>: gradcli hess gives its second derivatives   <v>''   <v>″   <v>′′
    write <v>(<x>): gradcli grad gives its derivatives   <v>'(<x>)   <v>′(<x>)
    gradcli differentiates by itself: write <v>, and read d/d<v>   <v>'   <v>′   <v>´
    a comment begins with #: # <words>   // <words>   -- <words>   % <words>
    a comment begins with #, and ends with its line   /*   (*
    give the point by --at: --at <v>=<n>   /. <v> -> <n>   <v> → <n>   .subs(<v>, <n>)
    to compare but for rounding, write abs(a - b) < 1e-9   ≈   ≅   ≃   ∼   ≐   \approx
    a formula has no domain: give a point by --at, or many by --sweep x=0:1:11   ∈   ∉   ⊂   ⊆   ℝ   \in
    proportional is not equal: write the factor   ∝   \propto
    one formula is computed, nothing is concluded   ⇒   ⇔   ⟹   ⟺   ∴   ∀   ∃   \implies   \to   \rightarrow
    write the terms out, or sum an array: sum([1, 4, 9])   …   \cdots   \ldots   \dots
    an inner product is sum(x*y)   ⟨   ⟩   \langle
    write a if c else b        \begin{cases}   Piecewise[{{<x>, <y>}, <args>}]
    write an array out: [1, 2, 3]; many points are --sweep x=1:3:3
    |   linspace(<args>)   arange(<args>)   range(<args>)   seq(<args>)   <n>:<m>
    |   np.linspace(<args>)   np.arange(<args>)   torch.linspace(<args>)   torch.arange(<args>)
    write an array out: [1, 2, 3], [[1, 0], [0, 1]]
    |   zeros(<args>)   ones(<args>)   eye(<args>)   full(<args>)   np.zeros(<args>)   np.ones(<args>)   np.eye(<args>)
    |   torch.zeros(<args>)   torch.ones(<args>)   torch.eye(<args>)   np.full(<args>)   torch.full(<args>)
    gelu is the exact one here: write gelu(<x>)   gelu(<x>, <args>)
    columns are named: their table is given by --points, or to gradcli batch   (<v>:<w>)
    gradcli differentiates by itself: write the formula alone   ∂   \partial
    give the point by --at: --at <v>=<x>   where <v> = <x>   at <v> = <x>   for <v> = <x>
    write a matrix as [[1, 2], [3, 4]]   \begin   \matrix   \pmatrix
    gradcli differentiates, and has no integrals
    |   integrate <x>   integrate(<args>)   Integrate[<args>]   integral(<args>)   Integral(<args>)   quad(<args>)   ∫
    |                          fnInt(<args>)   nInt(<args>)
    |                          \int
    there are no limits: give a point near by --at   limit(<args>)   Limit[<args>]   lim(<args>)   \lim
    |                          lim <v>   limit <v>
    no equations are solved: gradcli minimize finds where the square of a difference is least
    |   solve <x>   Solve[<args>]   NSolve[<args>]   solveset(<args>)   fsolve(<args>)   nsolve(<args>)   roots(<args>)
    write the terms out, or sum an array: sum([1, 4, 9])   ∑   \sum   Sum(<args>)   Sum[<args>]   summation(<args>)
    write the factors out, or take those of an array: prod([1, 2, 3])   ∏   \prod   Product(<args>)   Product[<args>]
    assign one name a statement: <v> = ...; <w> = ...   <start><v>, <w> =
    write (n!)! for the factorial of a factorial   !!
    numbers are real here   imag(<args>)   conj(<args>)   conjugate(<args>)   Conjugate[<args>]   complex(<args>)
    nothing is random here: give the number by --at   rand(<args>)   random(<args>)   RAND()   rnorm(<args>)
    |                          randInt(<args>)
    an uncertainty has no place in a formula: give it to gradcli propagate by --at   ±   +/-   \pm
    a formula is evaluated as it stands: write it alone
    |   simplify(<args>)   factor(<args>)   Simplify[<args>]   Expand[<args>]   symbols(<args>)
    there are no loops: write the terms, or give an array   For[<args>]   Do[<args>]   Table[<args>]
    |                          <a> for <v> in   for <v> in
    a formula has no domain: give a point by --at, or many by --sweep x=0:1:11   <a> in <b>
"""

# The same where no formula fits.
OTHERWISE = r"""
    nothing needs an import: np.sin(x), math.sin(x) and sin(x) all work   import   from   using   library(<args>)
    there are no loops: write the terms, or give an array   for   while
    write f(x) = x**2; f(3)    def   lambda   function
    write == to compare, or begin a statement with a name: c = a*b   =
    write a if c else b        ?   <start>if   case
    write abs(x) for |x|       |
    put the whole in parentheses to go on in the next line   \
    write parentheses ( )      {   }
    one formula is computed, nothing is concluded   →   ↦
    write variables by their bare names   $   @
    text in quotes has no place in a formula: remove the quotes   "   '   `
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
