"""The names of the rows: of each family, what else they are called, and those that are not listed.

Made by tests/families.py."""

FAMILIES = {
    "arithmetic": "add sub mul div mod neg positive pow",
    "logic": "lt le gt ge eq ne logical_and logical_or logical_not",
    "choice": "where max min clamp abs detach",
    "elementary": (
        "exp exp2 exp10 expm1 log log2 log10 log_base log1p sqrt cbrt square reciprocal rsqrt hypot hypot1 xlogy "
        "logaddexp logit xlog1py root"
    ),
    "trigonometry": (
        "sin cos tan sec csc cot asin acos circle atan atan2 over_squares sinc sinc_derivative degrees radians "
        "sinpi cospi sind cosd tand asec acsc over_secant acot"
    ),
    "hyperbolic": "sinh cosh tanh sech csch coth asinh acosh atanh over_circle asech acsch acoth",
    "rounding": "sign floor ceil round trunc frac fmod heaviside",
    "activation": "relu leaky_relu elu gelu silu sigmoid logsigmoid softplus softsign",
    "special": (
        "erf erfc erf_slope erfinv ndtr norm_pdf gamma lgamma digamma polygamma erfcinv erfcx erfcx_slope ndtri "
        "log_ndtr log_ndtr_slope factorial binomial beta betaln binomial_by_m binomial_by_k digamma_step lambertw"
    ),
    "arrays": (
        "array index scatter match any_like expand reshape reshape_like flatten squeeze unsqueeze transpose "
        "swapaxes permute permute_back flip concatenate stack length"
    ),
    "reductions": "sum mean prod others to_last from_last amax amin argmax argmin any all count var std cumsum",
    "norms": "norm pnorm vector",
    "softmax": "logsumexp softmax log_softmax centred less_share",
    "linear_algebra": (
        "matmul left_of_product right_of_product outer linear trace eye_like det cofactor cofactor_along inv solve "
        "diag diag_back logdet slogdet"
    ),
    "losses": "mse_loss cross_entropy probabilities if_same_shape class_axis",
    "integrals": "jv yv iv kv j0 j1 y0 y1 i0 i1 k0 k1 expint expi zeta zeta_derivative",
    "incomplete": "gammainc gammaincc betainc gamma_density beta_density",
    "ordering": "sort ordered unordered median quantile middle quantile_weights quantile_slopes cumprod cumprod_back",
}
ALIASES = {
    "sub": "subtract",
    "mul": "multiply",
    "div": "divide true_divide",
    "mod": "remainder",
    "neg": "negative",
    "pow": "power float_power",
    "lt": "less",
    "le": "less_equal",
    "gt": "greater",
    "ge": "greater_equal",
    "eq": "equal",
    "ne": "not_equal",
    "max": "maximum",
    "min": "minimum",
    "clamp": "clip",
    "abs": "absolute fabs",
    "detach": "stop_gradient",
    "log": "ln",
    "root": "nthroot real_root surd",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "atan2": "arctan2",
    "degrees": "rad2deg",
    "radians": "deg2rad",
    "asec": "arcsec",
    "acsc": "arccsc",
    "acot": "arccot",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
    "asech": "arcsech",
    "acsch": "arccsch",
    "acoth": "arccoth",
    "sign": "sgn",
    "round": "rint around",
    "trunc": "fix",
    "silu": "swish",
    "sigmoid": "expit",
    "logsigmoid": "log_sigmoid log_expit",
    "lgamma": "gammaln loggamma",
    "digamma": "psi",
    "ndtri": "norm_ppf",
    "binomial": "binom",
    "betaln": "lbeta",
    "array": "asarray tensor as_tensor",
    "reshape": "view",
    "reshape_like": "view_as reshape_as",
    "flatten": "ravel",
    "unsqueeze": "expand_dims",
    "swapaxes": "swapdims",
    "concatenate": "concat cat",
    "mean": "average",
    "matmul": "mm mv bmm dot vdot",
    "outer": "ger",
    "inv": "inverse",
    "jv": "jn besselj",
    "yv": "yn bessely",
    "iv": "besseli",
    "kv": "kn besselk",
    "j0": "bessel_j0",
    "j1": "bessel_j1",
    "y0": "bessel_y0",
    "y1": "bessel_y1",
    "i0": "modified_bessel_i0",
    "i1": "modified_bessel_i1",
    "k0": "modified_bessel_k0",
    "k1": "modified_bessel_k1",
    "expint": "expn",
    "expi": "ei",
    "gammainc": "igamma",
    "gammaincc": "igammac",
}
INTERNAL = (
    "positive hypot1 circle over_squares sinc_derivative over_secant over_circle erf_slope erfcx_slope "
    "log_ndtr_slope binomial_by_m binomial_by_k digamma_step scatter any_like expand permute_back others "
    "to_last from_last vector centred less_share left_of_product right_of_product eye_like cofactor_along "
    "diag_back probabilities if_same_shape class_axis zeta_derivative gamma_density beta_density ordered "
    "unordered quantile_weights quantile_slopes cumprod_back"
)
