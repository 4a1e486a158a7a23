"""What people of other tools type that is no formula here, and what to do instead: rows as in `language.foreign`."""

from __future__ import annotations

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
    write a if c else b        \begin{cases}
    write log10(<x>) for LOG of Excel and of calculators, log(<x>) for that of Fortran   LOG(<x>)
    write atan2(<y>, <x>) for ATAN2 of Excel, where x comes first; atan2(<x>, <y>) for that of Fortran   ATAN2(<x>, <y>)
    erfi is not here; its slope is 2/sqrt(pi)*exp(x^2)   erfi(<x>)   Erfi[<x>]
    write sum((y[1:] + y[:-1])*(x[1:] - x[:-1]))/2 for y over x   trapz(<x>, <y>)   trapezoid(<x>, <y>)
    |   np.trapz(<x>, <y>)   np.trapezoid(<x>, <y>)   torch.trapezoid(<x>, <y>)
    write the choices out: where(n == 1, x, y)   CHOOSE(<x>, <args>)   SWITCH(<x>, <args>)
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
