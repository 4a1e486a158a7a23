# bash completion for gradcli; made by `gradcli completions bash`, do not edit
_gradcli() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} flags words name
    COMPREPLY=()
    # bash takes --points=data apart at the sign
    if [[ $current == "=" ]]; then
        current=""
    elif [[ $previous == "=" ]]; then
        previous=${COMP_WORDS[COMP_CWORD-2]}
    fi
    case $previous in
        --points|--file)
            compopt -o filenames 2>/dev/null
            while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$current")
            return ;;
        --at|--sweep|--wrt|--digits|--max-operations|--timeout)
            return ;;
    esac
    if ((COMP_CWORD == 1)); then
        words="grad eval graph check functions completions"
        flags="-h --help --version"
    else
        case ${COMP_WORDS[1]} in
            grad)
                flags="--at --sweep --points --wrt --file --json --csv --plain --digits --named --accumulate --check --max-operations --debug --no-check -h --help"
                words="" ;;
            eval)
                flags="--at --sweep --points --file --json --csv --plain --digits --named --accumulate --max-operations --debug -h --help"
                words="" ;;
            graph)
                flags="--at --wrt --file --gradient --dot --mermaid --json --max-operations --debug -h --help"
                words="" ;;
            check)
                flags="--at --sweep --points --wrt --file --json --timeout --max-operations --debug -h --help"
                words="" ;;
            functions)
                flags="--json --debug -h --help"
                words="abs absolute acos acosh add arccos arccosh arcsin arcsinh arctan arctan2 arctanh around asin asinh atan atan2 atanh cbrt ceil clamp clip cos cosh cot coth csc csch deg2rad degrees detach digamma div divide elu eq equal erf erf_slope erfc erfinv exp exp10 exp2 expit expm1 fabs fix float_power floor fmod frac gamma gammaln ge gelu greater greater_equal gt heaviside hypot hypot1 le leaky_relu less less_equal lgamma ln log log10 log1p log2 log_base log_expit log_sigmoid logaddexp loggamma logical_and logical_not logical_or logit logsigmoid lt max maximum min minimum mod mul multiply ndtr ne neg negative norm_pdf not_equal over_squares polygamma positive pow power psi rad2deg radians reciprocal relu remainder rint round rsqrt sec sech sgn sigmoid sign silu sin sinc sinc_derivative sinh softplus softsign sqrt square stop_gradient sub subtract swish tan tanh true_divide trunc where xlogy" ;;
            completions)
                flags="--debug -h --help"
                words="bash zsh fish powershell" ;;
        esac
    fi
    if [[ $current == -* ]]; then
        words=$flags
    fi
    while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -W "$words" -- "$current")
}
complete -F _gradcli gradcli
