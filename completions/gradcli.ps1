# PowerShell completion for gradcli; made by `gradcli completions powershell`, do not edit
Register-ArgumentCompleter -Native -CommandName gradcli -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $flags = @{
        'grad' = @('--at', '--sweep', '--points', '--column', '--on-error', '--delimiter', '--comment', '--header', '--decimal', '--wrt', '--along', '--file', '--json', '--csv', '--plain', '--digits', '--plain-floats', '--condition', '--named', '--accumulate', '--round', '--check', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '--no-check', '-h', '--help')
        'eval' = @('--at', '--sweep', '--points', '--column', '--on-error', '--delimiter', '--comment', '--header', '--decimal', '--file', '--json', '--csv', '--plain', '--digits', '--plain-floats', '--condition', '--named', '--accumulate', '--round', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-h', '--help')
        'diff' = @('--at', '--sweep', '--points', '--column', '--on-error', '--delimiter', '--comment', '--header', '--decimal', '--wrt', '--mixed', '--file', '--json', '--simplify', '--latex', '--digits', '--plain-floats', '--round', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-h', '--help')
        'hess' = @('--at', '--sweep', '--points', '--column', '--on-error', '--delimiter', '--comment', '--header', '--decimal', '--wrt', '--file', '--json', '--sparse', '--digits', '--plain-floats', '--round', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-h', '--help')
        'jac' = @('--at', '--sweep', '--points', '--column', '--on-error', '--delimiter', '--comment', '--header', '--decimal', '--wrt', '--file', '--json', '--csv', '--digits', '--plain-floats', '--round', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-h', '--help')
        'taylor' = @('--at', '--sweep', '--points', '--column', '--on-error', '--delimiter', '--comment', '--header', '--decimal', '--wrt', '--order', '--file', '--json', '--digits', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-h', '--help')
        'graph' = @('--at', '--delimiter', '--comment', '--header', '--decimal', '--wrt', '--file', '--gradient', '--plain-floats', '--output', '--svg', '--png', '--dot', '--mermaid', '--json', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-o', '-h', '--help')
        'explain' = @('--at', '--delimiter', '--comment', '--header', '--decimal', '--wrt', '--file', '--plain-floats', '--json', '--markdown', '--output', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-o', '-h', '--help')
        'plot' = @('--range', '--at', '--delimiter', '--comment', '--header', '--decimal', '--tangent', '--trace', '--fit', '--output', '--file', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-o', '-h', '--help')
        'export' = @('--as', '--name', '--output', '--at', '--delimiter', '--comment', '--header', '--decimal', '--wrt', '--file', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-o', '-h', '--help')
        'check' = @('--at', '--sweep', '--points', '--column', '--on-error', '--delimiter', '--comment', '--header', '--decimal', '--wrt', '--file', '--json', '--plain-floats', '--timeout', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-h', '--help')
        'minimize' = @('--start', '--at', '--data', '--column', '--on-error', '--delimiter', '--comment', '--header', '--decimal', '--maximize', '--bounds', '--method', '--lr', '--steps', '--trace', '--file', '--json', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-h', '--help')
        'fit' = @('--y', '--start', '--at', '--sigma', '--absolute', '--bounds', '--loss', '--profile', '--band', '--coverage', '--data', '--column', '--on-error', '--delimiter', '--comment', '--header', '--decimal', '--steps', '--file', '--json', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-h', '--help')
        'propagate' = @('--at', '--corr', '--cov', '--dof', '--fit', '--coverage', '--trials', '--seed', '--round', '--report', '--points', '--column', '--on-error', '--delimiter', '--comment', '--header', '--decimal', '--file', '--json', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-h', '--help')
        'batch' = @('--output', '--at', '--wrt', '--column', '--delimiter', '--comment', '--header', '--decimal', '--only', '--names', '--prefix', '--from', '--to', '--on-error', '--accumulate', '--stats', '--audit', '--json', '--resume', '--force', '--float32', '--workers', '--cluster', '--file', '--max-operations', '--quiet', '--strict', '--no-color', '--debug', '-o', '-h', '--help')
        'functions' = @('--json', '--no-color', '--debug', '-h', '--help')
        'completions' = @('--no-color', '--debug', '-h', '--help')
        'help' = @('--man', '--no-color', '--debug', '-h', '--help')
    }
    $words = @{
        'grad' = @()
        'eval' = @()
        'diff' = @()
        'hess' = @()
        'jac' = @()
        'taylor' = @()
        'graph' = @()
        'explain' = @()
        'plot' = @()
        'export' = @()
        'check' = @()
        'minimize' = @()
        'fit' = @()
        'propagate' = @()
        'batch' = @()
        'functions' = @('abs', 'absolute', 'acos', 'acosh', 'acot', 'acoth', 'acsc', 'acsch', 'add', 'all', 'amax', 'amin', 'any', 'arccos', 'arccosh', 'arccot', 'arccoth', 'arccsc', 'arccsch', 'arcsec', 'arcsech', 'arcsin', 'arcsinh', 'arctan', 'arctan2', 'arctanh', 'argmax', 'argmin', 'around', 'array', 'as_tensor', 'asarray', 'asec', 'asech', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'average', 'bessel_j0', 'bessel_j1', 'bessel_y0', 'bessel_y1', 'besseli', 'besselj', 'besselk', 'bessely', 'beta', 'betainc', 'betaln', 'binom', 'binomial', 'bmm', 'cat', 'cbrt', 'ceil', 'clamp', 'clip', 'cofactor', 'concat', 'concatenate', 'cos', 'cosd', 'cosh', 'cospi', 'cot', 'coth', 'count', 'cross_entropy', 'csc', 'csch', 'cumprod', 'cumsum', 'deg2rad', 'degrees', 'det', 'detach', 'diag', 'digamma', 'div', 'divide', 'dot', 'ei', 'elu', 'eq', 'equal', 'erf', 'erfc', 'erfcinv', 'erfcx', 'erfinv', 'exp', 'exp10', 'exp2', 'expand_dims', 'expi', 'expint', 'expit', 'expm1', 'expn', 'fabs', 'factorial', 'fix', 'flatten', 'flip', 'float_power', 'floor', 'fmod', 'frac', 'gamma', 'gammainc', 'gammaincc', 'gammaln', 'ge', 'gelu', 'ger', 'greater', 'greater_equal', 'gt', 'heaviside', 'hypot', 'i0', 'i1', 'igamma', 'igammac', 'index', 'inv', 'inverse', 'iv', 'j0', 'j1', 'jn', 'jv', 'k0', 'k1', 'kn', 'kv', 'lambertw', 'lbeta', 'le', 'leaky_relu', 'length', 'less', 'less_equal', 'lgamma', 'linear', 'ln', 'log', 'log10', 'log1p', 'log2', 'log_base', 'log_expit', 'log_ndtr', 'log_sigmoid', 'log_softmax', 'logaddexp', 'logdet', 'loggamma', 'logical_and', 'logical_not', 'logical_or', 'logit', 'logsigmoid', 'logsumexp', 'lt', 'match', 'matmul', 'max', 'maximum', 'mean', 'median', 'middle', 'min', 'minimum', 'mm', 'mod', 'modified_bessel_i0', 'modified_bessel_i1', 'modified_bessel_k0', 'modified_bessel_k1', 'mse_loss', 'mul', 'multiply', 'mv', 'ndtr', 'ndtri', 'ne', 'neg', 'negative', 'norm', 'norm_pdf', 'norm_ppf', 'not_equal', 'nthroot', 'outer', 'permute', 'pnorm', 'polygamma', 'pow', 'power', 'prod', 'psi', 'quantile', 'rad2deg', 'radians', 'ravel', 'real_root', 'reciprocal', 'relu', 'remainder', 'reshape', 'reshape_as', 'reshape_like', 'rint', 'root', 'round', 'rsqrt', 'sec', 'sech', 'sgn', 'sigmoid', 'sign', 'silu', 'sin', 'sinc', 'sind', 'sinh', 'sinpi', 'slogdet', 'softmax', 'softplus', 'softsign', 'solve', 'sort', 'sqrt', 'square', 'squeeze', 'stack', 'std', 'stop_gradient', 'sub', 'subtract', 'sum', 'surd', 'swapaxes', 'swapdims', 'swish', 'tan', 'tand', 'tanh', 'tensor', 'trace', 'transpose', 'true_divide', 'trunc', 'unsqueeze', 'var', 'vdot', 'view', 'view_as', 'where', 'xlog1py', 'xlogy', 'y0', 'y1', 'yn', 'yv', 'zeta')
        'completions' = @('bash', 'zsh', 'fish', 'powershell')
        'help' = @('grad', 'eval', 'diff', 'hess', 'jac', 'taylor', 'graph', 'explain', 'plot', 'export', 'check', 'minimize', 'fit', 'propagate', 'batch', 'functions', 'completions', 'help', 'conventions', 'language', 'notes', 'python', 'scripts', 'tutorial')
    }
    $values = @{
        'grad --on-error' = @('stop', 'skip')
        'eval --on-error' = @('stop', 'skip')
        'diff --on-error' = @('stop', 'skip')
        'hess --on-error' = @('stop', 'skip')
        'jac --on-error' = @('stop', 'skip')
        'taylor --on-error' = @('stop', 'skip')
        'check --on-error' = @('stop', 'skip')
        'minimize --on-error' = @('stop', 'skip')
        'fit --on-error' = @('stop', 'skip')
        'propagate --on-error' = @('stop', 'skip')
        'grad --delimiter' = @('tab', 'blank')
        'eval --delimiter' = @('tab', 'blank')
        'diff --delimiter' = @('tab', 'blank')
        'hess --delimiter' = @('tab', 'blank')
        'jac --delimiter' = @('tab', 'blank')
        'taylor --delimiter' = @('tab', 'blank')
        'graph --delimiter' = @('tab', 'blank')
        'explain --delimiter' = @('tab', 'blank')
        'plot --delimiter' = @('tab', 'blank')
        'export --delimiter' = @('tab', 'blank')
        'check --delimiter' = @('tab', 'blank')
        'minimize --delimiter' = @('tab', 'blank')
        'fit --delimiter' = @('tab', 'blank')
        'propagate --delimiter' = @('tab', 'blank')
        'batch --delimiter' = @('tab', 'blank')
        'export --as' = @('python', 'numpy', 'c', 'javascript', 'latex', 'dot')
        'minimize --method' = @('newton', 'bfgs', 'lbfgs', 'sgd', 'momentum', 'adam')
        'fit --loss' = @('huber', 'soft_l1', 'cauchy')
        'propagate --round' = @('gum', 'pdg')
        'batch --from' = @('csv', 'tsv', 'jsonl', 'npz', 'parquet', 'arrow')
        'batch --to' = @('csv', 'tsv', 'jsonl', 'npz', 'parquet', 'arrow')
        'batch --on-error' = @('stop', 'nan', 'skip')
    }
    $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.ToString() })
    $previous = if ($before.Count) { $before[-1] } else { '' }
    if (@('--points', '--file', '--output', '-o', '--trace', '--fit', '--data', '--cov', '--report') -contains $previous) {
        return [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
    }
    $chosen = if ($before.Count -gt 1) { $values["$($before[1]) $previous"] }
    if (-not $chosen -and @('--at', '--sweep', '--column', '--on-error', '--delimiter', '--comment', '--header', '--decimal', '--wrt', '--along', '--digits', '--round', '--max-operations', '--mixed', '--order', '--range', '--tangent', '--as', '--name', '--timeout', '--start', '--bounds', '--method', '--lr', '--steps', '--y', '--sigma', '--loss', '--profile', '--band', '--coverage', '--corr', '--dof', '--trials', '--seed', '--names', '--prefix', '--from', '--to', '--workers', '--cluster') -contains $previous) { return }
    if ($chosen) {
        $offered = $chosen
    } elseif ($before.Count -le 1) {
        $offered = @('grad', 'eval', 'diff', 'hess', 'jac', 'taylor', 'graph', 'explain', 'plot', 'export', 'check', 'minimize', 'fit', 'propagate', 'batch', 'functions', 'completions', 'help')
        $dashed = @('-h', '--help', '-V', '--version')
    } else {
        $offered = $words[$before[1]]
        $dashed = $flags[$before[1]]
    }
    if ($wordToComplete -like '-*') { $offered = $dashed }
    $offered | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
