# bash completion for gradcli; made by `gradcli completions bash`, do not edit
_gradcli() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} flags name words= files=
    COMPREPLY=()
    # bash takes --points=data apart at the sign
    if [[ $current == "=" ]]; then
        current=""
    elif [[ $previous == "=" ]]; then
        previous=${COMP_WORDS[COMP_CWORD-2]}
    fi
    case "${COMP_WORDS[1]} $previous" in
        "grad --on-error"|"eval --on-error"|"diff --on-error"|"hess --on-error"|"jac --on-error"|"taylor --on-error"|"check --on-error"|"minimize --on-error"|"fit --on-error"|"propagate --on-error")
            words="stop skip" ;;
        "grad --delimiter"|"eval --delimiter"|"diff --delimiter"|"hess --delimiter"|"jac --delimiter"|"taylor --delimiter"|"graph --delimiter"|"explain --delimiter"|"plot --delimiter"|"export --delimiter"|"check --delimiter"|"minimize --delimiter"|"fit --delimiter"|"propagate --delimiter"|"batch --delimiter")
            words="tab blank" ;;
        "export --as")
            words="python numpy c javascript latex dot" ;;
        "minimize --method")
            words="newton bfgs lbfgs sgd momentum adam" ;;
        "fit --loss")
            words="huber soft_l1 cauchy" ;;
        "propagate --round")
            words="gum pdg" ;;
        "batch --from"|"batch --to")
            words="csv tsv jsonl npz parquet arrow" ;;
        "batch --on-error")
            words="stop nan skip" ;;
    esac
    if [[ $words ]]; then
        while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -W "$words" -- "$current")
        return
    fi
    case $previous in
        --points|--file|--output|-o|--trace|--fit|--data|--cov|--report)
            compopt -o filenames 2>/dev/null
            while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$current")
            return ;;
        --at|--sweep|--column|--on-error|--delimiter|--comment|--header|--decimal|--wrt|--along|--digits|--round|--max-operations|--mixed|--order|--range|--tangent|--as|--name|--timeout|--start|--bounds|--method|--lr|--steps|--y|--sigma|--loss|--profile|--band|--coverage|--corr|--dof|--trials|--seed|--names|--prefix|--from|--to|--workers|--cluster)
            return ;;
    esac
    if ((COMP_CWORD == 1)); then
        words="grad eval diff hess jac taylor graph explain plot export check minimize fit propagate batch functions completions help"
        flags="-h --help -V --version"
    else
        case ${COMP_WORDS[1]} in
            grad)
                flags="--at --sweep --points --column --on-error --delimiter --comment --header --decimal --wrt --along --file --json --csv --plain --digits --plain-floats --condition --named --accumulate --round --check --max-operations --quiet --strict --no-color --debug --no-check -h --help"
                words="" ;;
            eval)
                flags="--at --sweep --points --column --on-error --delimiter --comment --header --decimal --file --json --csv --plain --digits --plain-floats --condition --named --accumulate --round --max-operations --quiet --strict --no-color --debug -h --help"
                words="" ;;
            diff)
                flags="--at --sweep --points --column --on-error --delimiter --comment --header --decimal --wrt --mixed --file --json --simplify --latex --digits --plain-floats --round --max-operations --quiet --strict --no-color --debug -h --help"
                words="" ;;
            hess)
                flags="--at --sweep --points --column --on-error --delimiter --comment --header --decimal --wrt --file --json --sparse --digits --plain-floats --round --max-operations --quiet --strict --no-color --debug -h --help"
                words="" ;;
            jac)
                flags="--at --sweep --points --column --on-error --delimiter --comment --header --decimal --wrt --file --json --csv --digits --plain-floats --round --max-operations --quiet --strict --no-color --debug -h --help"
                words="" ;;
            taylor)
                flags="--at --sweep --points --column --on-error --delimiter --comment --header --decimal --wrt --order --file --json --digits --max-operations --quiet --strict --no-color --debug -h --help"
                words="" ;;
            graph)
                flags="--at --delimiter --comment --header --decimal --wrt --file --gradient --plain-floats --output --svg --png --dot --mermaid --json --max-operations --quiet --strict --no-color --debug -o -h --help"
                words="" ;;
            explain)
                flags="--at --delimiter --comment --header --decimal --wrt --file --plain-floats --json --markdown --output --max-operations --quiet --strict --no-color --debug -o -h --help"
                words="" ;;
            plot)
                flags="--range --at --delimiter --comment --header --decimal --tangent --trace --fit --output --file --max-operations --quiet --strict --no-color --debug -o -h --help"
                words="" ;;
            export)
                flags="--as --name --output --at --delimiter --comment --header --decimal --wrt --file --max-operations --quiet --strict --no-color --debug -o -h --help"
                words="" ;;
            check)
                flags="--at --sweep --points --column --on-error --delimiter --comment --header --decimal --wrt --file --json --plain-floats --timeout --max-operations --quiet --strict --no-color --debug -h --help"
                words="" ;;
            minimize)
                flags="--start --at --data --column --on-error --delimiter --comment --header --decimal --maximize --bounds --method --lr --steps --trace --file --json --max-operations --quiet --strict --no-color --debug -h --help"
                words="" files=yes ;;
            fit)
                flags="--y --start --at --sigma --absolute --bounds --loss --profile --band --coverage --data --column --on-error --delimiter --comment --header --decimal --steps --file --json --max-operations --quiet --strict --no-color --debug -h --help"
                words="" files=yes ;;
            propagate)
                flags="--at --corr --cov --dof --fit --coverage --trials --seed --round --report --points --column --on-error --delimiter --comment --header --decimal --file --json --max-operations --quiet --strict --no-color --debug -h --help"
                words="" ;;
            batch)
                flags="--output --at --wrt --column --delimiter --comment --header --decimal --only --names --prefix --from --to --on-error --accumulate --stats --audit --json --resume --force --float32 --workers --cluster --file --max-operations --quiet --strict --no-color --debug -o -h --help"
                words="" files=yes ;;
            functions)
                flags="--json --no-color --debug -h --help"
                words="abs absolute acos acosh acot acoth acsc acsch add all amax amin any arccos arccosh arccot arccoth arccsc arccsch arcsec arcsech arcsin arcsinh arctan arctan2 arctanh argmax argmin around array as_tensor asarray asec asech asin asinh atan atan2 atanh average bessel_j0 bessel_j1 bessel_y0 bessel_y1 besseli besselj besselk bessely beta betainc betaln binom binomial bmm cat cbrt ceil clamp clip cofactor concat concatenate cos cosd cosh cospi cot coth count cross_entropy csc csch cumprod cumsum deg2rad degrees det detach diag digamma div divide dot ei elu eq equal erf erfc erfcinv erfcx erfinv exp exp10 exp2 expand_dims expi expint expit expm1 expn fabs factorial fix flatten flip float_power floor fmod frac gamma gammainc gammaincc gammaln ge gelu ger greater greater_equal gt heaviside hypot i0 i1 igamma igammac index inv inverse iv j0 j1 jn jv k0 k1 kn kv lambertw lbeta le leaky_relu length less less_equal lgamma linear ln log log10 log1p log2 log_base log_expit log_ndtr log_sigmoid log_softmax logaddexp logdet loggamma logical_and logical_not logical_or logit logsigmoid logsumexp lt match matmul max maximum mean median middle min minimum mm mod modified_bessel_i0 modified_bessel_i1 modified_bessel_k0 modified_bessel_k1 mse_loss mul multiply mv ndtr ndtri ne neg negative norm norm_pdf norm_ppf not_equal nthroot outer permute pnorm polygamma pow power prod psi quantile rad2deg radians ravel real_root reciprocal relu remainder reshape reshape_as reshape_like rint root round rsqrt sec sech sgn sigmoid sign silu sin sinc sind sinh sinpi slogdet softmax softplus softsign solve sort sqrt square squeeze stack std stop_gradient sub subtract sum surd swapaxes swapdims swish tan tand tanh tensor trace transpose true_divide trunc unsqueeze var vdot view view_as where xlog1py xlogy y0 y1 yn yv zeta" ;;
            completions)
                flags="--no-color --debug -h --help"
                words="bash zsh fish powershell" ;;
            help)
                flags="--man --no-color --debug -h --help"
                words="grad eval diff hess jac taylor graph explain plot export check minimize fit propagate batch functions completions help conventions language notes python scripts tutorial" ;;
        esac
    fi
    if [[ $current == -* ]]; then
        words=$flags
    elif [[ $files ]]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$current")
    fi
    while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -W "$words" -- "$current")
}
complete -F _gradcli gradcli
